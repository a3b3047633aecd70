"""What is kept of runs, and the copies that are handed out."""
