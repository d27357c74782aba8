"""The encoder of JSON lines: an object in, its line out.

The line is ASCII without control characters, so that a terminal shows it as text whatever stood on the wire. It has
blanks behind commas and colons, as `json.dumps` writes them: people search it with `grep '"type": "event"'`.
"""

import json
import re
from functools import lru_cache
from typing import Any

import msgspec

CHARACTERS_CACHED = 256

_NOT_SHOWN = re.compile(r"[^ -~]")
_encode = msgspec.json.Encoder().encode


def encode(entry: dict[str, Any]) -> str:
    """Return an object as one line, without a line end."""
    try:
        line = msgspec.json.format(_encode(entry), indent=0).decode()
    except (OverflowError, UnicodeEncodeError):
        # A number of more than 64 bits, or half of a surrogate pair: a backend or a log may have sent it.
        return json.dumps(entry)
    return line if line.isascii() and line.isprintable() else _NOT_SHOWN.sub(_escape, line)


@lru_cache(CHARACTERS_CACHED)
def _escape_character(character: str) -> str:
    """Return a character as an escape of JSON."""
    return json.dumps(character)[1:-1]


def _escape(found: re.Match[str]) -> str:
    return _escape_character(found[0])
