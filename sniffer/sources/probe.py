"""A quick look at a saved session before its first record is converted.

In: a saved session. Out: a `FileProbe`. In a capture and in JSON lines, the note of a record may stand after it, with
its number; the interface of a capture names the origin of the bytes. Else everything that belongs to a record stands
beside it. Outside of captures the time zone is looked for; the first record with a time has it.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from sniffer.base.compression import ReadableFile, read_chunks
from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Note, Tap
from sniffer.formats.link_types import is_serial
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.own_packets import tap_of, zone_of_log
from sniffer.formats.pcapng.packet import Packet
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import LATE_NOTE, LOG, LOG_LINE
from sniffer.sources.detect import SessionFormat, detect_format
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item, Source
from sniffer.sources.stored.joined_files import JoinedFiles
from sniffer.sources.stored.session_file import open_file, read_head

_LATE_NOTE_OBJECT = b'"type": "note"'


@dataclass(slots=True)
class FileProbe:
    """The facts known of a saved session before it is converted.

    `notes` are the notes that were written late, by the numbers of their records; an empty text removes the note of
    that record. `name` and `speed` (bits per second) are those of the capture's first tap. `taps` is empty unless the
    capture has several.
    """

    notes: dict[int, str] = field(default_factory=dict)
    zone: tzinfo | None = None
    name: str = ""
    speed: int | None = None
    taps: tuple[Tap, ...] = ()


def probe_source(source: Source) -> FileProbe:
    """Return the known facts of the session of a source that was not read yet; none for a pipe.

    Of several files that are read as one session, it is what is known of the first one, without its notes.
    """
    if not isinstance(source, SavedSource):
        return FileProbe()
    probe = probe_file(source.file)
    return replace(probe, notes={}) if isinstance(source, JoinedFiles) else probe


def probe_file(path: ReadableFile) -> FileProbe:
    """Return the known facts of a saved session. Raises `SourceError` if the file is not one.

    An error further on in the file ends the probe without a message: whoever reads the file next reports it.
    """
    head = read_head(path)
    probe, found = FileProbe(), detect_format(path, head)
    if head.startswith(MAGIC):
        _probe_capture(path, probe)
    elif found is SessionFormat.CAPTURE:
        # A classic capture has neither names nor comments.
        return probe
    elif found is not SessionFormat.RAW:
        probe.zone = _find_zone(open_file(path))
        if found is SessionFormat.JSON_LINES and _contains(path, _LATE_NOTE_OBJECT):
            probe.notes = _find_late_notes(open_file(path))
    return probe


def _probe_capture(path: ReadableFile, probe: FileProbe) -> None:
    """Fill in the probe. Packets are parsed only as far as there is something to find, as that is most of the work."""
    reader = CaptureReader()
    try:
        has_late_notes, has_log_lines = (_contains(path, mark.encode()) for mark in (LATE_NOTE, LOG_LINE))
        for data in read_chunks(path):
            for packet in reader.feed(data):
                probe.taps = probe.taps or tuple(tap for one in reader.interfaces if (tap := tap_of(one)))
                _probe_packet(packet, probe)
                if probe.name and not has_late_notes and (probe.zone or not has_log_lines):
                    return
    except SourceError:
        return


def _contains(path: ReadableFile, mark: bytes) -> bool:
    """Return True if these bytes stand anywhere in the unpacked file."""
    overlap = b""
    for data in read_chunks(path):
        if mark in overlap + data:
            return True
        overlap = data[1 - len(mark) :]
    return False


def _probe_packet(packet: Packet, probe: FileProbe) -> None:
    """Add to the probe what a packet says about its session: name, baud rate, time zone and notes."""
    if (
        not probe.name
        and is_serial(packet.interface.link_type, {})
        and not packet.interface.description.startswith(LOG)
    ):
        probe.name, probe.speed = packet.interface.name, packet.interface.speed or None
    if not packet.comments:
        return
    probe.zone = probe.zone or zone_of_log(packet)
    for item in items_of([packet]):
        if isinstance(item, Note) and item.number is not None:
            probe.notes[item.number] = item.text


class _ZoneFound(Exception):  # noqa: N818 - it is no error
    """Ends the reading as soon as the zone of the source is known."""


def _find_zone(source: Source) -> tzinfo | None:
    """Read a source until its time zone is known; return that, or None if it has none or cannot be read."""

    def stop_if_found(_item: Item) -> None:
        if source.zone is not None:
            raise _ZoneFound

    try:
        asyncio.run(source.run(stop_if_found))
    except (_ZoneFound, SourceError):
        return source.zone
    return source.zone


def _find_late_notes(source: Source) -> dict[int, str]:
    """Return the notes of a source that were made after their records; those before an error that ends it."""
    notes: dict[int, str] = {}

    def keep_note(item: Item) -> None:
        if isinstance(item, Note) and item.number is not None:
            notes[item.number] = item.text

    with suppress(SourceError):
        asyncio.run(source.run(keep_note))
    return notes
