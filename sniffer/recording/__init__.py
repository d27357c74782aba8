"""Recording of a live session into capture files."""
