"""The core: bytes and times in, records out. No module here does I/O or reads a clock."""
