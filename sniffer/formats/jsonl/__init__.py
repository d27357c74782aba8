"""JSON lines: the format of `dump --json`."""
