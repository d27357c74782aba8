"""Saved sessions wherever they are: a file, a stream, a file that grows, an archive, several parts of one session."""
