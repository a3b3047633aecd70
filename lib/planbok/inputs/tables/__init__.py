"""Input tables: reading, specifications, checks."""
