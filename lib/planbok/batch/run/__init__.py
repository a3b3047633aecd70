"""Making the reports: processes, papermill, kernels."""
