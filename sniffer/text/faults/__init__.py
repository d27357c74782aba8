"""The meaning of faults: cards, advice, the names that others have for them, and codes near an unknown one."""
