"""Payloads that are more than a row of fields: their parts, how these are read and written, and stated in files."""
