"""Framing of both links: bytes in, frames and noise out."""
