"""The faults of a report by kind, with their values and advice."""
