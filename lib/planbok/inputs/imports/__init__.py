"""From other systems' files to planbok's tables."""
