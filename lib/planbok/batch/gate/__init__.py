"""What nothing passes that tells of a person or of this machine."""
