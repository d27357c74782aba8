"""A record: its time, its equality, and that it cannot be changed."""

import pickle

import pytest

from sniffer.core.charger.events import Reference
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.record import Record, is_blank
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, Reception
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT

LOST = SourceLost(5, "unplugged")


def record_of(item: Chunk | LogLine) -> Record:
    """Return the only record of a session of this item."""
    (record,) = Pipeline(DEFINITION).feed(item)
    return record


def test_the_time_of_a_frame_is_that_of_its_first_byte() -> None:
    assert record_of(Chunk(STATUS_REPORT.raw, 7)).time == 7
    assert record_of(Chunk(STATUS_REPORT.raw)).time is None


def test_noise_and_text_have_their_own_time() -> None:
    assert Record(1, Noise(Reason.GARBAGE, 3, b"\x00")).time == 3
    assert record_of(LogLine(9, "ocpp", "hello")).time == 9


def test_a_record_of_events_has_the_time_of_the_first() -> None:
    assert Record(1, None, (LOST, SourceLost(6, "again"))).time == 5
    assert Record(1, None).time is None


def test_without_more_a_record_has_no_events_and_refers_to_nothing() -> None:
    record = Record(1, None)
    assert (record.events, record.line, record.refers, record.printed, record.reception) == ((), None, None, None, None)


def test_records_with_equal_parts_are_equal() -> None:
    refers = Reference("answers", 1, None, 4)
    first = Record(2, None, (LOST,), 3, refers, None, Reception(1))
    assert first == Record(2, None, (SourceLost(5, "unplugged"),), 3, refers, None, Reception(1))
    assert first != Record(3, None, (LOST,), 3, refers, None, Reception(1))


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Record(1, None).number = 2  # type: ignore[misc]


def test_a_record_names_its_tap() -> None:
    assert [Record(1, None, (LOST,), reception=reception).tap for reception in (None, Reception(2))] == [0, 2]


def test_a_record_can_be_pickled() -> None:
    record = Record(1, Noise(Reason.CRC, None, b"\xaa"), (LOST,), reception=Reception(2))
    assert pickle.loads(pickle.dumps(record)) == record


@pytest.mark.parametrize(
    ("line", "blank"),
    [
        (LogLine(9, "a", " ", continues=True), True),
        (LogLine(None, None, ""), True),
        (LogLine(9, "a", ""), False),
        (LogLine(9, "a", "x", continues=True), False),
    ],
)
def test_a_blank_line_is_one_that_is_no_record_and_has_no_text(line: LogLine, blank: bool) -> None:
    record = record_of(line)
    assert is_blank(record) is blank
    assert not is_blank(Record(1, record.item, (LOST,)))
