"""Notations of bytes other than two hexadecimal digits each."""
