"""The OCPP messages of a session's text log: calls and their results, and what they say of frames and of the clock."""
