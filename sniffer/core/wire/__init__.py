"""Framing: bytes in, frames and noise out, by the layout of each link."""
