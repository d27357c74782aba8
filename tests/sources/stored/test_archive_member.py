"""A member of an archive is read like a file, as often as is needed, and its name is safe to print."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sniffer.base.compression import read_chunks
from sniffer.base.errors import CutOffError
from sniffer.sources.stored.archive_member import ArchiveMember


def member(*chunks: bytes, path: str = "logs/a.log.gz") -> ArchiveMember:
    return ArchiveMember("x.zip", path, lambda: iter(chunks))


def test_it_has_the_names_of_a_path() -> None:
    path, one = Path("logs/a.log.gz"), member()
    assert (one.name, one.stem, one.suffix) == (path.name, path.stem, path.suffix)
    assert str(one) == "x.zip/logs/a.log.gz"


def test_its_name_sends_nothing_to_the_terminal() -> None:
    assert "\x1b" not in str(member(path="a\x1b[2J.log"))


@pytest.mark.parametrize("size", [1, 3, 100])
def test_it_is_read_in_any_size_and_again(size: int) -> None:
    one = member(b"abcd", b"", b"ef")
    for _ in range(2):
        assert b"".join(read_chunks(one, size=size)) == b"abcdef"


def test_an_error_comes_after_all_before_it() -> None:
    def read() -> Iterator[bytes]:
        yield b"abc"
        raise CutOffError("cut")

    chunks: list[bytes] = []
    with pytest.raises(CutOffError, match="cut"):
        chunks.extend(read_chunks(ArchiveMember("x", "a", read)))
    assert chunks == [b"abc"]
