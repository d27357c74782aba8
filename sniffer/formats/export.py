"""The formats that a session can be written in: the ending of a file's name says which.

In: the records of a session, in order, each with what belongs to it (`entries`). Out: bytes, in pieces. There is at
least one piece for each entry, even an empty one, so that whoever writes a million of them can stop in between. A new
format is a row of `FORMATS`; what stands before its first record, or after its last, its `pieces` just yields.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple

from sniffer.archive.archive import Archive
from sniffer.errors import OutputError
from sniffer.formats import jsonl, plain
from sniffer.formats.pcapng.writer import Writer
from sniffer.pipeline import Record
from sniffer.protocol.definition import Definition
from sniffer.protocol.message import Message
from sniffer.wire.frame import Noise

PACKED = ".gz"
"""On top of any ending, it asks for the same packed by gzip."""


class Entry(NamedTuple):
    """A record, when the last one before it that has a time was seen, and what the user noted at it."""

    record: Record
    before: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What records are from: the source's name, and the rate and the zone where it has one."""

    definition: Definition
    zone: tzinfo | None = None
    name: str = ""
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `name` and `about` say what it is, `lacks` what it cannot hold."""

    ending: str
    name: str
    about: str
    lacks: str
    holds_notes: bool
    pieces: Callable[[Iterable[Entry], Origin], Iterator[bytes]]


def format_of(path: Path) -> tuple[Format, bool]:
    """The format that a name asks for, and whether it is to be packed. Raises `OutputError` where no format does."""
    is_packed = path.suffix.lower() == PACKED
    ending = Path(path.stem).suffix if is_packed else path.suffix
    for found in FORMATS:
        if found.ending == ending.lower():
            return found, is_packed
    *most, last = [known.ending for known in FORMATS]
    raise OutputError(f"the name has to end in {', '.join(most)} or {last}, or in one of them and {PACKED}")


def entries(archive: Archive, numbers: Iterable[int], notes: Mapping[int, str]) -> Iterator[Entry]:
    """The records of these numbers, which rise, with their notes."""
    seen, before = 0, None
    for number in numbers:
        time = _last_time(archive, number, seen)
        before, seen = before if time is None else time, number - 1
        yield Entry(archive.record(number), before, notes.get(number, ""))


def time_before(archive: Archive, number: int) -> int | None:
    """When the last record before this one that has a time was seen."""
    return _last_time(archive, number, 0)


def _last_time(archive: Archive, number: int, after: int) -> int | None:
    """The same, among the records after number `after`."""
    if archive.began is None:
        return None
    times = map(archive.time, range(number - 1, after, -1))
    return next((time for time in times if time is not None), None)


def _packets(given: Iterable[Entry], origin: Origin) -> Iterator[bytes]:
    writer = Writer(origin.name, origin.baud, origin.zone)
    yield writer.head()
    for entry in given:
        yield writer.record(entry.record, entry.note)


def _json_lines(given: Iterable[Entry], origin: Origin) -> Iterator[bytes]:
    for entry in given:
        yield _joined(jsonl.lines(entry.record, origin.definition, origin.zone, entry.note))


def _plain_lines(given: Iterable[Entry], origin: Origin) -> Iterator[bytes]:
    for entry in given:
        yield _joined(plain.lines(entry.record, entry.before, origin.definition, origin.zone, entry.note))


def _raw_bytes(given: Iterable[Entry], _origin: Origin) -> Iterator[bytes]:
    for entry in given:
        item = entry.record.item
        yield item.frame.raw if isinstance(item, Message) else item.raw if isinstance(item, Noise) else b""


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


FORMATS = (
    Format(
        ending=".pcapng",
        name="captures",
        about="every byte with its time, log texts and notes; opens here and in Wireshark",
        lacks="no events, which are concluded again when it is read",
        holds_notes=True,
        pieces=_packets,
    ),
    Format(
        ending=".jsonl",
        name="JSON lines",
        about="one object a line, as dump --json, with notes",
        lacks="no times finer than a microsecond",
        holds_notes=True,
        pieces=_json_lines,
    ),
    Format(
        ending=".txt",
        name="plain lines",
        about="for people, as dump prints them, with notes",
        lacks="no dates, no bytes of frames, and of long noise only the beginning",
        holds_notes=True,
        pieces=_plain_lines,
    ),
    Format(
        ending=".bin",
        name="raw bytes",
        about="frames and noise in order, exactly as read",
        lacks="no times, no log texts, no events and no notes",
        holds_notes=False,
        pieces=_raw_bytes,
    ),
)
