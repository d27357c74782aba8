"""What a session was like over its whole length, in bounded memory: what a timeline is drawn from."""
