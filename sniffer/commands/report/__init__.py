"""`evse-sniff report`: the summary of a session, or of two compared, as text, HTML and JSON."""
