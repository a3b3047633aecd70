"""LSS money for more than one topic: prices and how measurements become the year's budget."""
