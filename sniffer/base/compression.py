"""Compressed files: gzip, bzip2, xz, and zstd, whose library is an optional extra.

In: a file, compressed or not, or its bytes as they come. Out: its content in chunks. The first bytes decide about the
compression, not the name. Failures raise `SourceError` with one line that names the file. For writing,
`Compression.packer` returns a compressor.

A small file can hold an endless content. Memory stays bounded: each chunk is at most `READ_SIZE` bytes, and a file
that expands more than any log does is refused.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO, Any, Literal, Protocol

from msgspec import Struct

from sniffer.base.errors import CutOffError, SkippedError, SourceError

READ_SIZE = 1 << 16
"""Bytes of content in a chunk, at most."""

MOST_MEMORY = 1 << 28
"""Bytes that a decompressor may need; `xz -9` needs a quarter of it."""

UNCHECKED_SIZE = 1 << 26
"""Bytes of content from which on the ratio is checked. To read so much of a log takes less than half a minute."""

MOST_RATIO = 500
"""The content may be this many times larger than its file. Logs reach 100."""

_GZIP_LEVEL = 6
_GZIP_FORMAT = 31
"""The `wbits` of zlib for its largest window with the header and trailer of gzip."""

_ZSTD_PIECE = 64
"""Bytes that are passed to zstd at once, as its library cannot bound their content: at most 2 MiB."""


class ReadableFile(Protocol):
    """A file that can be read several times: a `pathlib.Path`, or a member of an archive. Its text is its name."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        ...

    @property
    def stem(self) -> str:
        """The last part of the path without its extension."""
        ...

    @property
    def suffix(self) -> str:
        """The extension with its dot."""
        ...

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Return a reader of the bytes of the file."""
        ...


class Compressor(Protocol):
    """A compressor: each call returns the compressed bytes that are ready, `flush` the remaining ones."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more data; return the compressed bytes that are ready."""
        ...

    def flush(self) -> bytes:
        """Return the remaining compressed bytes."""
        ...


class Expander(Protocol):
    """The decompressor of one compressed stream. A file may hold several, one after another."""

    @property
    def eof(self) -> bool:
        """True after the end of the stream."""
        ...

    @property
    def unused_data(self) -> bytes:
        """The bytes after the end of the stream."""
        ...

    def expand(self, data: bytes) -> Iterator[bytes]:
        """Yield the content of these bytes, in chunks of bounded size."""
        ...


class Compression(Struct, frozen=True):
    """One kind of compression. `ending` is the last part of a file name; `magic` is how a compressed file begins.

    `needs` is the module that `packer` and `stream` import; it is empty if Python includes it.
    """

    name: str
    ending: str
    magic: bytes
    packer: Callable[[], Compressor]
    stream: Callable[[], Expander]
    needs: str = ""


def create_gzip_packer() -> "zlib._Compress":
    """Return a compressor of gzip; unlike other compressors, it can be copied and flushed in its middle."""
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)


def _create_zstd_packer() -> Compressor:
    packer: Compressor = import_module("zstandard").ZstdCompressor().compressobj()
    return packer


class DeflateStream:
    """A stream of deflate: that of gzip, or of a zip archive, which has no header and trailer of its own."""

    def __init__(self, window: int = _GZIP_FORMAT) -> None:
        self._inner = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def expand(self, data: bytes) -> Iterator[bytes]:
        is_more = True
        while is_more and not self.eof:
            before = self._inner.copy()
            try:
                chunk = self._inner.decompress(data, READ_SIZE)
            except zlib.error:
                # The call that finds the damage drops what it has expanded before it.
                yield from (before.decompress(data[at : at + 1]) for at in range(len(data)))
                raise
            yield chunk
            data = self._inner.unconsumed_tail
            is_more = len(chunk) == READ_SIZE or bool(data)


