"""The repetitions of tests of chance: some in every run, and many with THOROUGH=1 (CONTRIBUTING.md)."""

import os

IS_THOROUGH = os.environ.get("THOROUGH") == "1"


def repetitions(usual: int, thorough: int) -> int:
    """Return how often a test is repeated in this run."""
    return thorough if IS_THOROUGH else usual
