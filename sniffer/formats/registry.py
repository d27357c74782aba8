"""The formats that a session can be written in; the ending of the file name chooses one.

In: the records of a session, in order, each with its note (`entries_of`). Out: bytes, in pieces. A format yields at
least one piece for each entry, even an empty one, so that the caller can pause between any two records. A new format is
a row of `FORMATS`; its `encode` also yields what the file has before the first and after the last record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from sniffer.base.compression import COMPRESSIONS, Compression
from sniffer.base.errors import EndingError, OutputError
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.formats import charger_log_writer, csv_table, parquet_table, plain_text
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.jsonl import writer
from sniffer.formats.jsonl.definition_line import format_definition_lines
from sniffer.formats.losses import (
    CONTROLS,
    DATES,
    EVENTS,
    FINE_TIMES,
    FRAME_BYTES,
    GAPS,
    LARGE_NUMBERS,
    LINE_ERRORS,
    LOG_DIRECTIONS,
    LOG_LINES,
    LOG_TEXTS,
    LONG_NOISE,
    MENDED,
    NO_DIRECTION,
    NO_NUMBERS,
    NOTES,
    ODD_LINES,
    OTHER_FIELDS,
    OTHER_LINKS,
    TAP_EVENTS,
    TAPS,
    TIMES,
    RecordPart,
)
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.history.records.record_store import RecordStore


class Format(Struct, frozen=True):
    """One format. `name`, `about` and `lacks` are texts for the user: what it is, and what it cannot hold.

    `drops` holds the parts of records that are lost. `needs` is the module that the format requires, and the name of
    the extra of this package that installs it.
    """

    ending: str
    name: str
    about: str
    lacks: str
    encode: Callable[[Iterable[RecordEntry], Origin], Iterator[bytes]]
    drops: tuple[RecordPart, ...] = ()
    needs: tuple[str, str] | None = None

    @property
    def holds_notes(self) -> bool:
        """True if the format keeps the notes of the user."""
        return NOTES not in self.drops


def format_of(path: Path) -> tuple[Format, Compression | None]:
    """Return the format that a file name chooses, and its compression or None.

    Raises `EndingError` if no format has this ending, and `OutputError` if a library has to be installed first.
    """
    compression = next((one for one in COMPRESSIONS if one.ending == path.suffix.lower()), None)
    ending = (Path(path.stem).suffix if compression else path.suffix).lower()
    for file_format in FORMATS:
        if file_format.ending == ending:
            _require(file_format.ending, file_format.needs)
            if compression and compression.needs:
                _require(compression.ending, (compression.needs, compression.name))
            return file_format, compression
    *most, last = [file_format.ending for file_format in FORMATS]
    packed = " or ".join(compression.ending for compression in COMPRESSIONS)
    raise EndingError(
        f"{path.name}: the name has to end in {', '.join(most)} or {last}, or in one of them and {packed}"
    )


def _require(ending: str, needs: tuple[str, str] | None) -> None:
    """Raise `OutputError` if a library is missing.

    `needs` names it and the extra that installs it; None if none is needed.
    """
    if needs and find_spec(needs[0]) is None:
        raise OutputError(f"{ending} needs {needs[0]}: `pip install 'evse-sniff[{needs[1]}]'`")


def size_of_nothing(file_format: Format, origin: Origin) -> int:
    """Return the size in bytes of a file without any record, such as the line of headings of a table."""
    return sum(map(len, file_format.encode([], origin)))


def entries_of(store: RecordStore, numbers: Iterable[int], notes: Mapping[int, str]) -> Iterator[RecordEntry]:
    """Yield the records of these numbers, which are in ascending order, with their notes.

    Records that left the store because the disk was full are left out.
    """
    seen, before = 0, None
    for number in numbers:
        if number < store.first:
            continue
        time = _find_last_time(store, number, seen)
        before, seen = before if time is None else time, number - 1
        yield RecordEntry(store.record(number), before, notes.get(number, ""))


def find_time_before(store: RecordStore, number: int) -> int | None:
    """Return the time of the last record before this one that has a time, in nanoseconds; None if there is none."""
    return _find_last_time(store, number, 0)


def _find_last_time(store: RecordStore, number: int, after: int) -> int | None:
    """Return the time of the last record between `after` and `number`, both excluded.

    Returns None if none of them has a time.
    """
    if store.began is None:
        return None
    times = map(store.time, range(number - 1, after, -1))
    return next((time for time in times if time is not None), None)


def _encode_packets(entries: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    writer = CaptureWriter(origin.name, origin.baud, origin.zone, origin.definition.origins)
    yield writer.encode_header()
    for tap in origin.taps:
        yield writer.encode_tap(tap)
    for entry in entries:
        yield writer.encode_record(entry.record, entry.note)


def _encode_json_lines(entries: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    yield _join(format_definition_lines(origin.definition))
    for entry in entries:
        yield _join(writer.format_lines(entry.record, origin.definition, origin.zone, entry.note))


def _encode_plain_lines(entries: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    for entry in entries:
        yield _join(plain_text.format_lines(entry.record, entry.before, origin.definition, origin.zone, entry.note))


def _encode_raw_bytes(entries: Iterable[RecordEntry], _origin: Origin) -> Iterator[bytes]:
    for entry in entries:
        item = entry.record.item
        yield item.frame.raw if isinstance(item, Message) else item.raw if isinstance(item, Noise) else b""


def _join(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


def _encode_log_lines(entries: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    for entry in entries:
        yield charger_log_writer.encode_record(entry.record, origin.zone)


FORMATS = (
    Format(
        ending=".pcapng",
        name="captures",
        about="every byte with its time, log texts and notes; opens here and in Wireshark",
        lacks="no events: every reading concludes them anew",
        encode=_encode_packets,
    ),
    Format(
        ending=".jsonl",
        name="JSON lines",
        about="one object a line, as dump --json, with notes",
        lacks="no times finer than a microsecond",
        encode=_encode_json_lines,
        drops=(FINE_TIMES,),
    ),
    Format(
        ending=".log",
        name="text logs",
        about="as the charger logs: log texts, and frames and noise in hex after arrows",
        lacks="no notes, no gaps, no times finer than a microsecond, and no dbus frame without a direction",
        encode=_encode_log_lines,
        drops=(
            NOTES,
            GAPS,
            TAP_EVENTS,
            TAPS,
            LINE_ERRORS,
            FINE_TIMES,
            NO_DIRECTION,
            OTHER_LINKS,
            ODD_LINES,
            MENDED,
        ),
    ),
    Format(
        ending=".txt",
        name="plain lines",
        about="for people, as dump prints them, with notes",
        lacks="no dates, no bytes of frames, and of long noise only the beginning",
        encode=_encode_plain_lines,
        drops=(DATES, FRAME_BYTES, LONG_NOISE, LOG_LINES, TAPS, LINE_ERRORS),
    ),
    Format(
        ending=".csv",
        name="CSV tables",
        about="a row for each record, a column for each field, for spreadsheets",
        lacks="no events, and no times finer than a microsecond",
        encode=csv_table.encode_table,
        drops=(EVENTS, FINE_TIMES, CONTROLS, NO_NUMBERS, OTHER_FIELDS, TAPS, LINE_ERRORS, MENDED),
    ),
    Format(
        ending=".parquet",
        name="Parquet tables",
        about="a row for each record, a typed column for each field, for data tools",
        lacks="no events",
        encode=parquet_table.encode_table,
        drops=(EVENTS, LARGE_NUMBERS, NO_NUMBERS, OTHER_FIELDS, TAPS, LINE_ERRORS, MENDED),
        needs=("pyarrow", "parquet"),
    ),
    Format(
        ending=".bin",
        name="raw bytes",
        about="frames and noise in order, exactly as read",
        lacks="no times, no log texts, no events and no notes",
        encode=_encode_raw_bytes,
        drops=(LOG_TEXTS, NOTES, GAPS, TAP_EVENTS, TAPS, LINE_ERRORS, TIMES, LOG_LINES, LOG_DIRECTIONS, MENDED),
    ),
)
"""All formats; the first one is the default."""