class BlockStream:
    """A stream of bzip2 or xz."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def expand(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(data, READ_SIZE)
        while not self.eof and not self._inner.needs_input:
            yield self._inner.decompress(b"", READ_SIZE)


class _ZstdStream:
    """A stream of zstd."""

    def __init__(self) -> None:
        self._library = import_module("zstandard")
        self._inner = self._library.ZstdDecompressor(max_window_size=MOST_MEMORY).decompressobj()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    def expand(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _ZSTD_PIECE):
            try:
                content = self._inner.decompress(data[at : at + _ZSTD_PIECE])
            except self._library.ZstdError as error:
                raise ValueError(str(error)) from error
            for start in range(0, len(content), READ_SIZE):
                yield content[start : start + READ_SIZE]
            if self.eof:
                self.unused_data = self._inner.unused_data + data[at + _ZSTD_PIECE :]
                return


GZIP = Compression("gzip", ".gz", b"\x1f\x8b", create_gzip_packer, DeflateStream)
ZSTD = Compression("zstd", ".zst", b"\x28\xb5\x2f\xfd", _create_zstd_packer, _ZstdStream, needs="zstandard")
BZIP2 = Compression("bzip2", ".bz2", b"BZh", bz2.BZ2Compressor, lambda: BlockStream(bz2.BZ2Decompressor()))
XZ = Compression(
    "xz",
    ".xz",
    b"\xfd7zXZ\0",
    lzma.LZMACompressor,
    lambda: BlockStream(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY)),
)
COMPRESSIONS = (GZIP, ZSTD, XZ, BZIP2)

LONGEST_MAGIC = max(len(compression.magic) for compression in COMPRESSIONS)


class Unpacker:
    """The content of one file whose bytes come in pieces. The first piece decides whether it is compressed.

    `name` is that of the file, for messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._compression: Compression | None = None
        self._stream: Expander | None = None
        self._packed = 0
        self._content = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the content of these bytes, in chunks of at most `READ_SIZE` bytes for a compressed file.

        Raises `SourceError` if the file is damaged from here on, or if it expands too much.
        """
        if not self._packed:
            self._compression = compression_of(data)
        self._packed += len(data)
        if self._compression is None:
            yield data
            return
        try:
            yield from filter(None, self._expand(data, self._compression))
        except (zlib.error, lzma.LZMAError, OSError, ValueError) as error:
            raise SourceError(f"{self._name}: the compressed file is damaged: {error}") from error

    def end(self) -> None:
        """Take the end of the file. Raises `CutOffError` if it is within a compressed stream."""
        if self._stream is not None:
            raise CutOffError(f"{self._name}: the compressed file was cut off; all before the cut was read")

    def _expand(self, data: bytes, compression: Compression) -> Iterator[bytes]:
        """Yield the content of these bytes."""
        while data:
            if self._stream is None:
                # Zero bytes fill the last block of a tape or a disk.
                data = data.lstrip(b"\0")
                if not data:
                    return
                if self._content and not data.startswith(compression.magic[: len(data)]):
                    raise SkippedError(
                        f"{self._name}: the bytes after the end of the {compression.name} data were skipped; all "
                        "before them was read"
                    )
                self._stream = self._create_stream(compression)
            for chunk in self._stream.expand(data):
                self._content += len(chunk)
                check_ratio(self._name, self._content, self._packed)
                yield chunk
            if not self._stream.eof:
                return
            data, self._stream = self._stream.unused_data, None

    def _create_stream(self, compression: Compression) -> Expander:
        """Return a decompressor. Raises `SourceError` that says how to install its library."""
        try:
            return compression.stream()
        except ImportError as error:
            raise SourceError(
                f"{self._name}: packed by zstd: `pip install zstandard`, or unpack it with `zstd -d`"
            ) from error


def check_ratio(name: str, content: int, packed: int) -> None:
    """Raise `SourceError` if `content` bytes are too many for a log that was packed into `packed` bytes."""
    if content > max(UNCHECKED_SIZE, MOST_RATIO * packed):
        raise SourceError(
            f"{name}: it expands to more than {MOST_RATIO} times its size, as no log does: unpack it first, if you "
            f"trust it"
        )


def read_chunks(
    file: ReadableFile, report_progress: Callable[[int], None] = lambda position: None, size: int = READ_SIZE
) -> Iterator[bytes]:
    """Yield the content of the file, decompressed, in chunks of at most `size` bytes.

    `report_progress` is called before each chunk with the number of bytes read from the file itself. Raises
    `SourceError` after the readable part if the rest cannot be read, and `CutOffError` if a compressed file ends early.
    """
    unpacker, position = Unpacker(str(file)), 0
    try:
        with file.open("rb") as packed:
            while data := packed.read(size):
                position += len(data)
                report_progress(position)
                for chunk in unpacker.feed(data):
                    for at in range(0, len(chunk), size):
                        yield chunk[at : at + size] if len(chunk) > size else chunk
    except OSError as error:
        raise SourceError(_describe_failure(file, error)) from error
    unpacker.end()


def detect_compression(file: ReadableFile) -> Compression | None:
    """Return the compression of the file; None if it has none. Raises `SourceError` if it cannot be read."""
    try:
        with file.open("rb") as packed:
            return compression_of(packed.read(LONGEST_MAGIC))
    except OSError as error:
        raise SourceError(_describe_failure(file, error)) from error


def compression_of(head: bytes) -> Compression | None:
    """Return the compression of a file that begins with these bytes; None if it has none."""
    return next((compression for compression in COMPRESSIONS if head.startswith(compression.magic)), None)


def _describe_failure(file: Any, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"{file}: no permission to read it: `ls -l` shows who may"
    return f"{file}: cannot be read: {error.strerror or error}"
