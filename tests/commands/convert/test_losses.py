"""The counter of the parts of records that a format drops."""

import pytest

from sniffer.commands.convert.losses import Losses
from sniffer.core.wire.items import Segments
from sniffer.formats.entry import RecordEntry
from sniffer.formats.registry import FORMATS, Format
from tests.commands.convert.helpers import ORIGIN
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of


def format_by_ending(ending: str) -> Format:
    return next(format_ for format_ in FORMATS if format_.ending == ending)


def entries(count: int, note: str = "") -> list[RecordEntry]:
    items = [Segments(((KNOWN_FRAMES[2].raw, 1_700_000_000_000_000_000),))] * count
    return [RecordEntry(record, None, note) for record in records_of(*items)]


@pytest.mark.parametrize(
    ("count", "line"),
    [(0, ""), (1, "not held by .bin: 1 note, all times"), (2, "not held by .bin: 2 notes, all times")],
)
def test_losses_are_counted_over_all_records(count: int, line: str) -> None:
    losses = Losses(format_by_ending(".bin"), ORIGIN)
    for entry in entries(count, "here"):
        losses.add(entry)
    assert losses.format() == line


def test_a_format_that_holds_all_loses_nothing() -> None:
    losses = Losses(format_by_ending(".pcapng"), ORIGIN)
    for entry in entries(3, "here"):
        losses.add(entry)
    assert losses.format() == ""
