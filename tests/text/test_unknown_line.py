"""A line without known frames is described: given these bytes, this text."""

import random

import pytest

from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk, LineError, LineErrorMark
from sniffer.text.unknown_line import LEAST_BYTES, describe_unknown_line, format_search_hint
from tests.known_frames import KNOWN_FRAMES


def snapshot_after(data: bytes, marks: tuple[LineErrorMark, ...] = ()) -> Snapshot:
    pipeline = Pipeline(packaged_definition())
    pipeline.feed(Chunk(data, 1, marks))
    pipeline.flush()
    return pipeline.snapshot()


def unknown(size: int) -> bytes:
    """Return bytes that hold no frame."""
    return bytes(random.Random(1).choices(range(0x40), k=size))


@pytest.mark.parametrize(
    ("size", "rate", "text"),
    [
        (LEAST_BYTES, None, "no known frames in 1,000 bytes"),
        (40_500, 9600, "no known frames in 40 kB at 9600"),
        (LEAST_BYTES - 1, 9600, ""),
    ],
)
def test_many_bytes_without_a_frame_are_an_unknown_line(size: int, rate: int | None, text: str) -> None:
    assert describe_unknown_line(snapshot_after(unknown(size)), rate) == text


def test_one_frame_makes_the_line_known() -> None:
    assert describe_unknown_line(snapshot_after(KNOWN_FRAMES[0].raw + unknown(5000))) == ""


def test_framing_errors_mean_a_wrong_rate() -> None:
    marks = tuple(LineErrorMark(at, LineError.FRAMING) for at in range(0, 5000, 3))
    assert describe_unknown_line(snapshot_after(unknown(5000), marks)) == ""
    assert describe_unknown_line(snapshot_after(unknown(5000), marks[:5]))


def test_the_hint_names_the_command() -> None:
    assert format_search_hint(["my tap.bin"], "no known frames in 40 kB") == (
        "evse-sniff: no known frames in 40 kB: `evse-sniff learn --framing 'my tap.bin'` may find how the bytes are"
        " framed"
    )
