"""The writer of records: what it knows of all of them, and the kinds that it numbers."""

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record_kind import classify_record
from sniffer.core.wire.items import Chunk
from sniffer.formats.charger_log import parse_line
from sniffer.history.records.page import UNTIMED
from sniffer.history.records.record_pages import RecordPages
from sniffer.history.records.record_writer import RecordWriter
from tests.dialogue import dialogue_records
from tests.known_frames import STATUS_REPORT
from tests.records import records_of

DEFINITION = packaged_definition()


def test_each_kind_has_one_number() -> None:
    pages = RecordPages(DEFINITION)
    writer = RecordWriter(pages)
    records = dialogue_records()
    for record in records:
        writer.append(record)
    assert len({*writer.kinds}) == len(writer.kinds) > 2
    assert [writer.kinds[pages.kind_number(record.number)] for record in records] == [*map(classify_record, records)]
    assert writer.frames == sum(classify_record(record).kind == "frame" for record in records)


def test_a_session_begins_with_its_first_known_time() -> None:
    pages = RecordPages(DEFINITION)
    writer = RecordWriter(pages)
    for record in records_of(*(Chunk(STATUS_REPORT.raw, time) for time in (None, 70, 60))):
        writer.append(record)
    assert writer.began == 70
    page, _ = pages.locate(1)
    assert [*page.times] == [UNTIMED, 70, 60]


def test_the_line_numbers_are_the_least_and_the_greatest() -> None:
    writer = RecordWriter(RecordPages(DEFINITION))
    assert writer.lines is None
    for record in records_of(*(parse_line(f"{number} 2023-11-30T00:00:49+0000 [comproc] a") for number in (8, 3, 5))):
        writer.append(record)
    assert writer.lines == (3, 8)
