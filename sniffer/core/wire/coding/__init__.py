"""Codings of the content of a frame: between delimiters, escaped, stuffed, as digits, or with a number added."""
