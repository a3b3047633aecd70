"""A whole run of a plan: what need not be made again, what is made, and its publication in one step."""
