"""Find the framing of an unknown protocol in its bytes: heads, length and check."""
