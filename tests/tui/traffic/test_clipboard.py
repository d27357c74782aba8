"""Copying: the bytes of a frame, the text of a line or an event, and the whole row; always safe to paste."""

from datetime import UTC

from sniffer.base.times import SECOND
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.formats.charger_log import parse_line
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.rows import RowEntry
from sniffer.tui.traffic.clipboard import CopiedText, copy_content, copy_row
from tests.records import records_of
from tests.tui.helpers import status_report

DEFINITION = packaged_definition()
HOSTILE = "2023-11-30T00:00:47+0000 [comproc] one\x1b[31m two"


def stored(*items: Chunk | str) -> tuple[RecordStore, list[RowEntry]]:
    """Return a store of these items, and the row of each record."""
    records = records_of(*(parse_line(item) if isinstance(item, str) else item for item in items))
    store = RecordStore(DEFINITION)
    store.receive(records)
    return store, [RowEntry(record, None) for record in records]


def test_a_frame_is_copied_in_hex() -> None:
    frame = status_report("Available")
    store, (entry,) = stored(Chunk(frame, SECOND))
    assert copy_content(entry, store, DEFINITION) == CopiedText(frame.hex(" ").upper(), f"{len(frame)} bytes in hex")


def test_noise_is_copied_in_hex() -> None:
    store, (entry,) = stored(Chunk(b"\x01", SECOND))
    assert copy_content(entry, store, DEFINITION) == CopiedText("01", "1 byte in hex")


def test_the_text_of_a_log_line_is_safe_to_paste() -> None:
    store, (entry,) = stored(HOSTILE)
    copied = copy_content(entry, store, DEFINITION)
    assert copied.name == "the log line's text"
    assert copied.text.startswith("one")
    assert copied.text.isprintable()
    assert copy_row(entry, store, DEFINITION, UTC).text.isprintable()


def test_the_text_of_an_event() -> None:
    store, (entry,) = stored(Chunk(status_report("Available"), SECOND))
    event = RowEntry(entry.record, entry.record.events[0])
    copied = copy_content(event, store, DEFINITION)
    assert copied == CopiedText("connector 1: first report → Available", "the event's text")
    assert "Available" in copy_row(event, store, DEFINITION, UTC).text


def test_the_whole_row_has_its_time_and_its_summary() -> None:
    store, (_, entry) = stored(Chunk(status_report("Available"), SECOND), Chunk(status_report("Preparing"), 3 * SECOND))
    copied = copy_row(entry, store, DEFINITION, UTC)
    assert copied.name == "the row of #2"
    assert "00:00:03" in copied.text
    assert "status report" in copied.text
    assert "connector 1 Preparing" in copied.text
