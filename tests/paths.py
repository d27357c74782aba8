"""Folders of the checkout that tests read from."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
CAPTURES = ROOT / "captures"
