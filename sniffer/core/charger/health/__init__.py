"""The health of the link: whether the boards are heard, and how fresh what they said is."""
