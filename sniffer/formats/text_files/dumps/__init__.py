"""Dumps of bytes with and without offsets: their form, their rows, and the numbers in them."""
