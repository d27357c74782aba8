"""A serial port that can only be read: one read returns all bytes of the driver."""

import os
import pty
import select
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from sniffer.sources.serial.receive_only import READ_SIZE, ReceiveOnlyPort, open_port

FULL = bytes(4095)


@pytest.fixture
def line() -> Iterator[tuple[int, ReceiveOnlyPort]]:
    main, port = pty.openpty()
    tty.setraw(port)
    tap = open_port(os.ttyname(port), 115200)
    yield main, tap
    tap.close()
    os.close(main)
    os.close(port)


def driver_gives(patch: pytest.MonkeyPatch, *reads: bytes | OSError) -> None:
    results = iter(reads)

    def read(_descriptor: int, _size: int) -> bytes:
        one = next(results)
        if isinstance(one, OSError):
            raise one
        return one

    patch.setattr(os, "read", read)


def test_all_that_waits_is_read_at_once(line: tuple[int, ReceiveOnlyPort]) -> None:
    main, tap = line
    os.write(main, bytes(range(250)) * 12)
    data = b""
    while len(data) < 3000:
        select.select([tap], [], [])
        data += tap.decode_marks(tap.read(1))[0]
    assert data == bytes(range(250)) * 12


def test_a_driver_that_is_full_is_emptied(line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        driver_gives(patch, FULL, FULL, b"the rest")
        assert line[1].read(1) == FULL + FULL + b"the rest"
        driver_gives(patch, FULL, BlockingIOError())
        assert line[1].read(1) == FULL


def test_a_line_that_never_pauses_gives_way(line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        driver_gives(patch, *[FULL] * 100)
        assert READ_SIZE <= len(line[1].read(1)) < READ_SIZE + len(FULL)


@pytest.mark.parametrize("end", [b"", OSError(5, "Input/output error")])
def test_bytes_before_the_end_are_read_before_it_is_reported(
    end: bytes | OSError, line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        driver_gives(patch, FULL, end, end)
        assert line[1].read(1) == FULL
        with pytest.raises(serial.SerialException):
            line[1].read(1)


def test_the_rate_shown_is_that_of_the_driver(line: tuple[int, ReceiveOnlyPort]) -> None:
    _, tap = line
    assert tap.describe_settings().startswith("115200 8N1")
    assert tap.fd is not None
    settings = termios.tcgetattr(tap.fd)
    # An adapter that cannot produce the rate takes the nearest, and the kernel writes it into the settings.
    settings[4] = settings[5] = termios.B57600
    termios.tcsetattr(tap.fd, termios.TCSANOW, settings)
    assert tap.describe_settings().startswith("57600 8N1")


def test_a_port_that_was_closed_can_be_opened_again(line: tuple[int, ReceiveOnlyPort]) -> None:
    _, tap = line
    with pytest.raises(OSError, match=r"busy|unavailable"):
        open_port(str(tap.port), 115200)
    tap.close()
    assert not tap.is_open
    again = open_port(str(tap.port), 115200)
    assert again.is_open
    again.close()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the open files are listed on Linux only")
def test_a_file_that_is_no_port_is_refused_and_closed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="Inappropriate ioctl"):
        open_port(str(file), 115200)
    assert set(os.listdir("/proc/self/fd")) == before
