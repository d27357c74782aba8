"""A capture on standard output: a pipe takes it whole, or its end is reported."""

import asyncio
import os
import pty
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError, RecordingError
from sniffer.recording.output_stream import NamedPipe, OutputStream, StandardOutput


def test_what_is_written_goes_through_the_pipe() -> None:
    reader, writer = os.pipe()
    stream = StandardOutput(writer).new_file()
    stream.write(b"head")
    stream.write(b"packet")
    stream.close()
    assert os.read(reader, 100) == b"headpacket"
    assert (stream.size, stream.is_broken, stream.is_intact()) == (10, False, True)
    os.close(reader)
    os.close(writer)


def test_a_reader_that_has_ended_is_reported_for_good() -> None:
    reader, writer = os.pipe()
    stream = StandardOutput(writer).new_file()
    os.close(reader)
    for _ in range(2):
        with pytest.raises(RecordingError, match="its reader has ended"):
            stream.write(b"packet")
        assert stream.is_broken
    os.close(writer)


def test_nothing_follows_half_a_packet() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    stream = StandardOutput(writer).new_file()
    with pytest.raises(RecordingError):
        stream.write(bytes(1 << 20))
    assert stream.is_broken
    os.close(reader)
    os.close(writer)


def test_packets_of_which_nothing_was_written_may_be_written_again() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    stream = StandardOutput(writer).new_file()
    filled = 1 << 16
    stream.write(bytes(filled))
    with pytest.raises(RecordingError):
        stream.write(b"packet")
    assert not stream.is_broken
    assert len(os.read(reader, filled)) == filled
    stream.write(b"packet")
    assert os.read(reader, 100) == b"packet"
    os.close(reader)
    os.close(writer)


def test_a_terminal_takes_no_capture() -> None:
    main, port = pty.openpty()
    with pytest.raises(OutputError, match="terminal"):
        StandardOutput(port)
    os.close(main)
    os.close(port)


async def test_the_end_of_the_reader_is_noticed_although_nothing_is_written() -> None:
    reader, writer = os.pipe()
    stream, ended = OutputStream(writer), asyncio.Event()
    stream.watch_reader(ended.set)
    stream.write(b"packet")
    await asyncio.sleep(0.05)
    assert not ended.is_set()
    os.close(reader)
    await asyncio.wait_for(ended.wait(), 30)
    assert (stream.is_broken, stream.has_lost_reader) == (True, True)
    os.close(writer)


async def test_a_file_is_not_watched(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        OutputStream(file.fileno()).watch_reader(lambda: pytest.fail("a file has no reader"))
        await asyncio.sleep(0.05)


def test_a_named_pipe_takes_a_capture_once_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    stream = NamedPipe(path).new_file()
    stream.write(b"packet")
    assert os.read(reader, 100) == b"packet"
    assert stream.path == path
    os.close(reader)


def test_a_named_pipe_that_nobody_reads_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OutputError, match="nobody reads this pipe"):
        NamedPipe(path, timeout=0.1)


def test_only_a_named_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(OutputError, match="this is no named pipe"):
        NamedPipe(path)
    assert path.read_text() == "mine"
    with pytest.raises(OutputError, match="no such pipe"):
        NamedPipe(tmp_path / "none" / "pipe")
