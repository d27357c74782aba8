"""`evse-sniff report`: summarize a session, or compare two sessions, as text, HTML or JSON."""
