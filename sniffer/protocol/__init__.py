"""What frames and log lines mean: protocol knowledge as data, and the codec that decodes and encodes by it."""
