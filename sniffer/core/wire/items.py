"""The values that cross the wire layer beside frames and noise: what sources give, and how bytes were received.

All are immutable. Times are integer nanoseconds since the Unix epoch, or None if the source has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MOST_TAPS = 255
"""A session has no more."""


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


class Order(StrEnum):
    """What tells the place of a record among those of another tap, where the times of both do not."""

    EXCHANGE = "exchange"
    """It answers the one before it."""
    UNCERTAIN = "uncertain"
    """Nothing does: they came closer together than the adapters can tell."""


class Reception(NamedTuple):
    """How a frame or a piece of noise was heard, where more is to be told than its bytes.

    `tap` counts from 1, and is 0 where there is only one. `marks` count from its first byte.
    """

    tap: int = 0
    marks: tuple[LineErrorMark, ...] = ()
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What the user noted at a record: that of `number`, or where it is None, the next one that comes.

    An empty text takes away what was noted there.
    """

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TapState:
    """One tap. What is not known is empty, or None.

    `device` is what the port is called now, where that is another name than the one that was asked for. `rate` is the
    evidence for `baud` where it was found by trying. `settings` is what the kernel says the port is set to. `late` is
    by how many nanoseconds the adapter may hand a byte over late. `lost` is why nothing can be read now. `errors` are
    the driver's own counts since the tap was opened (TIOCGICOUNT), by their names: frame, parity, brk, overrun,
    buf_overrun.
    """

    name: str
    baud: int | None = None
    device: str = ""
    rate: str = ""
    settings: str = ""
    late: int | None = None
    lost: str = ""
    errors: tuple[tuple[str, int], ...] = ()
