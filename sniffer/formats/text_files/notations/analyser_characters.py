"""Bytes that the decoder of a logic analyser prints as characters, one a line, and as digits in brackets if they have
none: `uart-1: [BB]`, `uart-1: Y`.

In: a line. Out: the line with its byte as two hexadecimal digits.
"""

from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late

_LINE = compile_late(r"(?P<before>(?:\d+-\d+ )?uart-\d{1,2}:) ?(?:\[(?P<hex>[0-9A-F]{2})\]|(?P<character>[ -~]?))")
_SPACE = " "


def are_characters(lines: Sequence[str]) -> bool:
    """Return True if each line has one byte, some of them as digits in brackets, and they hold a frame of the
    charger.
    """
    from sniffer.formats.text_files.dumps.dump_form import count_frames

    found = [_LINE.fullmatch(line) for line in lines]
    if not all(found) or not any(one["hex"] for one in found if one):
        return False
    return count_frames(bytes(int(rewrite_character(line).split()[-1], 16) for line in lines)) > 0


def rewrite_character(line: str) -> str:
    """Return a line with its byte as two digits; as it is if it has none. A space may have been cut off."""
    found = _LINE.fullmatch(line)
    if found is None:
        return line
    digits = found["hex"] or f"{ord(found['character'] or _SPACE):02X}"
    return f"{found['before']} {digits}"
