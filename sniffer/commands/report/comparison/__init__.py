"""Compare two sessions: what both have in common, what differs, and the comparison in each form of a report."""
