"""Sessions of every kind, what a format makes of them, and what is read back."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from hypothesis import strategies as st

from sniffer.commands.convert.convert import SessionReading
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Segments, TapGap
from sniffer.formats.charger_log import parse_line
from sniffer.formats.entry import Origin, RecordEntry, find_loss_reason
from sniffer.formats.registry import format_of
from sniffer.sources.stored.session_file import open_file
from tests.core.wire.helpers import DAMAGE, FRAMES, STREAMS

SessionItem = Chunk | Segments | LogLine | TapGap

DEFINITION = packaged_definition()
ORIGIN = Origin(DEFINITION, UTC, "/dev/ttyUSB0", 115200)
HOSTILE = "=cmd|[red]\x1b[2J\u202e漢 e\u0301 'n,\r\"\0"

TIMES = st.none() | st.integers(1, 4 * 10**15).map(lambda microseconds: microseconds * 1000)
TEXTS = st.text(st.characters(exclude_characters="\n"), max_size=30) | st.just(HOSTILE)
PRINTED = st.builds(
    lambda arrow, raw: f"2023-11-30T00:00:49.25+0000 [comproc] {arrow}:{raw.hex(' ')}",
    st.sampled_from(["=>pwrboard", "<=pwrboard", "=>Dbus", "<=Dbus"]),
    FRAMES | DAMAGE.filter(bool),
)
FIRST = parse_line("704 2023-11-30T00:00:42+0000 [ocpp] CP_INFO")
ITEMS = st.lists(
    st.builds(Chunk, STREAMS, TIMES)
    | st.builds(LogLine, TIMES, st.none() | TEXTS, TEXTS, st.none() | st.integers(0, 10**18 - 1))
    | PRINTED.map(parse_line)
    | TEXTS.map(parse_line)
    | st.builds(TapGap, TIMES, TEXTS),
    max_size=8,
).map(lambda items: [FIRST, *items])
"""Sessions that begin with a line by which a log is known, whatever follows it."""

NOTES = st.dictionaries(st.integers(1, 12), TEXTS.filter(bool), max_size=3)


def write(path: Path, records: Sequence[Record], notes: dict[int, str] | None = None) -> Path:
    """Write the records into a file, in the format that its name ends in, and return its path."""
    entries = [RecordEntry(record, None, (notes or {}).get(record.number, "")) for record in records]
    path.write_bytes(b"".join(format_of(path)[0].encode(entries, ORIGIN)))
    return path


def read(path: Path) -> tuple[list[Record], dict[int, str]]:
    """Return the records of a file, and the notes at them."""
    reading = SessionReading(open_file(path), Pipeline(DEFINITION))
    records = list(reading.records())
    assert reading.error is None
    return records, {number: note for number, note in reading.notes.items() if number <= len(records)}


def seen(record: Record) -> tuple[object, ...]:
    """Return what a format without loss has to hold of a record: everything but the reason of noise.

    That can depend on what stood behind it on the line.
    """
    item, by = record.item, record.printed
    if isinstance(item, TextMessage):
        return "text", item.time, item.line.process, item.line.text, item.line.number
    if item is None:
        return "gap", record.time, find_loss_reason(record)
    if isinstance(item, Message):
        return "frame", item.frame.time, item.frame.raw, item.direction, record.line, by and by.process
    return "noise", item.time, item.raw, record.line, by and by.process
