"""A note of the user, on its way from a saved session.

MERGED:
What is known of a tap at this moment, for whoever shows it: a value, replaced as a whole when something changes.
"""

from dataclasses import dataclass


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
