"""`evse-sniff bundle`: a session to send on, without the names and numbers that identify a charger or a person."""
