"""The values that cross the wire layer: chunks in, frames and noise out.

All are frozen. Times are integer nanoseconds since the Unix epoch, or None where the source has none: integers add
up exactly and hold every resolution that a capture can have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sniffer.core.wire.links import CRC_SIZE, Direction, Link, Route

MOST_TAPS = 255
"""A session has no more."""


class Reason(StrEnum):
    """Why bytes are noise (contract.md, `dump --json`)."""

    CRC = "crc"
    """The shape of a frame, but the CRC is wrong."""
    TRUNCATED = "truncated"
    """A frame that never ended: the next good frame, silence or the end of the source came first."""
    GARBAGE = "garbage"
    """Anything else."""


class Order(StrEnum):
    """What tells the place of a record among those of another tap, where the times of both do not."""

    EXCHANGE = "exchange"
    """It answers the one before it."""
    UNCERTAIN = "uncertain"
    """Nothing does: they came closer together than the adapters can tell."""


class LineError(StrEnum):
    """What the receiver of a serial line finds wrong with a byte (termios(3), PARMRK)."""

    FRAMING = "framing"
    """No stop bit where one belongs."""
    PARITY = "parity"
    BREAK = "break"
    """The line was low for longer than a byte takes; it is read as 00."""


class LineErrorMark(NamedTuple):
    """A byte that the receiver found an error in; `at` counts from the first byte of what it comes with."""

    at: int
    error: LineError


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one read of a source gave: bytes, and when the last of them arrived.

    `tap` tells the taps of one session apart, counted from 1: each has a wire of its own. It is 0 where there is only
    one. `marks` ascend.
    """

    data: bytes
    time: int | None = None
    marks: tuple[LineErrorMark, ...] = ()
    tap: int = 0


Piece = tuple[bytes, int | None]
"""One frame, or one piece of noise, and when the first byte of it arrived."""


@dataclass(frozen=True, slots=True)
class Segments:
    """What a saved session holds of one tap, in order: bytes that were told apart before.

    `marks` count from the first byte of the first piece.
    """

    pieces: Sequence[Piece]
    marks: tuple[LineErrorMark, ...] = ()
    tap: int = 0


@dataclass(frozen=True, slots=True)
class Tap:
    """One of several taps, told before anything else of it is; `tap` counts from 1.

    `late` is by how many nanoseconds its adapter may hand a byte over late; None where nobody knows.
    """

    tap: int
    name: str
    late: int | None = None
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class TapGap:
    """A tap lost data, or was lost itself, and says why."""

    time: int | None
    reason: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class TapRestored:
    """A tap that was lost is there again; `how` tells where, for people."""

    time: int | None
    how: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class BaudChange:
    """From here on a tap reads at this rate; None: no rate fits what is heard. `evidence` is for people."""

    time: int | None
    baud: int | None
    evidence: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class LatencyBound:
    """From here on a tap's times may be late by so many nanoseconds, as its adapter holds bytes back."""

    time: int | None
    late: int
    tap: int = 0


@dataclass(frozen=True, slots=True, init=False)
class Frame:
    """One frame with a valid CRC, kept as it was read; its parts are views of `raw`.

    `time` is that of its first byte. It fills its slots itself: a frozen dataclass's own `__init__` takes twice as
    long, and one is made for every frame (tests/benchmarks).
    """

    route: Route
    time: int | None
    raw: bytes

    def __init__(self, route: Route, time: int | None, raw: bytes) -> None:
        _set_route(self, route)
        _set_time(self, time)
        _set_raw(self, raw)

    @property
    def link(self) -> Link:
        return self.route.link

    @property
    def direction(self) -> Direction | None:
        return self.route.direction

    @property
    def sequence(self) -> int:
        at = self.route.link.sequence_at
        return self.raw[at] << 8 | self.raw[at + 1]

    @property
    def command(self) -> int:
        link = self.route.link
        return int.from_bytes(self.raw[link.command_at : link.command_at + link.command_size], "big")

    @property
    def payload(self) -> bytes:
        return self.raw[self.route.link.payload_at : -CRC_SIZE]


_set_route, _set_time, _set_raw = (vars(Frame)[name].__set__ for name in ("route", "time", "raw"))


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are in no frame, in one piece, with the reason."""

    reason: Reason
    time: int | None
    raw: bytes


class Reception(NamedTuple):
    """How a frame or a piece of noise was heard, where more is to be told than its bytes.

    `tap` counts from 1, and is 0 where there is only one. `marks` count from its first byte.
    """

    tap: int = 0
    marks: tuple[LineErrorMark, ...] = ()
    order: Order | None = None
