"""Phrases that contain a number, in one form for every output."""


def format_count(count: int, singular: str, plural: str = "") -> str:
    """Return the number with its noun: `1 row`, `1,200 rows`, `2 pieces of noise`.

    Without a `plural`, an `s` is added to the part of `singular` before ` of `.
    """
    noun, of, rest = singular.partition(" of ")
    return f"{count:,} {singular if count == 1 else plural or f'{noun}s{of}{rest}'}"


def format_times(count: int) -> str:
    """Return a number of times in words: `once`, `2 times`."""
    return "once" if count == 1 else f"{count:,} times"
