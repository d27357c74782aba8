"""Payloads that are more than a row of fields: their parts, and how these are read, written and stated in files."""
