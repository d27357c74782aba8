"""How a frame begins on a line whose levels are turned round, as RS-232's are to a TTL adapter.

In: the bytes of a burst. Out: whether it begins as an inverted frame would. An inverted line rests low, and a receiver
at its rate waits for a falling edge: not the start bit, which is high there, but the first low after it. So its
characters are shifted and turned round, and what follows depends on the data; but a head that comes after silence is
always read as the same byte: 95 for AA and 22 for BB, computed by the model of the line.
"""

from sniffer.wire.link import COM_TO_PWR, PWR_TO_COM
from sniffer.wire.uart import SECOND, Line, Receiver


def _first_read(head: bytes) -> int:
    """The byte that is read first, after the break at rest; any byte that follows without a pause changes nothing."""
    line = Line()
    end = line.send(head + b"\x00", 9600, at=SECOND)
    return Receiver(line.inverted(), 9600).characters(end + SECOND)[1].value


INVERTED_HEADS = frozenset(_first_read(route.head) for route in (COM_TO_PWR, PWR_TO_COM))


def begins_inverted(burst: bytes) -> bool:
    """Whether a burst begins as an inverted frame would; before it may be breaks, as which the line rests."""
    rest = burst.lstrip(b"\x00")
    return bool(rest) and rest[0] in INVERTED_HEADS
