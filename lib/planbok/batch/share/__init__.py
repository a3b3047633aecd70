"""What is published, kept and handed out of a run."""
