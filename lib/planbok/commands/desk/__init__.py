"""JupyterLab and the dashboard as planbok starts them."""
