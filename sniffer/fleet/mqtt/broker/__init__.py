"""The broker: its address, how a bench logs in, one connection, and what may be wrong with it."""
