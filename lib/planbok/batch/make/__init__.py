"""Making reports: in processes of their own, by papermill, past the gate."""
