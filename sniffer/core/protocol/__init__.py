"""The meaning of frames and log lines: the protocol as data, and the codec that decodes and encodes by it."""
