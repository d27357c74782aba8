"""A capture on standard output: a pipe takes it whole, or its end is reported."""

import os
import pty

import pytest

from sniffer.base.errors import OutputError, RecordingError
from sniffer.recording.output_stream import StandardOutput


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
