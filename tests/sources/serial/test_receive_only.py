"""A serial port that can only be read: one read returns all bytes of the driver."""

import errno
import os
import pty
import re
import select
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

import sniffer
from sniffer.sources.serial import receive_only
from sniffer.sources.serial.receive_only import READ_SIZE, ReceiveOnlyPort, open_port, read_node
from tests.live.helpers import Line

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


def test_a_read_of_the_size_that_is_wanted_is_the_last(
    line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        driver_gives(patch, bytes(READ_SIZE), b"of the next read")
        assert line[1].read(1) == bytes(READ_SIZE)
        assert line[1].read(1) == b"of the next read"


def test_a_port_is_set_up_again_only_for_another_rate(
    line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, tap = line
    set_up: list[object] = []
    monkeypatch.setattr(serial.Serial, "_reconfigure_port", lambda port, force=False: set_up.append(port.baudrate))
    tap.baudrate = 115200
    assert set_up == []
    tap.baudrate = 9600
    assert set_up == [9600]


@pytest.mark.parametrize("end", [OSError(5, "Input/output error")])
def test_bytes_before_the_end_are_read_before_it_is_reported(
    end: OSError, line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch
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


def settings_of(descriptor: int) -> list[object]:
    return list(termios.tcgetattr(descriptor))


@pytest.mark.parametrize("rate", [115200, 12345])
def test_the_settings_that_were_found_are_given_back(rate: int) -> None:
    main, port = pty.openpty()
    # The kernel's settings of a new terminal: it echoes, and VMIN means nothing yet.
    found = settings_of(port)
    tap = open_port(os.ttyname(port), rate)
    made = settings_of(port)
    tap.baudrate = 9600
    assert made != found
    tap.close()
    assert settings_of(port) == found
    os.close(main)
    os.close(port)


def test_marks_vmin_and_hupcl_are_on_while_the_port_is_read_only(line: tuple[int, ReceiveOnlyPort]) -> None:
    _, tap = line
    assert tap.fd is not None
    settings = termios.tcgetattr(tap.fd)
    assert settings[0] & termios.PARMRK
    assert settings[6][termios.VMIN] in (1, b"\1")
    assert not settings[2] & termios.HUPCL


def test_the_beginning_of_a_mark_that_nothing_follows_is_bytes_of_the_line(line: tuple[int, ReceiveOnlyPort]) -> None:
    _, tap = line
    assert tap.decode_marks(b"x\xff") == (b"x", ())
    assert tap.flush_marks() == b"\xff"
    assert tap.flush_marks() == b""


def test_closing_the_port_does_not_lower_its_lines() -> None:
    main, port = pty.openpty()
    settings = termios.tcgetattr(port)
    settings[2] |= termios.HUPCL
    termios.tcsetattr(port, termios.TCSANOW, settings)
    tap = open_port(os.ttyname(port), 115200)
    made = termios.tcgetattr(port)
    assert not made[2] & termios.HUPCL
    # All that a line sends is bytes: nothing is echoed, edited or taken for a signal.
    assert not made[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
    tap.close()
    assert termios.tcgetattr(port)[2] & termios.HUPCL
    os.close(main)
    os.close(port)


def test_hardware_flow_control_is_left_off() -> None:
    main, port = pty.openpty()
    settings = termios.tcgetattr(port)
    settings[2] |= termios.CRTSCTS | termios.HUPCL
    termios.tcsetattr(port, termios.TCSANOW, settings)
    open_port(os.ttyname(port), 115200).close()
    assert termios.tcgetattr(port)[2] & (termios.CRTSCTS | termios.HUPCL) == termios.HUPCL
    os.close(main)
    os.close(port)


def test_settings_that_somebody_else_made_meanwhile_are_left_alone() -> None:
    main, port = pty.openpty()
    tap = open_port(os.ttyname(port), 115200)
    settings = termios.tcgetattr(port)
    settings[4] = settings[5] = termios.B4800
    termios.tcsetattr(port, termios.TCSANOW, settings)
    tap.close()
    assert termios.tcgetattr(port)[4] == termios.B4800
    os.close(main)
    os.close(port)


def test_settings_that_could_not_be_given_back_after_a_hang_up_are_given_back_by_the_next_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with Line() as line:
        found = line.settings
        first = open_port(line.port, 9600)
        with monkeypatch.context() as patch:
            patch.setattr(receive_only, "_write_settings", fail)
            first.close()
        assert line.settings != found
        second = open_port(line.port, 9600, after=first)
        second.close()
        assert line.settings == found


def test_what_another_port_had_is_not_given_to_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with Line() as line, Line() as other:
        first, second = open_port(line.port, 9600), open_port(other.port, 9600)
        with monkeypatch.context() as patch:
            patch.setattr(ReceiveOnlyPort, "_give_back", lambda _: None)
            first.close()
            second.close()
        # Both have the same settings now, and the first port found others.
        made = other.settings
        open_port(other.port, 9600, after=first).close()
        assert other.settings == made


def test_a_file_that_was_removed_is_no_node() -> None:
    line = Line()
    opened = open_port(line.port, 9600)
    opened.close()
    assert opened.node == read_node(line.port) is not None
    line.unplug()
    assert read_node(line.port) is None


def test_a_port_that_cannot_be_set_up_has_the_settings_that_were_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int, _queue: int) -> None:
        raise OSError(5, "Input/output error")

    main, port = pty.openpty()
    found = settings_of(port)
    with monkeypatch.context() as patch:
        patch.setattr(termios, "tcflush", fail)
        with pytest.raises(OSError, match="Input/output"):
            open_port(os.ttyname(port), 115200)
    assert settings_of(port) == found
    open_port(os.ttyname(port), 115200).close()
    os.close(main)
    os.close(port)


@pytest.mark.parametrize("vmin", [0, 1])
def test_bytes_that_another_reader_took_are_not_the_end_of_the_device(
    vmin: int, line: tuple[int, ReceiveOnlyPort]
) -> None:
    main, tap = line
    assert tap.fd is not None
    settings = termios.tcgetattr(tap.fd)
    # Another reader may have its own settings.
    settings[6][termios.VMIN] = vmin
    termios.tcsetattr(tap.fd, termios.TCSANOW, settings)
    assert tap.read(1) == b""
    os.write(main, b"x")
    assert tap.read(1) == b"x"


def test_a_device_that_is_unplugged_is_seen_at_once() -> None:
    main, port = pty.openpty()
    tap = open_port(os.ttyname(port), 115200)
    os.close(main)
    with pytest.raises(serial.SerialException):
        tap.read(1)
    tap.close()
    os.close(port)


def test_a_shared_port_is_read_as_it_is() -> None:
    main, port = pty.openpty()
    tty.setraw(port)
    found = settings_of(port)
    tap = open_port(os.ttyname(port), 115200, is_shared=True)
    assert settings_of(port) == found
    tap.request_low_latency()
    # Errors are not marked, so the byte ff is itself.
    os.write(main, b"\xff\x00x")
    select.select([tap], [], [])
    assert tap.decode_marks(tap.read(1)) == (b"\xff\x00x", ())
    assert tap.flush_marks() == b""
    tap.baudrate = 9600
    tap.close()
    assert settings_of(port) == found
    os.close(main)
    os.close(port)


def test_no_other_module_sets_a_port_up() -> None:
    package = Path(sniffer.__file__).parent
    found = {path.name for path in package.rglob("*.py") if re.search("tcsetattr|TCSETS|TIOCEXCL", path.read_text())}
    # `other_readers` names the ioctl in a docstring.
    assert found - {"other_readers.py"} == {"receive_only.py"}


@pytest.mark.parametrize(("is_shared", "expected"), [(False, ["dtr", "rts"]), (True, [])])
def test_the_control_lines_are_set_at_opening_unless_the_port_is_shared(
    is_shared: bool, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    monkeypatch.setattr(serial.Serial, "_update_dtr_state", lambda _: found.append("dtr"))
    monkeypatch.setattr(serial.Serial, "_update_rts_state", lambda _: found.append("rts"))
    with Line() as line:
        open_port(line.port, 115200, is_shared=is_shared).close()
    assert found == expected


@pytest.mark.parametrize("is_linux", [True, False])
def test_a_port_that_counts_no_errors_has_no_counts(
    is_linux: bool, line: tuple[int, ReceiveOnlyPort], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive_only, "IS_LINUX", is_linux)
    assert line[1].read_error_counts() == {}
