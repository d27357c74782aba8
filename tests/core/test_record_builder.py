"""Records are the same, whether they are built one by one or together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.message import Message
from sniffer.core.record_builder import RecordBuilder
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineError, LineErrorMark, Order, Reception, TapGap
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT

LATE = 16_000_000
INVERTED = b"\x00\x95\x57\xa7"
RAWS = [STATUS_REPORT.raw, b"\0\0", b"\x55\x44", INVERTED, *(known.raw for known in KNOWN_FRAMES)]
MARK = (LineErrorMark(0, LineError.FRAMING),)


def decode(raw: bytes, time: int | None) -> Message | Noise:
    """Return the message of a frame, or the noise that these bytes are."""
    frame = Framer().parse_whole(raw, time)
    return Codec(DEFINITION).decode(frame) if frame else Noise(Reason.GARBAGE, time, raw)


def builder(*taps: int) -> RecordBuilder:
    charger = Charger(DEFINITION)
    charger.apply_tap(TapGap(0, "unplugged"))
    found = RecordBuilder(charger)
    for tap in taps:
        found.add_tap(tap, f"tap {tap}")
        found.set_lateness(tap, LATE)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(RAWS), st.integers(1, 2), st.booleans()), max_size=60))
def test_of_several_taps(received: list[tuple[bytes, int, bool]]) -> None:
    messages = [decode(raw, 5_000_000 * at if is_timed else None) for at, (raw, _, is_timed) in enumerate(received)]
    taps = [tap for _, tap, _ in received]
    one, all_at_once = builder(1, 2), builder(1, 2)
    alone = [one.build(tap, message, ()) for message, tap in zip(messages, taps, strict=True)]
    assert all_at_once.build_of_taps(messages, taps) == alone
    assert all_at_once.count == one.count == len(received)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.sampled_from(RAWS), min_size=1, max_size=3), st.integers(1, 60)), max_size=8),
    st.integers(1, 200),
    st.sampled_from([5 * MILLISECOND, SECOND]),
)
def test_of_a_single_tap(turns: list[tuple[list[bytes], int]], size: int, apart: int) -> None:
    raws = [raw for turn, times in turns for raw in times * turn]
    messages = [decode(raw, apart * at) for at, raw in enumerate(raws)]
    one, parts = builder(), builder()
    alone = [one.build(0, message, ()) for message in messages]
    built = [record for at in range(0, len(raws), size) for record in parts.build_single(messages[at : at + size])]
    assert built == alone


def test_a_record_says_how_it_was_received() -> None:
    found = builder(1, 2)
    first = found.build(1, decode(STATUS_REPORT.raw, 1_000_000), MARK)
    second = found.build(2, decode(RAWS[3], 2_000_000), ())
    assert first.reception == Reception(1, MARK, None)
    assert second.reception == Reception(2, (), Order.UNCERTAIN)


def test_an_event_has_a_record_of_its_own() -> None:
    found = builder(1)
    lost = SourceLost(5, "unplugged", 1)
    record = found.build_event(1, (lost,))
    assert (record.number, record.item, record.events, record.reception) == (1, None, (lost,), Reception(1))
