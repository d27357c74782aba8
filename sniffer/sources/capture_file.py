"""A saved capture, in pcapng or classic pcap.

A capture that ends within a packet, after a crash or on a full disk, is read up to its last whole packet; then
`CutOffError` is raised.
"""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from sniffer.base.compression import READ_SIZE, ReadableFile, detect_compression, read_chunks
from sniffer.base.errors import SourceError
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.direction_finder import find_directions
from sniffer.formats.capture_decoder import CaptureDecoder, check_head
from sniffer.formats.pcapng.definition_comments import parse_origins
from sniffer.formats.pcapng.index import index_of
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureError, CaptureReader
from sniffer.formats.pcapng.recorded_links import has_links_of
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item, Take

if TYPE_CHECKING:
    from sniffer.sources.parallel.decoding_helper import DecodingHelper

PIECE_SIZE = 1 << 14
"""Bytes after which the loop gets a turn: some hundred packets, which take some milliseconds."""

SHARED_SIZE = 1 << 18
"""Bytes that a second process decodes at once: records of some ten milliseconds."""

LARGE = 1 << 23
"""The least size in bytes of a file for which a second process is worth its start: a second of reading."""

LARGE_PACKED = 1 << 20
"""The same for a packed file."""

INDEX_PIECE_SIZE = 1 << 22
"""Bytes that are indexed at once."""


class CaptureSource(SavedSource):
    """A capture.

    `baud` is the rate of the line as soon as a packet brings it. It dates nothing, as each packet has its own time.
    """

    about = "a capture"
    times_are_first_bytes = True

    def __init__(self, path: ReadableFile, options: FileOptions = DEFAULT) -> None:
        super().__init__(path)
        self._size = _find_size(path)
        self.baud: int | None = None
        self._definition_of_options = options.definition
        self._decoder = CaptureDecoder(options.link_types, options.definition)
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._resume: asyncio.Event | None = None
        self._definition: Definition | None = None
        """The definition by which a second process decodes; None without one."""

    @property
    def progress(self) -> float:
        """The share of the file that was read, 0 to 1. It stays 0 if that is not known, as for a packed file."""
        return min(1.0, self._decoder.position / self._size) if self._size else 0.0

    def share_out(self, definition: Definition) -> None:
        """Let a second process decode frames by this definition if the file is large. The records stay the same.

        They are for a pipeline of this definition only.
        """
        if self.stream is None and isinstance(self.file, Path) and self.file.is_file():
            from sniffer.sources.parallel.decoding_helper import has_second_core

            large = LARGE if self._size else LARGE_PACKED
            is_worth_it = self.file.stat().st_size >= large and has_second_core()
            # Where the frames before one decide its direction, it cannot be decoded ahead.
            self._definition = definition if is_worth_it and not find_directions(definition.links) else None

    def pause_until(self, resume: asyncio.Event) -> None:
        """Read one piece only until `resume` is set, as reading the rest can delay the first drawing of a screen."""
        self._resume = resume

    async def read_tail(self, count: int) -> tuple[int, Sequence[Item]] | None:
        """Return the items of about `count` records at the end of the file, and the number of their first record.

        Works however little was read so far. Returns None if the file has no
        index (`sniffer.formats.pcapng.index`), or if its records are not its packets, as they were recorded with other
        links.
        """
        if not self._size:
            return None
        # Reading on would take half of the time that the index needs.
        self._may_read.clear()
        try:
            return await asyncio.to_thread(self._read_tail, count)
        finally:
            self._may_read.set()

    def _read_tail(self, count: int) -> tuple[int, Sequence[Item]] | None:
        """Return the items of about `count` records at the end, and the number of their first one.

        Returns None if there is no index.
        """
        index = index_of(read_chunks(self.file, size=INDEX_PIECE_SIZE))
        if index is None:
            return None
        position, reader = index.position_of(index.count - count), CaptureReader()
        items: list[Item] = [*items_of(reader.feed(position.before))]
        definition = self._definition_of_options
        if definition and not has_links_of(parse_origins(reader.section_comments), definition):
            return None
        with self.file.open("rb") as file:
            file.seek(position.offset)
            while data := file.read(READ_SIZE):
                items += items_of(reader.feed(data))
        return position.number, items

    async def run(self, take: Take) -> None:
        """Read the capture to its end. Raises `CutOffError` if it ends in a packet, or if packets had to be skipped."""
        helper: DecodingHelper | None = None
        if self._definition and isinstance(self.file, Path):
            # Processes are imported when one is started: they take a tenth of the time to the first row of a screen.
            from sniffer.sources.parallel.decoding_helper import start_helper

            helper = start_helper(self._definition, self.file)
        if helper and self._definition:
            await self._run_with_helper(helper, self._definition, take)
        else:
            async for data in self._read_pieces(PIECE_SIZE):
                await self._pass_on(self._decoder.feed(data), take)
                if self._resume:
                    await self._resume.wait()
        for item in self._decoder.flush():
            take(item)
        try:
            self._decoder.check_end()
        except SourceError as error:
            raise type(error)(f"{self.name}: {error}") from error

    async def _run_with_helper(self, helper: "DecodingHelper", definition: Definition, take: Take) -> None:
        """Pass on the items of the whole file; frames are decoded ahead by a second process."""
        from sniffer.sources.parallel.shared_decoding import SharedDecoding

        decoding, pieces = SharedDecoding(self._decoder, helper, definition), self._read_pieces(SHARED_SIZE)
        failure: SourceError | None = None
        with helper:
            while True:
                try:
                    data = await anext(pieces)
                except StopAsyncIteration:
                    break
                except SourceError as error:
                    # What was read before is passed on first.
                    failure = error
                    break
                async for items in decoding.feed(data):
                    await self._pass_on(items, take)
            async for items in decoding.end():
                await self._pass_on(items, take)
        if failure:
            raise failure

    async def _pass_on(self, items: Iterable[Item], take: Take) -> None:
        """Pass items of the decoder on. Raises `SourceError` if the file is damaged from here on."""
        decoder = self._decoder
        try:
            for item in items:
                self._last_time, self.baud = decoder.last_time, decoder.speed
                self.zone = self.zone or decoder.zone
                take(item)
        except CaptureError as error:
            raise SourceError(f"{self.name}: {error}; all before it was read") from error
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error
        self._last_time, self.baud = decoder.last_time, decoder.speed
        self.zone = self.zone or decoder.zone
        await asyncio.sleep(0)
        await self._may_read.wait()


def check_capture(path: ReadableFile, head: bytes, options: FileOptions) -> None:
    """Raise `SourceError` if the capture that begins with these bytes cannot be read, whatever follows."""
    try:
        check_head(head, options.link_types)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _find_size(path: ReadableFile) -> int:
    """Return the size in bytes of a plain file; 0 for a packed one, a member of an archive, or a stream."""
    return path.stat().st_size if isinstance(path, Path) and path.is_file() and not detect_compression(path) else 0
