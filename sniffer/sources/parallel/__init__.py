"""Decode a large capture by two processes."""
