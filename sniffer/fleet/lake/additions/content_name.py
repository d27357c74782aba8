"""The name of the content of a file, by which the lake knows its session.

In: a file, packed or not. Out: a `ContentName`. The same content has the same name wherever it lies, packed or not. A
recording that still grows has another name each time; the beginning of the name stays, so that it can be recognised.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from msgspec import Struct

from sniffer.base.compression import ReadableFile, read_chunks
from sniffer.base.errors import CutOffError

HEAD_SIZE = 1024
"""The bytes at the beginning by which a file that has grown is recognised."""

HEAD_DIGITS, CONTENT_DIGITS = 16, 32
"""The hexadecimal digits of a name that are made of the beginning, and of all of the content."""


class ContentName(Struct, frozen=True):
    """The name of some content, and its size in bytes."""

    name: str
    size: int

    @property
    def head(self) -> str:
        """The part of the name that stays while a file grows."""
        return self.name[:HEAD_DIGITS]


def read_content_name(file: ReadableFile) -> ContentName:
    """Return the name of the content of a file.

    Raises `SourceError` if it cannot be read. A packed file that was cut off is what can be unpacked of it.
    """
    whole, head, size = sha256(), b"", 0
    for data in _read_whole_chunks(file):
        head = (head + data)[:HEAD_SIZE] if size < HEAD_SIZE else head
        whole.update(data)
        size += len(data)
    return ContentName(_build_name(head, whole.hexdigest()), size)


def list_earlier_names(file: ReadableFile, sizes: Iterable[int]) -> set[str]:
    """Return the names that the content of a file had when it was as long as each of `sizes`, in bytes.

    Sizes that it has not passed are left out.
    Raises `SourceError` if it cannot be read.
    """
    waiting = sorted(sizes, reverse=True)
    whole, head, size, names = sha256(), b"", 0, set()
    for data in _read_whole_chunks(file):
        while waiting and waiting[-1] < size + len(data):
            part = data[: waiting[-1] - size]
            before = whole.copy()
            before.update(part)
            names.add(_build_name((head + part)[:HEAD_SIZE], before.hexdigest()))
            waiting.pop()
        head = (head + data)[:HEAD_SIZE] if size < HEAD_SIZE else head
        whole.update(data)
        size += len(data)
    return names


def _build_name(head: bytes, digest: str) -> str:
    return sha256(head).hexdigest()[:HEAD_DIGITS] + digest[:CONTENT_DIGITS]


def _read_whole_chunks(file: ReadableFile) -> Iterator[bytes]:
    """Yield the unpacked bytes of a file, up to the place where it was cut off."""
    try:
        yield from read_chunks(file)
    except CutOffError:
        # Whoever reads the session reports it.
        return
