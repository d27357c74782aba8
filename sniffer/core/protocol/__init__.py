"""The meaning of frames and log lines: protocol knowledge as data, and the codec that decodes and encodes by it."""
