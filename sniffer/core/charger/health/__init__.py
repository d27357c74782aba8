"""The health of the link: which boards are received, and how fresh their reports are."""
