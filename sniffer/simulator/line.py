"""The simulated line: what goes over it, and how long that takes.

A `Step` is one piece of traffic without a date: how long the line was silent before it, and its bytes. Both directions
share the line, as they share the tap's wire. Times are integer nanoseconds, so that they add up exactly for ever.
"""

from dataclasses import dataclass

from sniffer.errors import SourceError
from sniffer.wire.framer import BITS_PER_BYTE, NANOSECONDS

MILLISECOND = NANOSECONDS // 1000


@dataclass(frozen=True, slots=True)
class Step:
    """Silence in nanoseconds since the last byte before it, then bytes without a pause between them."""

    silence: int
    data: bytes


def byte_time(baud: int) -> int:
    """How long one byte takes on the line, in nanoseconds, at `baud` bits a second.

    Raises `SourceError` for a rate that no line can have.
    """
    if not 0 < baud <= NANOSECONDS:
        raise SourceError(f"{baud} is no baud rate: give the bits per second of a line, such as 9600 or 115200")
    return BITS_PER_BYTE * NANOSECONDS // baud
