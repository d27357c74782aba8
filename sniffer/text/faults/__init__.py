"""What faults mean: cards, advice, the names that others have for them, and codes that are near an unknown one."""
