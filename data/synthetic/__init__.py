"""The generators of `data/sample`, a module for each table or two."""
