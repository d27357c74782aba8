"""The fast path of the reader of JSON lines: frames and noise of a tap, as nearly all objects of a session are.

In: a line. Out: the bytes, their time and their tap, exactly as `sniffer.formats.jsonl.reader` reads them. None for any
other line: that module then reads it, or reports what is wrong with it. Keys whose values the session concludes again
are skipped without being decoded.
"""

from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import UNSET, DecodeError, Struct
from msgspec.json import Decoder

from sniffer.base.times import nanoseconds_of
from sniffer.core.wire.items import MOST_TAPS, Piece

SECONDS_CACHED = 256
_FRACTION = slice(20, 26)
_FRACTION_DIGITS = 6
_SECOND = 19
"""The number of characters of a time up to its second."""


class PlainBytes(NamedTuple):
    """Bytes of a tap, with the time of the first one. `tap` is 0 if the session has one tap only."""

    piece: Piece
    tap: int


class _Object(Struct):
    """The keys of a frame or of noise that matter. Those that are unset in a plain one only show that it is none."""

    type: Literal["frame", "noise"]
    raw: str
    time: str | None = None
    tap: int = 0
    process: object = UNSET
    note: object = UNSET
    line_errors: object = UNSET


_decode = Decoder(_Object).decode


def parse_plain(line: bytes) -> PlainBytes | None:
    """Return the bytes on a line; None if it is anything else than a plain frame or noise of a tap."""
    # Keys that are passed over may hold bytes that are no text.
    if not line.isascii():
        return None
    try:
        found = _decode(line)
        raw, time = bytes.fromhex(found.raw), None if found.time is None else _parse_time(found.time)
    except (DecodeError, ValueError, RecursionError):
        return None
    is_plain = found.process is UNSET and found.note is UNSET and found.line_errors is UNSET
    if not raw or not is_plain or not 0 <= found.tap <= MOST_TAPS:
        return None
    return PlainBytes((raw, time), found.tap)


def _parse_time(text: str) -> int:
    """Return a time in ISO 8601 in nanoseconds.

    Raises `ValueError` if it has no zone, not six digits after its second, or is explained by damage only.
    """
    fraction = text[_FRACTION]
    if text[_SECOND : _SECOND + 1] != "." or len(fraction) != _FRACTION_DIGITS or not _is_number(fraction):
        raise ValueError("the time is printed in another way")
    return _parse_second(text[:_SECOND], text[_FRACTION.stop :]) + int(fraction) * 1000


def _is_number(text: str) -> bool:
    return text.isdigit() and text.isascii()


@lru_cache(SECONDS_CACHED)
def _parse_second(second: str, zone: str) -> int:
    """Return the time of a whole second, as many objects share theirs."""
    moment = datetime.fromisoformat(f"{second}.000000{zone}")
    time = None if moment.tzinfo is None else nanoseconds_of(moment)
    if time is None:
        raise ValueError("the time has no zone, or is explained by damage only")
    return time
