"""What has to be known of a saved session before its first record is written: a quick look at the file.

A capture's note may stand behind the packet that it is at, and tells that packet's number; its interface tells what
the bytes came from. The other formats tell what belongs to a record together with it, so of them only the zone is
looked for, which the first record with a time tells.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from sniffer.base.compression import pieces
from sniffer.base.errors import SourceError
from sniffer.core.wire.frame import Tap
from sniffer.core.wire.items import Note
from sniffer.formats.pcapng.items import items_of, tap_of, zone_of_log
from sniffer.formats.pcapng.reader import CaptureReader, Packet
from sniffer.formats.pcapng.writer import LATE_NOTE, LOG, LOG_LINE
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.detect import RawSource, open_file
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item


@dataclass(slots=True)
class FileProbe:
    """`notes` are those that came late, by their records' numbers; an empty one takes away what was noted there.

    `name` and `speed`, in bits a second, are those of the capture's first tap; `taps` are there where it has several.
    """

    notes: dict[int, str] = field(default_factory=dict)
    zone: tzinfo | None = None
    name: str = ""
    speed: int | None = None
    taps: tuple[Tap, ...] = ()


def probe_file(path: Path) -> FileProbe:
    """Look through a saved session. Raises `SourceError` where it cannot be one.

    What is wrong further on in it is told by whoever reads it: here it only ends the look.
    """
    source, found = open_file(path), FileProbe()
    if isinstance(source, CaptureSource):
        _look_through(path, found)
    elif not isinstance(source, RawSource):
        found.zone = _zone(source)
    return found


def _look_through(path: Path, found: FileProbe) -> None:
    """Packets are told apart only as far as there is something to find in them, as that is most of the work."""
    reader = CaptureReader()
    try:
        has_late_notes, has_log_lines = (_holds(path, mark.encode()) for mark in (LATE_NOTE, LOG_LINE))
        for data in pieces(path):
            for packet in reader.feed(data):
                found.taps = found.taps or tuple(tap for one in reader.interfaces if (tap := tap_of(one)))
                _look_at(packet, found)
                if found.name and not has_late_notes and (found.zone or not has_log_lines):
                    return
    except SourceError:
        return


def _holds(path: Path, mark: bytes) -> bool:
    """Whether these bytes stand anywhere in the file."""
    before = b""
    for data in pieces(path):
        if mark in before + data:
            return True
        before = data[1 - len(mark) :]
    return False


def _look_at(packet: Packet, found: FileProbe) -> None:
    if not found.name and not packet.interface.description.startswith(LOG):
        found.name, found.speed = packet.interface.name, packet.interface.speed or None
    if not packet.comments:
        return
    found.zone = found.zone or zone_of_log(packet)
    for item in items_of([packet]):
        if isinstance(item, Note) and item.number is not None:
            found.notes[item.number] = item.text


class _ZoneKnown(Exception):  # noqa: N818
    """Ends the reading of a source whose zone is known."""


def _zone(source: SavedSource) -> tzinfo | None:
    def look(_item: Item) -> None:
        if source.zone is not None:
            raise _ZoneKnown

    try:
        asyncio.run(source.run(look))
    except (_ZoneKnown, SourceError):
        return source.zone
    return source.zone
