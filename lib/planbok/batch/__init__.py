"""The batch: plans, the runner and what it publishes. Knows cases and results, but no topic."""
