"""Making reports: each in a process of its own, by papermill, past the gate."""
