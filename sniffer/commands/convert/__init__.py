"""`evse-sniff convert`: a saved session from one format to another."""
