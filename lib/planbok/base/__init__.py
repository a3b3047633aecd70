"""What all stand on: errors, numbers, periods, what looks like a person, where files are."""
