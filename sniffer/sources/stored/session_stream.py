"""A session in a stream of bytes: a pipe, or a file that grows. Its format is found from its beginning.

In: the bytes of a stream as they come, packed or not. Out: its format, once the beginning shows it, and all its bytes,
unpacked. Raw bytes are recognised by their first byte that is no text, so that those of a live line need not wait. Text
is waited for until a line shows what it is.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from sniffer.base.compression import COMPRESSIONS, Unpacker
from sniffer.base.errors import SourceError
from sniffer.base.late_pattern import compile_late
from sniffer.formats.capture_decoder import MAGICS as CAPTURE_MAGICS
from sniffer.formats.text_files.text_shape import is_bare_hex
from sniffer.sources.detect import SessionFormat, detect_format

MOST_HEAD = 1 << 16
"""Bytes of text after which the format is decided, whatever they are."""

_MAGICS = (*CAPTURE_MAGICS, *(compression.magic for compression in COMPRESSIONS))
_BINARY = compile_late(rb"[^\t\n\f\r\x1b\x20-\x7e\0]")
_CONTROL = compile_late(rb"[\0-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_BINARY = 0.3
"""The share of bytes that are neither text nor zero, above which a beginning is raw bytes."""


class SessionStream:
    """One stream. `name` is for messages.

    Call `detect` first; then `pieces` yields all bytes of the stream, unpacked, from its beginning on.
    """

    def __init__(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        self._path = Path(name)
        self._pieces = _unpack(name, pieces)
        self._head = b""
        self._next: asyncio.Task[bytes | None] | None = None

    @property
    def head(self) -> bytes:
        """The bytes by which the format was found, unpacked; empty once they were passed on."""
        return self._head

    async def detect(self, patience: float | None) -> SessionFormat | None:
        """Return the format of the stream, or None if the stream is empty.

        Text that shows no format is waited for until nothing comes for `patience` seconds; None: for as long as it
        takes. With control characters it is hardly text, and is waited for no longer than that altogether, as bytes
        that come without a pause may be those of a live line. Raises `SourceError` if it is no saved session.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while not self._is_decided():
            if not self._head:
                begun = loop.time()
            timeout = patience if self._head else None
            if timeout is not None and _CONTROL.search(self._head):
                timeout = max(0.0, begun + timeout - loop.time())
            self._next = self._next or asyncio.create_task(self._read_next())
            try:
                done, _ = await asyncio.wait([self._next], timeout=timeout)
            except asyncio.CancelledError:
                # The pieces can be closed once nobody waits for the next one.
                self.close()
                await asyncio.gather(self._next, return_exceptions=True)
                raise
            if not done:
                break
            piece, self._next = self._next.result(), None
            if piece is None:
                break
            self._head += piece
        return detect_format(self._path, self._head) if self._head else None

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the unpacked bytes of the stream as they come. Raises `CutOffError` if it ends in a packed part."""
        head, self._head = self._head, b""
        if head:
            yield head
        try:
            while (piece := await (self._next or self._read_next())) is not None:
                self._next = None
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Stop waiting for more bytes."""
        if self._next and not self._next.done():
            self._next.cancel()

    async def _read_next(self) -> bytes | None:
        """Return the next unpacked bytes; None at the end."""
        return await anext(self._pieces, None)

    def _is_decided(self) -> bool:
        """Return True if the beginning shows the format."""
        head = self._head
        if not head or any(len(head) < len(magic) and magic.startswith(head) for magic in _MAGICS):
            return False
        if head.startswith(CAPTURE_MAGICS):
            return True
        if len(head) >= MOST_HEAD or len(_BINARY.findall(head[:MOST_HEAD])) > _MOST_BINARY * len(head):
            return True
        whole_lines = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1]
        if not whole_lines and is_bare_hex(head.decode("latin-1")):
            # Terminal programs print bytes without any line end.
            return True
        try:
            return bool(whole_lines) and detect_format(self._path, whole_lines) is not SessionFormat.RAW
        except SourceError:
            return True


async def _unpack(name: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the bytes of a stream, unpacked if they are packed. Raises `SourceError` if they are damaged."""
    unpacker, head = Unpacker(name), b""
    async for piece in pieces:
        head += piece
        # The first bytes decide whether the stream is packed.
        if any(
            len(head) < len(compression.magic) and compression.magic.startswith(head) for compression in COMPRESSIONS
        ):
            continue
        for chunk in unpacker.feed(head):
            yield chunk
        head = b""
    if head:
        yield head
    unpacker.end()
