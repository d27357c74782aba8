"""What the framer's tests say to it and how its answer reads: `("frame", bytes)` or `(reason, bytes)` for each item."""

from collections.abc import Iterable

from sniffer.wire.frame import Frame, Noise
from sniffer.wire.framer import Framer

Said = tuple[str, bytes]


def said(items: Iterable[Frame | Noise]) -> list[Said]:
    return [("frame" if isinstance(item, Frame) else item.reason.value, item.raw) for item in items]


def listen(*reads: bytes) -> list[Said]:
    """What a new framer says to these reads and to the end of the source."""
    framer = Framer()
    items = [item for read in reads for item in framer.feed(read)]
    return said(items + framer.flush())


def frames_in(items: Iterable[Said]) -> list[bytes]:
    return [raw for kind, raw in items if kind == "frame"]


def joined(items: Iterable[Said]) -> bytes:
    return b"".join(raw for _, raw in items)


def byte_by_byte(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]
