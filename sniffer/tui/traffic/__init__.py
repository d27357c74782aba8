"""The traffic list: all records as rows."""
