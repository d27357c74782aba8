"""Recognise frames between delimiters with escaped bytes, as a suspicion that a person can follow.

In: bytes. Out: the kind of delimiters that they seem to have. It is no proposal: heads and check are not looked for.
"""

from typing import NamedTuple

LEAST_ESCAPES = 4
"""Escapes that must be there. Each is followed by one of two bytes by accident once in 128 times."""

LEAST_ENDS = 8

LEAST_SHARE = 0.9
"""The share of the escapes that must be followed by a byte that may follow one: some are damaged."""


class DelimiterHint(NamedTuple):
    """A kind of delimiters: the byte that ends a frame, the escape, and the bytes that may follow it."""

    name: str
    end: int
    escape: int
    escaped: frozenset[int]


KINDS = (
    DelimiterHint("SLIP", 0xC0, 0xDB, frozenset({0xDC, 0xDD})),
    DelimiterHint("HDLC", 0x7E, 0x7D, frozenset({0x5E, 0x5D})),
)


def find_delimiter(data: bytes) -> DelimiterHint | None:
    """Return the kind of delimiters that these bytes seem to have; None if nothing speaks for one."""
    return next((kind for kind in KINDS if _has(data, kind)), None)


def _has(data: bytes, kind: DelimiterHint) -> bool:
    following = [data[at + 1] for at in range(len(data) - 1) if data[at] == kind.escape]
    right = sum(byte in kind.escaped for byte in following)
    is_escaped = right >= LEAST_ESCAPES and right >= LEAST_SHARE * len(following)
    return is_escaped and data.count(kind.end) >= LEAST_ENDS
