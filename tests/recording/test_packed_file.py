"""A packed file can be unpacked at any time, up to its last write."""

import gzip
import resource
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from sniffer.base.compression import read_chunks
from sniffer.base.errors import CutOffError, RecordingError
from sniffer.recording.packed_file import PackedFile

PACKETS = [Random(number).randbytes(40) * 3 for number in range(20)]


@contextmanager
def limited_to(size: int) -> Iterator[None]:
    """Let no file grow beyond this size in bytes, as on a full disk."""
    limits, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_file_that_was_closed_is_whole(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "a")
    for packet in PACKETS:
        file.write(packet)
    file.close()
    assert gzip.decompress((tmp_path / "a").read_bytes()) == b"".join(PACKETS)


def test_after_each_write_all_packets_can_be_unpacked(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "a")
    for number, packet in enumerate(PACKETS, 1):
        file.write(packet)
        assert file.size == (tmp_path / "a").stat().st_size
        chunks = read_chunks(tmp_path / "a")
        assert next(chunks) == b"".join(PACKETS[:number])
        with pytest.raises(CutOffError, match="cut off"):
            next(chunks)
    file.close()


def test_packets_that_resemble_earlier_ones_take_little_room(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "a")
    file.write(PACKETS[0])
    before = file.size
    file.write(PACKETS[0])
    assert file.size - before < 20
    file.close()


def test_a_write_that_failed_is_taken_back_and_tried_again(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "a")
    file.write(PACKETS[0])
    size = file.size
    with limited_to(size + 5), pytest.raises(RecordingError, match="as large as it may be"):
        file.write(PACKETS[1])
    assert (tmp_path / "a").stat().st_size == file.size == size
    file.write(PACKETS[1])
    file.write(PACKETS[2])
    file.close()
    assert gzip.decompress((tmp_path / "a").read_bytes()) == b"".join(PACKETS[:3])


def test_a_full_disk_at_the_end_leaves_what_was_written(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "a")
    file.write(PACKETS[0])
    with limited_to(file.size):
        file.close()
    assert zlib.decompressobj(wbits=31).decompress((tmp_path / "a").read_bytes()) == PACKETS[0]


def test_an_empty_file_is_not_left_behind(tmp_path: Path) -> None:
    PackedFile(tmp_path / "a").close()
    assert not (tmp_path / "a").exists()


def test_a_file_that_was_taken_away_is_no_longer_intact(tmp_path: Path) -> None:
    file = PackedFile(tmp_path / "a")
    file.write(PACKETS[0])
    (tmp_path / "a").rename(tmp_path / "b")
    assert not file.is_intact()
    file.close()
