"""`evse-sniff dump`: the records of a session as lines, coloured or as JSON, to a reader that may be slow."""
