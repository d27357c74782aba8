"""The forms in which other programs carry the lines of a text."""
