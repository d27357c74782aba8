"""`check`: what of a session differs from sessions that are known to be good, for the end test of a production line."""
