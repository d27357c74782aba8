"""The decoding of a large capture, shared out between this process and a helper.

In: the content of the capture, in pieces. Out: the same items as `CaptureDecoder.feed` yields. Once the helper is ready
and the layout of some packets is known, it decodes the pieces ahead. If it cannot read the file any more, this process
goes on alone.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Protocol
from zlib import crc32

from sniffer.core.protocol.definition import Definition
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.decoded_run import CaptureSection, RunReader
from sniffer.formats.pcapng.foreign_packets import CaptureItem
from sniffer.sources.parallel.decoding_helper import FilePiece

PIECES_WAITING = 3
"""Pieces that are decoded ahead at most, so that neither process waits for the other and memory stays flat."""

_UNKNOWN = CaptureSection("<", (), ())
"""A section of which no packet can be decoded ahead."""

Items = Iterable[CaptureItem]
"""The items of one piece. They are decoded when they are taken."""


class Helper(Protocol):
    """A decoder of pieces, as `DecodingHelper` is."""

    @property
    def is_ready(self) -> bool: ...

    def send_section(self, section: CaptureSection) -> None: ...

    def send_piece(self, piece: FilePiece) -> None: ...

    async def receive(self) -> bytes | None:
        """Return the result of the next piece; None if the helper cannot read the file any more."""
        ...


class SharedDecoding:
    """The shared decoding of one capture by one definition."""

    def __init__(self, decoder: CaptureDecoder, helper: Helper, definition: Definition) -> None:
        self._decoder = decoder
        self._helper: Helper | None = helper
        self._reader = RunReader(definition)
        self._section: CaptureSection | None = None
        """The section that the helper knows; None while it does not decode."""
        self._offset = 0
        self._waiting: deque[bytes] = deque()
        self._rest = b""
        """The bytes after the last whole block of the pieces that were received."""

    async def feed(self, data: bytes) -> AsyncIterator[Items]:
        """Yield the items of the pieces that are decoded by now, this one or some before it, in their order.

        Those of a piece have to be taken before the next ones. Raises `SourceError` if the helper was ended.
        """
        if self._section is None and self._can_begin():
            begun = self._decoder.take_waiting()
            data, self._offset = begun + data, self._offset - len(begun)
            self._section = _UNKNOWN
        if self._section is not None:
            async for items in self._update_section():
                yield items
        offset, self._offset = self._offset, self._offset + len(data)
        if self._helper is None or self._section is None:
            yield self._decoder.feed(data)
            return
        self._helper.send_piece(FilePiece(offset, len(data), crc32(data)))
        self._waiting.append(data)
        async for items in self._receive(PIECES_WAITING):
            yield items

    async def end(self) -> AsyncIterator[Items]:
        """Yield the items of all pieces that are left."""
        async for items in self._receive(0):
            yield items
        yield self._decoder.feed(self._rest)

    def _can_begin(self) -> bool:
        return self._helper is not None and self._helper.is_ready and self._decoder.describe_section() is not None

    async def _update_section(self) -> AsyncIterator[Items]:
        """Yield the items of all pieces before a change of the section, and let the helper know the new one."""
        if not _is_same(self._decoder.describe_section() or _UNKNOWN, self._section):
            async for items in self._receive(0):
                yield items
            self._section = self._decoder.describe_section() or _UNKNOWN
            if self._helper:
                self._helper.send_section(self._section)

    async def _receive(self, most: int) -> AsyncIterator[Items]:
        """Yield the items of the pieces that wait, except the last `most`."""
        while self._helper and self._section and len(self._waiting) > most:
            packed = await self._helper.receive()
            data = self._rest + self._waiting.popleft()
            if packed is None:
                data, self._rest, self._helper = b"".join((data, *self._waiting)), b"", None
                self._waiting.clear()
                yield self._decoder.feed(data)
                return
            size, runs = self._reader.read(packed)
            self._rest = data[size:]
            yield self._decoder.feed_decoded(data[:size], self._section, runs)


def _is_same(one: CaptureSection, other: CaptureSection | None) -> bool:
    """Return True if both are one section, with the same interfaces and as much known of them."""
    if other is None or (one.order, one.shapes) != (other.order, other.shapes):
        return False
    return all(first is second for first, second in zip(one.interfaces, other.interfaces, strict=True))
