"""Live sessions, saved as captures while they happen."""
