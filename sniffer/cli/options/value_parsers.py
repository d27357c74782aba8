"""Parsers of the values of options, for `type=` of argparse. Each raises `ArgumentTypeError` for a text it refuses."""

import argparse
import re
from collections.abc import Callable

SIZE_UNITS = {"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
"""The bytes in a unit of size."""


def parse_rate(text: str) -> int | None:
    """Return a baud rate, or None for `auto`. Raises `ArgumentTypeError`."""
    if text == "auto":
        return None
    if not text.lstrip("-").isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is neither a whole number nor auto")
    return int(number_parser(int)(text))


def parse_seconds(text: str) -> float:
    """Return a time in seconds, which may be 0. Raises `ArgumentTypeError`."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a time in seconds: write one such as 2.5")
    return number


def parse_size(text: str) -> int:
    """Return a size in bytes: `500MB`, `1GB`, `1.5 GB`, or a number of bytes."""
    found = re.fullmatch(r"([0-9.]+) *([kMGT]?)B?", text, re.IGNORECASE)
    try:
        size = round(float(found[1]) * SIZE_UNITS[found[2].upper()]) if found else 0
    except ValueError:
        size = 0
    if size <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a size: write one such as 500MB or 1GB")
    return size


def number_parser(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    """Return a parser of numbers above zero, for `type=` of an option. It raises `ArgumentTypeError`."""

    def convert(text: str) -> int | float:
        try:
            number = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text} is not a {'whole ' if kind is int else ''}number") from None
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} must be greater than zero")
        return number

    return convert
