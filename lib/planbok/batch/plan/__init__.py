"""What is to be made: plans, their calendar and what must hold before anything runs."""
