"""The output of lines: a slow reader of a live line stops nothing, and learns what it missed."""

import os
import threading
from io import StringIO

import pytest

from sniffer.base.errors import OutputError
from sniffer.commands.dump.line_output import DirectOutput, Overrun, QueuedOutput, write_to_descriptor


class SlowReader:
    """A reader that takes nothing until it may."""

    def __init__(self) -> None:
        self.taken = b""
        self.is_open = threading.Event()
        self.has_begun = threading.Event()

    def write_all(self, data: bytes) -> None:
        self.has_begun.set()
        self.is_open.wait()
        self.taken += data


def format_overrun(overrun: Overrun) -> str:
    return f"missed {overrun.first} to {overrun.last}, {overrun.records}"


def write_records(output: QueuedOutput, numbers: range) -> None:
    for number in numbers:
        output.write(f"{number:09}\n", number, number, 1)


def test_what_does_not_fit_is_counted_and_reported_once() -> None:
    reader = SlowReader()
    output = QueuedOutput(reader.write_all, format_overrun, size=100)
    write_records(output, range(1, 31))
    reader.is_open.set()
    while output._waiting:
        pass
    write_records(output, range(31, 33))
    assert output.close() == 0
    lines = reader.taken.decode().splitlines()
    assert [int(line) for line in lines[:10]] == [*range(1, 11)]
    assert lines[10:] == ["missed 11 to 30, 20", "000000031", "000000032"]


def test_records_are_written_again_only_when_half_of_the_queue_is_free() -> None:
    reader = SlowReader()
    output = QueuedOutput(reader.write_all, format_overrun, size=100)
    write_records(output, range(1, 12))
    reader.has_begun.wait()
    with output._changed:
        output._size -= 20
    write_records(output, range(12, 13))
    with output._changed:
        output._size += 20
    reader.is_open.set()
    output.close()
    assert reader.taken.decode().splitlines()[-1] == "missed 11 to 12, 2"


def test_what_is_left_out_at_the_end_is_reported_too() -> None:
    reader = SlowReader()
    output = QueuedOutput(reader.write_all, format_overrun, size=20)
    write_records(output, range(1, 6))
    reader.is_open.set()
    assert output.close() == 0
    assert reader.taken.decode().splitlines() == ["000000001", "000000002", "missed 3 to 5, 3"]


def test_a_text_longer_than_the_queue_is_written_if_nothing_waits() -> None:
    reader = SlowReader()
    reader.is_open.set()
    output = QueuedOutput(reader.write_all, format_overrun, size=5)
    output.write("a long line\n", 1, 1, 1)
    assert output.close() == 0
    assert reader.taken == b"a long line\n"


def test_the_end_does_not_wait_for_a_reader_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.commands.dump.line_output.PATIENCE", 0.05)
    reader = SlowReader()
    output = QueuedOutput(reader.write_all, format_overrun)
    write_records(output, range(1, 4))
    assert output.close() == 3
    reader.is_open.set()


@pytest.mark.parametrize(
    ("error", "expected"), [(BrokenPipeError, BrokenPipeError), (OSError(28, "full"), OutputError)]
)
def test_a_failure_of_the_thread_is_raised_by_the_next_write(
    error: type[BaseException] | OSError, expected: type[BaseException]
) -> None:
    def fail(data: bytes) -> None:
        raise error

    output = QueuedOutput(fail, format_overrun)
    output.write("1\n", 1, 1, 1)
    output._thread.join()
    with pytest.raises(expected):
        output.write("2\n", 2, 2, 1)
    with pytest.raises(expected):
        output.close()


def test_a_direct_output_writes_at_once() -> None:
    out = StringIO()
    output = DirectOutput(out)
    output.write("a\n", 1, 1, 1)
    assert (out.getvalue(), output.close()) == ("a\n", 0)


def test_all_bytes_reach_a_descriptor_that_does_not_block() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    data = bytes(200_000)
    taken: list[bytes] = []

    def take() -> None:
        while sum(map(len, taken)) < len(data):
            taken.append(os.read(reading, 4096))

    thread = threading.Thread(target=take)
    thread.start()
    write_to_descriptor(writing, data)
    thread.join()
    assert b"".join(taken) == data
    os.close(reading)
    os.close(writing)
