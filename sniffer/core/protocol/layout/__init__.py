"""Payloads that are more than a row of fields: their parts, and how parts are read, written and stated in files."""
