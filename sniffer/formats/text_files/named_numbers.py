"""Numbers after names in hex text, such as `baud: 9600` or `source: 7f14fe9f`: which of them are no bytes.

In: the lines of a text with their bytes. Out: the names after which frames of the charger stand. Where there are such
names, a few bytes after another name are a number. The name of a direction may have a few bytes.
"""

from collections import defaultdict
from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import names_port
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import HexLine

_NAME = compile_late(r"(?<!\w)(?!(?!dec\b)[0-9A-Fa-f]+[\"']?\s?\Z)([A-Za-z_][\w.]*)[\"']?\s?\Z")
_LONGEST_NAME = 40


def find_name(text: str) -> str:
    """Return the word before the last colon or equals sign of a text; empty without one."""
    end = max(text.rfind(":"), text.rfind("="))
    found = _NAME.search(text, max(0, end - _LONGEST_NAME), end) if end > 0 else None
    return found[1] if found else ""


def find_data_names(texts: Sequence[str], found: Sequence[HexLine | None]) -> tuple[str, ...]:
    """Return the names after which frames stand in these lines, or nothing for bytes without a name; an empty tuple if
    no line has a few bytes after another name.
    """
    from sniffer.formats.text_files.dumps.dump_form import count_frames

    if not any(one and may_be_number(one) and find_name(text) for text, one in zip(texts, found, strict=True)):
        return ()
    data = defaultdict[str, bytearray](bytearray)
    for text, one in zip(texts, found, strict=True):
        if one:
            data[find_name(text)] += one.data
    return tuple(name for name, joined in data.items() if count_frames(bytes(joined)))


def may_be_number(line: HexLine) -> bool:
    """Return True if the bytes of a line are too few for a frame, and none of a direction. A prompt is none, nor is a
    port.
    """
    return 0 < len(line.data) < FEWEST and (line.channel in ("", ">") or names_port(line.channel))
