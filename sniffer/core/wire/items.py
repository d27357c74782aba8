"""The values that sources deliver to the core, and how the bytes of a record were received.

All values are immutable. Times are integer nanoseconds since the Unix epoch, or None if the source has none.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

MOST_TAPS = 255
"""The highest number of taps in one session."""


class LineError(StrEnum):
    """An error that the receiver of a serial line detects in a byte (termios(3), PARMRK)."""

    FRAMING = "framing"
    """The stop bit is missing."""
    PARITY = "parity"
    """The parity bit does not match the byte."""
    BREAK = "break"
    """The line was low for longer than one byte takes. The byte is read as 00."""


class LineErrorMark(NamedTuple):
    """A line error in a byte. `at` is the offset of the byte in the data that the mark belongs to, counted from 0."""

    at: int
    error: LineError


class Chunk(Struct, frozen=True, gc=False):
    """The bytes of one read, and the time when the last of them arrived.

    `tap` is the number of the tap, counted from 1, because each tap has a wire of its own. It is 0 if the session has
    only one tap. `marks` are in ascending order.
    """

    data: bytes
    time: int | None = None
    marks: tuple[LineErrorMark, ...] = ()
    tap: int = 0


Piece = tuple[bytes, int | None]
"""Bytes and their time: of one frame or one piece of noise, when its first byte arrived."""


class Chunks(Struct, frozen=True):
    """Consecutive chunks of one tap, as pieces of bytes with the time of each. A frame may go on from one to the next.

    There is at least one, and none has line errors.
    """

    pieces: Sequence[Piece]
    tap: int = 0

    @property
    def time(self) -> int | None:
        """The time of the first chunk; None if it has none."""
        return self.pieces[0][1]


class Segments(Struct, frozen=True):
    """Consecutive bytes from a saved session, already divided into frames and noise.

    All are of `tap`, or of several taps: then `taps` has the tap of each piece, and there are no `marks`. The offsets
    of `marks` count from the first byte of the first piece.
    """

    pieces: Sequence[Piece]
    marks: tuple[LineErrorMark, ...] = ()
    tap: int = 0
    taps: bytes = b""


class Tap(Struct, frozen=True):
    """The description of one of several taps, delivered before its data. `tap` counts from 1.

    `late` is the adapter's lateness: the longest time in nanoseconds for which it may hold a byte back. `late` and
    `baud` are None if they are not known.
    """

    tap: int
    name: str
    late: int | None = None
    baud: int | None = None


class TapGap(Struct, frozen=True):
    """A gap in the data of a tap: data was lost, or the tap itself. `reason` is a text for the user."""

    time: int | None
    reason: str
    tap: int = 0


class TapRestored(Struct, frozen=True):
    """The return of a tap that was lost. `how` is a text for the user that names the port."""

    time: int | None
    how: str
    tap: int = 0


class BaudChange(Struct, frozen=True):
    """A change of the rate at which a tap reads. `baud` is None if no rate fits what is received. `evidence` is a text
    for the user.
    """

    time: int | None
    baud: int | None
    evidence: str
    tap: int = 0


class LatencyBound(Struct, frozen=True):
    """A change of a tap's lateness: from now on its times may be up to `late` nanoseconds late."""

    time: int | None
    late: int
    tap: int = 0


class TapShared(Struct, frozen=True):
    """Another reader of a tap's port: bytes may be missing from here on. `holder` is a text for the user."""

    time: int | None
    holder: str
    tap: int = 0


class TapLineError(Struct, frozen=True):
    """A line error of a byte that the session does not hold. That of a byte that it holds is a `LineErrorMark`."""

    time: int | None
    error: LineError
    tap: int = 0


class LateCommand(NamedTuple):
    """A command that a recorded session found overdue. `period` and `late` are in nanoseconds.

    `route` is the name of its route, or the direction alone: which routes there are depends on the definition.
    """

    route: str
    command: int
    name: str
    period: int
    late: int


class Idle(Struct, frozen=True):
    """The passing of time on a silent tap, delivered about once a second while nothing arrives.

    A recording keeps only those that showed commands to be overdue, `overdue`, or another health of the link, with
    `shows_health`. In a live session both are empty.
    """

    time: int
    tap: int = 0
    overdue: tuple[LateCommand, ...] = ()
    shows_health: bool = False


class Order(StrEnum):
    """The evidence for the place of a record among those of other taps, if their times are too close to decide."""

    EXCHANGE = "exchange"
    """The record answers the one before it."""
    UNCERTAIN = "uncertain"
    """There is no evidence: the records are closer together than the lateness of the adapters."""


class Reception(Struct, frozen=True, gc=False):
    """The reception of a frame or a piece of noise, beyond its bytes and time.

    `tap` counts from 1 and is 0 if the session has only one tap. The offsets of `marks` count from the first byte of
    the frame or noise. `order` is None if the times decide the place of the record.
    """

    tap: int = 0
    marks: tuple[LineErrorMark, ...] = ()
    order: Order | None = None


class Note(Struct, frozen=True):
    """A note on the record of this `number`, or on the next record if `number` is None: by the user, or by a source
    whose clock was set.

    An empty `text` removes the note.
    """

    text: str
    number: int | None = None


class TapState(Struct, frozen=True):
    """The state of one tap. Values that are not known are empty or None.

    `device` is the present name of the port if it differs from the name that the user gave. `rate` is the evidence for
    `baud` if the rate was found automatically. `settings` are the line settings that the kernel reports. `late` is the
    adapter's lateness in nanoseconds. `lost` is the reason why nothing can be read now. `errors` are the driver's
    counts since the tap was opened (TIOCGICOUNT), by name: frame, parity, brk, overrun, buf_overrun. `shared_with`
    names the other programs that have the port open. `advice` says what is better opened in its place.
    """

    name: str
    baud: int | None = None
    device: str = ""
    rate: str = ""
    settings: str = ""
    late: int | None = None
    lost: str = ""
    errors: tuple[tuple[str, int], ...] = ()
    shared_with: str = ""
    advice: str = ""
