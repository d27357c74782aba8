"""Bytes in, frames and noise out: the framing of both links, without I/O and without a clock."""
