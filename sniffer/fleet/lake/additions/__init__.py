"""Adding captures to a lake: what is new among them, and its work on many processes or machines."""
