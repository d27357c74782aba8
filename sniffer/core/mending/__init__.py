"""Photographed logs: frames and words that text recognition printed wrongly, mended by CRC and by known lines."""
