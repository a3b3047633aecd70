"""From the whole result to what an audience may see."""
