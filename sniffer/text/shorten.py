"""Shorter summaries of frames, for lists that are too narrow for the whole ones.

In: a summary and a width. Out: the same facts in fewer characters: units once, no decimals of large values, `C1` for
`connector 1`, and no values that say that there is no error. A step is taken only if the text is still too long.
"""

from collections.abc import Callable

from sniffer.base.late_pattern import compile_late

LARGE = 10
"""From this value on, decimals are dropped."""

_SEPARATOR = ", "
_VALUE = compile_late(r"(?P<name>.*?)(?P<number>-?\d+(?:\.\d+)?) (?P<unit>V|A|W|°C)(?P<rest>(?:  .*)?)")
_CONNECTOR = compile_late(r"\bconnector (\d+)\b(?! °C)")
_NO_ERRORS = compile_late(r", NoError\b|, M4 0\b")


def shorten_summary(text: str, width: int) -> str:
    """Return a summary of at most `width` characters if the steps suffice; else the shortest one."""
    for step in _STEPS:
        if len(text) <= width:
            break
        text = step(text)
    return text


def _join_units(text: str) -> str:
    """Return the text with each unit after the last of several values, and without decimals that nobody needs."""
    parts = text.split(_SEPARATOR)
    found = [_VALUE.fullmatch(part) for part in parts]
    for place, value in enumerate(found):
        if value is None:
            continue
        following = found[place + 1] if place + 1 < len(found) else None
        is_last = following is None or following["unit"] != value["unit"]
        unit = f" {value['unit']}" if is_last else ""
        parts[place] = f"{value['name']}{_round(value['number'])}{unit}{value['rest']}"
    return _SEPARATOR.join(parts)


def _round(number: str) -> str:
    """Return a number without decimals from `LARGE` on, and others as they are."""
    return f"{float(number):.0f}" if abs(float(number)) >= LARGE else number


def _shorten_connector(text: str) -> str:
    return _CONNECTOR.sub(r"C\1", text, count=1)


def _drop_no_errors(text: str) -> str:
    return _NO_ERRORS.sub("", text)


_STEPS: tuple[Callable[[str], str], ...] = (_join_units, _shorten_connector, _drop_no_errors)
"""The steps, the one that loses least first."""
