"""New group homes."""
