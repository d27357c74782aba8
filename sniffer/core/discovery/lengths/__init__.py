"""Find the length of frames."""
