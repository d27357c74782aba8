"""Find what says how long frames are."""
