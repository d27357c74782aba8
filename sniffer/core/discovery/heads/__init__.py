"""Find the first bytes of frames, and where they begin."""
