"""Frames that were decoded ahead: the core makes of them what it makes of their bytes."""

import pytest

from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.decoded_frames import DecodedFrames
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.items import Segments, Tap, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from tests.benchmarks.equipment.traffic import charging_frames

DEFINITION = packaged_definition()
CODEC = Codec(DEFINITION)
FRAMES = charging_frames(60)
APART = 20_000_000


def frames(taps: list[int]) -> DecodedFrames:
    """Return frames that were received at these taps, in turn."""
    found = [
        Frame(COM_TO_PWR if raw[0] == COM_TO_PWR.head[0] else PWR_TO_COM, APART * at, raw)
        for at, raw in enumerate(FRAMES)
    ]
    of_taps = bytes(taps[at % len(taps)] for at in range(len(found)))
    return DecodedFrames([*map(CODEC.decode, found)], of_taps, sum(map(len, FRAMES)))


@pytest.mark.parametrize("taps", [[0], [1], [1, 2], [2, 2, 1]])
def test_records_events_and_state_are_those_of_the_bytes(taps: list[int]) -> None:
    decoded = frames(taps)
    before: list[SourceItem] = [Tap(1, "a"), Tap(2, "b"), TapGap(0, "unplugged", taps[0])]
    plain, ahead = Pipeline(DEFINITION), Pipeline(DEFINITION)
    pieces = [
        Segments([(message.frame.raw, message.frame.time)], (), tap)
        for message, tap in zip(decoded.messages, decoded.taps, strict=True)
    ]
    expected = [record for item in [*before, *pieces] for record in plain.feed(item)]
    assert [record for item in [*before, decoded] for record in ahead.feed(item)] == expected
    assert ahead.snapshot() == plain.snapshot()


def test_the_time_is_that_of_the_first_frame() -> None:
    assert frames([0]).time == 0
    message = CODEC.decode(Frame(COM_TO_PWR, None, FRAMES[0]))
    assert DecodedFrames([message], b"\0", 1).time is None
