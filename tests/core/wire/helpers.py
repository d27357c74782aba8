"""Helpers for the tests of the framer: its results as pairs, a reference framer, and random streams.

A pair is `("frame", bytes)` or `(reason, bytes)`. The reference framer follows the rules over the whole data at once.
It is slow and shares no code with the framer: a frame is the leftmost candidate with a valid CRC, then the leftmost
after it; the bytes between are classified by the length that they claim. The streams hold frames of both links,
damaged frames and noise, divided into reads in random places.
"""

from collections.abc import Iterable
from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from sniffer.core.wire.crc import crc16
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import DBUS, PWRBOARD
from tests.known_frames import KNOWN_FRAMES

ItemPair = tuple[str, bytes]


def to_pairs(items: Iterable[Frame | Noise]) -> list[ItemPair]:
    return [("frame" if isinstance(item, Frame) else item.reason.value, item.raw) for item in items]


def frame_reads(*reads: bytes) -> list[ItemPair]:
    """Return the results of a new framer for these reads and the end of the source."""
    framer = Framer()
    items = [item for read in reads for item in framer.feed(read)]
    return to_pairs(items + framer.flush())


def feed_whole(framer: Framer, data: bytes) -> list[Frame | Noise]:
    """Return the results of a framer for one read and the end of the source."""
    return [*framer.feed(data), *framer.flush()]


def feed_in_pieces(framer: Framer, data: bytes, chance: Random) -> list[Frame | Noise]:
    """Return the results of a framer for reads of 1 to 9 bytes and the end of the source."""
    found, at = list[Frame | Noise](), 0
    while at < len(data):
        size = chance.randint(1, 9)
        found += framer.feed(data[at : at + size])
        at += size
    return [*found, *framer.flush()]


def raw_frames(items: Iterable[Frame | Noise]) -> list[bytes]:
    return [item.raw for item in items if isinstance(item, Frame)]


def frames_in(items: Iterable[ItemPair]) -> list[bytes]:
    return [raw for kind, raw in items if kind == "frame"]


def join_raw(items: Iterable[ItemPair]) -> bytes:
    return b"".join(raw for _, raw in items)


