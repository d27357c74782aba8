"""What other programs made of the lines of a text."""
