"""A question as dated changes: their form, their files, their references."""
