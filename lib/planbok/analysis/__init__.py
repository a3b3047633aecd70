"""Questions asked of any topic's figures: what explains a difference, what would close a gap, how sure is it."""
