"""Each decision of the tool about a source is printed in words: events of its taps, and how it is read."""

import pytest

from sniffer.commands.reading_decisions import DecisionSink, describe_source
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import BaudChange, Chunk, LatencyBound, TapGap, TapRestored, TapShared
from sniffer.sources.open import open_source
from tests.commands.convert.helpers import DEFINITION
from tests.known_frames import KNOWN_FRAMES
from tests.paths import CAPTURES
from tests.sources.helpers import FakeTap


def explained(*items) -> list[str]:
    lines: list[str] = []
    sink, pipeline = DecisionSink(DEFINITION, lines.append), Pipeline(DEFINITION)
    for item in items:
        sink.receive(pipeline.feed(item))
    return lines


def test_each_event_of_a_tap_is_explained() -> None:
    lines = explained(
        BaudChange(1, 9600, "9600: 1 of 1 frames valid"),
        LatencyBound(2, 16_000_000),
        TapShared(3, "picocom"),
        TapGap(4, "unplugged"),
        TapRestored(5, "found as /dev/ttyUSB1"),
    )
    assert [line.partition(": ")[0] for line in lines] == [f"record {number}" for number in range(1, 6)]
    for line, part in zip(lines, ["9600 baud: ", "16", "picocom", "unplugged", "/dev/ttyUSB1"], strict=True):
        assert part in line


def test_frames_and_their_events_are_not() -> None:
    assert explained(*(Chunk(known.raw, at) for at, known in enumerate(KNOWN_FRAMES))) == []


@pytest.mark.parametrize(
    ("name", "about"),
    [
        (str(CAPTURES / "charging.pcapng"), "a capture, read to its end"),
        (str(CAPTURES / "undervoltage.log"), "a text log, read to its end"),
        ("demo", "the simulated charger, live, 115200 baud"),
    ],
)
def test_a_source_is_described(name: str, about: str) -> None:
    assert describe_source(open_source(name)) == f"{name}: {about}"


def test_a_tap_whose_rate_is_not_known_is_described() -> None:
    tap = FakeTap("tap", None)
    assert describe_source(tap) == f"tap: {tap.about}, live, the rate is found by valid frames"
