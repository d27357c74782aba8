"""The tap inside of Wireshark: what tshark lists, captures and shows, and how a capture ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sniffer.formats.pcapng.reader import CaptureReader
from tests.known_frames import KNOWN_FRAMES
from tests.live.helpers import PATIENCE, Line, find_listener
from tests.live.test_simulate import simulated
from tests.tools import EVSE_SNIFF, need

EXTCAP = [sys.executable, "-P", "-m", "sniffer.cli.extcap"]
PORT = "extcap.evse_sniff.port"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home in which dissector and extcap interface are installed."""
    need("tshark")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    subprocess.run([*EVSE_SNIFF, "wireshark", "--install"], check=True, capture_output=True, timeout=PATIENCE)
    return tmp_path


def tshark(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["tshark", *words], capture_output=True, text=True, timeout=2 * PATIENCE, check=False)


def test_the_tap_is_in_the_list_of_interfaces(home: Path) -> None:
    assert "evse-sniff (EV charger serial bus)" in tshark("-D").stdout


def test_the_tap_is_gone_from_the_list_when_it_is_uninstalled(home: Path) -> None:
    subprocess.run([*EVSE_SNIFF, "wireshark", "--uninstall"], check=True, capture_output=True, timeout=PATIENCE)
    assert "evse-sniff" not in tshark("-D").stdout


def test_tshark_captures_from_a_port_and_shows_our_fields(home: Path) -> None:
    with simulated() as port:
        done = tshark(
            *("-l", "-n", "-o", f"{PORT}:{port}", "-i", "evse-sniff", "-a", "packets:3", "-Y", "evse.name"),
            *("-T", "fields", "-e", "frame.interface_name", "-e", "evse.name", "-e", "evse.crc.status"),
        )
    assert done.returncode == 0
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows[0] == [port, "phase voltages", "1"]
    assert {(row[0], row[2]) for row in rows} == {(port, "1")}
    assert "Error" not in done.stderr


def test_the_address_of_another_machine_and_a_rate_are_taken_from_the_dialog(home: Path) -> None:
    with simulated("--baud", "9600") as port:
        words = ["-o", f"extcap.evse_sniff.address:{port}", "-o", "extcap.evse_sniff.baud:9600"]
        done = tshark("-l", "-n", *words, "-i", "evse-sniff", "-c", "1", "-T", "fields", "-e", "evse.name")
    assert done.stdout == "phase voltages\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "no port was chosen"),
        (["-o", f"{PORT}:/dev/none"], "/dev/none: no such port"),
        (["-o", f"{PORT}:demo", "-o", "extcap.evse_sniff.baud:fast"], "fast: no baud rate"),
    ],
)
def test_what_cannot_be_opened_is_shown_by_tshark(home: Path, words: list[str], expected: str) -> None:
    errors = tshark(*words, "-i", "evse-sniff").stderr
    assert f"Error by extcap pipe: evse-sniff: {expected}" in errors
    assert "There is no device" not in errors


class Capture:
    """The extcap program on a line, with this test as the reader of its pipe."""

    def __init__(self, pipe: Path, port: str, *words: str) -> None:
        os.mkfifo(pipe)
        chosen = ["--port", port, "--baud", "115200", *words]
        self.process = subprocess.Popen(
            [*EXTCAP, "--capture", "--extcap-interface", "evse-sniff", "--fifo", pipe, *chosen],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.reader = pipe.open("rb", buffering=0)
        self.packets = CaptureReader()

    def wait_until_open(self, port: str) -> None:
        """Wait until the program listens to this port."""
        while not find_listener(self.process.pid, port):
            assert self.process.poll() is None, self.ended()

    def read_frames(self, count: int) -> list[bytes]:
        """Return the bytes of the next packets that have some."""
        found: list[bytes] = []
        while len(found) < count:
            data = self.reader.read(1 << 16)
            assert data, "the pipe was closed"
            found += [packet.data[12:] for packet in self.packets.feed(data) if packet.data[12:]]
        return found

    def ended(self) -> tuple[int, str, str]:
        """Wait for the end; the exit status and what was written."""
        out, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, errors

    def __enter__(self) -> "Capture":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        self.reader.close()


@pytest.fixture
def line() -> Iterator[Line]:
    with Line() as line:
        yield line


@contextmanager
def captured(port: str, line: Line, pipe: Path) -> Iterator[Capture]:
    """Yield a capture of the line, opened by this name, that has taken all known frames."""
    frames = [known.raw for known in KNOWN_FRAMES]
    with Capture(pipe, port) as found:
        found.wait_until_open(line.port)
        line.write(b"".join(frames))
        assert found.read_frames(len(frames)) == frames
        yield found


@pytest.fixture
def capture(line: Line, tmp_path: Path) -> Iterator[Capture]:
    """Yield a capture of the line that has taken all known frames."""
    with captured(line.port, line, tmp_path / "pipe") as found:
        yield found


def test_a_pipe_that_is_closed_ends_the_capture_although_the_line_is_silent(capture: Capture) -> None:
    capture.reader.close()
    assert capture.ended() == (0, "", "")


def test_the_signal_of_the_red_button_ends_the_capture(capture: Capture) -> None:
    capture.process.send_signal(signal.SIGTERM)
    assert capture.ended() == (0, "", "")


def test_a_port_that_goes_away_is_a_packet_and_no_end(line: Line, tmp_path: Path) -> None:
    # A link, as udev makes them: a pseudo-terminal that is opened by its own name never returns.
    name = tmp_path / "adapter"
    name.symlink_to(line.port)
    with captured(str(name), line, tmp_path / "pipe") as capture:
        name.unlink()
        line.unplug()
        while all(packet.data[12:] for packet in capture.packets.feed(capture.reader.read(1 << 16))):
            pass
        assert capture.process.poll() is None
        capture.process.send_signal(signal.SIGTERM)
        assert capture.ended() == (0, "", "")


def test_a_second_port_is_the_other_wire(line: Line, tmp_path: Path) -> None:
    first, second = KNOWN_FRAMES[0].raw, KNOWN_FRAMES[2].raw
    with Line() as other, Capture(tmp_path / "pipe", line.port, "--second-port", other.port) as both:
        both.wait_until_open(line.port)
        both.wait_until_open(other.port)
        line.write(first)
        other.write(second)
        assert sorted(both.read_frames(2)) == sorted([first, second])
