"""The archive of a session."""
