"""A second process that finds and decodes frames for a source which reads a large capture.

In: the section that the next bytes are in, and the pieces of the file to decode, in order. Out: for each piece what
`PieceDecoder` returns. Both processes read the file, as that is faster than passing its bytes on. While the process
starts, `is_ready` is False and the caller decodes by itself, so that a helper costs no time. One is enough: what is
left to the caller, the state of the charger, takes longer than decoding.

The process ignores Ctrl-C, as the caller ends it, and ends by itself when the caller is gone. It is started anew and
not forked: the caller may have threads.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from sniffer.base.compression import read_chunks
from sniffer.base.errors import SourceError
from sniffer.base.helper_process import end_with_parent
from sniffer.core.protocol.definition import Definition
from sniffer.formats.pcapng.decoded_run import CaptureSection
from sniffer.formats.pcapng.piece_decoder import PieceDecoder

READY = b"ready"
"""What the process sends when it takes pieces."""

UNREADABLE = b""
"""What it sends in place of a piece that it does not find in the file, which was changed meanwhile."""


class FilePiece(NamedTuple):
    """A piece of the content of a file. `checksum` is the CRC-32 of its bytes."""

    offset: int
    size: int
    checksum: int


def has_second_core() -> bool:
    """Return True if this program may use more than one core."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


def start_helper(definition: Definition, file: Path) -> "DecodingHelper | None":
    """Start a process that decodes a file by a definition; None if the system has none, as on some phones."""
    try:
        return DecodingHelper(definition, file)
    except (ImportError, NotImplementedError, OSError):
        # No process can be started, or none can be connected. One process reads the file as well.
        return None


class DecodingHelper:
    """A process that decodes one file by one definition, to be used as a context manager."""

    def __init__(self, definition: Definition, file: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._file = file
        self._is_ready = False
        self._connection, other_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(definition, file, other_end), daemon=True)
        with _without_interrupts():
            self._process.start()
        # It notices by its own end that the other one is closed only if nobody else has that end.
        other_end.close()

    @property
    def is_ready(self) -> bool:
        """True if the process takes pieces. It stays False if the process could not start."""
        if not self._is_ready and self._process.is_alive() and self._connection.poll():
            try:
                self._is_ready = self._receive() == READY
            except SourceError:
                # It ends before it takes a piece: the caller reads the file alone.
                return False
        return self._is_ready

    def __enter__(self) -> "DecodingHelper":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()
        self._connection.close()

    def send_section(self, section: CaptureSection) -> None:
        """Set the section of the next bytes. All pieces before were received: the process waits for this."""
        self._send(section)

    def send_piece(self, piece: FilePiece) -> None:
        """Let a piece be decoded, which follows the one before."""
        self._send(piece)

    async def receive(self) -> bytes | None:
        """Return the result of the next piece when it is there; None if the process could not read that piece.

        Raises `SourceError` if somebody else ended the process.
        """
        if not self._connection.poll():
            await asyncio.to_thread(self._connection.poll, None)
        return self._receive() or None

    def _send(self, message: CaptureSection | FilePiece) -> None:
        try:
            self._connection.send(message)
        except OSError as error:
            raise self._build_error() from error

    def _receive(self) -> bytes:
        try:
            return self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._build_error() from error

    def _build_error(self) -> SourceError:
        return SourceError(
            f"{self._file}: the process that helps to decode it was ended by something else: "
            "is there enough memory? All before it was read"
        )


class _Content:
    """The unpacked content of a file, read once from its beginning to its end."""

    def __init__(self, file: Path) -> None:
        self._chunks = read_chunks(file, size=1 << 18)
        self._data = b""
        self._at = 0

    def read(self, piece: FilePiece) -> bytes | None:
        """Return the bytes of a piece after those that were read; None if the content has other bytes there."""
        while self._at + len(self._data) < piece.offset + piece.size:
            try:
                chunk = next(self._chunks, None)
            except SourceError:
                # The caller reads the file as well, and reports it.
                return None
            if chunk is None:
                return None
            if self._at + len(self._data) <= piece.offset:
                self._at += len(self._data)
                self._data = chunk
            else:
                self._data += chunk
        start = piece.offset - self._at
        data, self._data = self._data[start : start + piece.size], self._data[start + piece.size :]
        self._at = piece.offset + piece.size
        return data if crc32(data) == piece.checksum else None


def _serve(definition: Definition, file: Path, connection: Connection) -> None:
    """Decode the pieces that the other end of this connection asks for, until it is closed."""
    # Nothing that decoding makes has cycles; looking for some takes time.
    gc.disable()
    end_with_parent()
    content, decoder = _Content(file), None
    connection.send_bytes(READY)
    while True:
        try:
            message = connection.recv()
        except EOFError:
            return
        if isinstance(message, CaptureSection):
            if decoder is None:
                decoder = PieceDecoder(definition, message)
            else:
                decoder.set_section(message)
        elif decoder is not None:
            data = content.read(message)
            connection.send_bytes(UNREADABLE if data is None else decoder.decode(data))


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started meanwhile, for as long as they run; here it is only delayed."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It is started with the first process, and would let the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
