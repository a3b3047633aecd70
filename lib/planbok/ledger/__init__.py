"""The one budget engine: leaf by side by month, under a scenario."""
