"""`evse-sniff explain`: the meaning of a code, a name, a frame, a log line or a message of a backend."""
