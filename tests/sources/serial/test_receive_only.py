"""A serial port that can only be read: one read returns all bytes of the driver."""

import os
import pty
import select
import tty
from collections.abc import Iterator

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