def byte_by_byte(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


MAX_GARBAGE = 256


def claimed_size(data: bytes, at: int) -> int | None:
    """Return the size that the frame at this offset claims; None without a head or with an impossible length.

    If the length is missing, the size is larger than the data.
    """
    if data[at] in (0xAA, 0xBB):
        length = data[at + 4 : at + 5]
        return 7 + length[0] if length else len(data) + 1
    if data[at : at + 3] == b"\xff\x6a\xa6":
        length = data[at + 5 : at + 7]
        if len(length) < 2:
            return len(data) + 1
        counted = length[0] * 256 + length[1]
        return 7 + counted if counted >= 4 else None
    return None


def frame_at(data: bytes, at: int) -> bytes | None:
    size = claimed_size(data, at)
    if size is None or at + size > len(data):
        return None
    raw = data[at : at + size]
    checked = raw[3:-2] if raw[0] == 0xFF else raw[:-2]
    return raw if crc16(checked) == raw[-2] * 256 + raw[-1] else None


def is_head(data: bytes, at: int) -> bool:
    return data[at] in (0xAA, 0xBB) or data[at : at + 3] == b"\xff\x6a\xa6"


def noise_in(gap: bytes) -> list[ItemPair]:
    pairs: list[ItemPair] = []
    at = 0
    while at < len(gap):
        size = claimed_size(gap, at)
        if size is None:
            # An impossible length stays with its head, so that the piece alone shows why it is noise.
            reason, end = "garbage", min(len(gap), at + (7 if is_head(gap, at) else 1))
            while end < len(gap) and end - at < MAX_GARBAGE and not is_head(gap, end):
                end += 1
        elif at + size > len(gap):
            reason, end = "truncated", len(gap)
        else:
            reason, end = "crc", at + size
        pairs.append((reason, gap[at:end]))
        at = end
    return pairs


def items_in(data: bytes) -> list[ItemPair]:
    pairs: list[ItemPair] = []
    released = at = 0
    while at < len(data):
        raw = frame_at(data, at)
        if raw is None:
            at += 1
            continue
        pairs += [*noise_in(data[released:at]), ("frame", raw)]
        released = at = at + len(raw)
    return pairs + noise_in(data[released:])


PWRBOARD_HEADS = (b"\xaa", b"\xbb")
DBUS_HEAD = b"\xff\x6a\xa6"

CALM_BYTES = [byte for byte in range(256) if byte not in (0xAA, 0xBB, 0xFF)]

CALM = st.lists(st.sampled_from(CALM_BYTES), max_size=24).map(bytes)
"""Garbage without the first byte of any head."""

HEADY = st.lists(
    st.sampled_from(
        [b"\xaa", b"\xbb", b"\xff", b"\x6a", b"\xa6", DBUS_HEAD, b"\x00", b"\x01", b"\x04", b"\x09", b"\x40"]
    ),
    max_size=24,
).map(b"".join)
"""Bytes of few values, so that heads with short and with long lengths are frequent."""

SEQUENCES = st.one_of(st.sampled_from([0x0000, 0xAABB, 0xDDDD, 0xFFFF, 0xFF6A]), st.integers(0, 0xFFFF))


def pwrboard_frames(payloads: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(PWRBOARD.build, st.sampled_from(PWRBOARD_HEADS), SEQUENCES, st.integers(0, 0xFF), payloads)


def dbus_frames(payloads: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(DBUS.build, st.just(DBUS_HEAD), SEQUENCES, st.integers(0, 0xFFFF), payloads)


def frames_around(payloads: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return pwrboard_frames(payloads) | dbus_frames(payloads)


PLAIN_FRAMES = st.sampled_from([known.raw for known in KNOWN_FRAMES]) | frames_around(HEADY | st.binary(max_size=20))
FRAMES = PLAIN_FRAMES | frames_around(
    st.lists(PLAIN_FRAMES | HEADY, max_size=2).map(lambda parts: b"".join(parts)[:255])
)
"""Valid frames, some with whole frames in their payload."""


@st.composite
def damaged_frames(draw: st.DrawFn) -> bytes:
    """Return a frame with a flipped bit, a lost or doubled byte, or a cut."""
    raw = bytearray(draw(FRAMES))
    at = draw(st.integers(0, len(raw) - 1))
    match draw(st.sampled_from(["flip", "lose", "cut", "behead", "double"])):
        case "flip":
            raw[at] ^= 1 << draw(st.integers(0, 7))
        case "lose":
            del raw[at]
        case "cut":
            del raw[at:]
        case "behead":
            del raw[:at]
        case "double":
            raw.insert(at, raw[at])
    return bytes(raw)


def false_pwrboard_head(head: bytes, between: bytes, payload: int) -> bytes:
    return head + between + bytes([payload])


def false_dbus_head(between: bytes, length: int) -> bytes:
    return DBUS_HEAD + between + length.to_bytes(2, "big")


FALSE_HEADS = st.builds(
    false_pwrboard_head, st.sampled_from(PWRBOARD_HEADS), st.binary(min_size=3, max_size=3), st.integers(0, 255)
) | st.builds(false_dbus_head, st.binary(min_size=2, max_size=2), st.integers(0, 300))
"""A head and a length that claim the bytes that happen to follow."""

RUNS = st.builds(
    lambda unit, count: unit * count,
    st.sampled_from([b"\xaa", b"\xbb", b"\xff", DBUS_HEAD, b"\x00"]),
    st.integers(1, 300),
)

DAMAGE = st.one_of(CALM, HEADY, damaged_frames(), FALSE_HEADS, RUNS)

STREAMS = st.one_of(
    st.lists(FRAMES | DAMAGE, max_size=8).map(b"".join),
    st.lists(FALSE_HEADS | PLAIN_FRAMES | HEADY, max_size=12).map(b"".join),
    st.binary(max_size=400),
)


def cut(stream: bytes, at: list[int]) -> list[bytes]:
    """Divide the stream into reads at these offsets. The same offset twice makes an empty read."""
    return [stream[begin:end] for begin, end in pairwise([0, *sorted(at), len(stream)])]


@st.composite
def reads_of(draw: st.DrawFn, streams: st.SearchStrategy[bytes] = STREAMS) -> list[bytes]:
    stream = draw(streams)
    if draw(st.sampled_from(["cuts", "cuts", "steps"])) == "cuts":
        return cut(stream, draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    step = draw(st.integers(1, 9))
    return cut(stream, list(range(step, len(stream), step)))
