"""One unit, one year, one scenario, and the shape of what is answered about it."""
