"""Find frames by their checks alone, and divide pairs of them."""
