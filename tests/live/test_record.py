"""Recording, as real processes: killed, stopped, on a full disk, and read while it grows."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Note, Segments
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from tests.known_frames import STATUS_REPORT as KNOWN
from tests.live.helpers import PATIENCE, Line, Tap, longest_pause
from tests.live.terminal import Terminal, remains
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF

STATUS_REPORT = KNOWN.raw
CAPTURE = CAPTURES / "undervoltage.log"


def raw(path: Path) -> bytes:
    """Return the bytes of the whole packets of a capture."""
    if not path.exists():
        return b""
    items = items_of(CaptureReader().feed(path.read_bytes()))
    return b"".join(data for item in items if isinstance(item, Segments) for data, _ in item.pieces)


def until_holds(path: Path, data: bytes) -> None:
    deadline = time.monotonic() + PATIENCE
    while raw(path) != data:
        assert time.monotonic() < deadline, (len(raw(path)), len(data))
        time.sleep(0.02)


def fill(path: Path) -> None:
    """Fill the disk."""
    with suppress(OSError), path.open("wb", buffering=0) as full:
        while full.write(bytes(512)):
            pass


class Recording:
    """`evse-sniff record` on a line."""

    def __init__(self, port: str, path: Path, *words: str) -> None:
        self.path = path
        self.process = subprocess.Popen(
            [*EVSE_SNIFF, "record", "--baud", "115200", port, "-o", str(path), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.began = self.process.stdout.readline()

    def end(self, number: int) -> tuple[int, str, str]:
        """Return its exit status and its output after a signal."""
        self.process.send_signal(number)
        printed, complained = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, printed, complained


@pytest.fixture
def line() -> Iterator[Line]:
    with Line() as found:
        yield found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(tmp_path: Path, line: Line, number: int) -> None:
    recording = Recording(line.port, tmp_path / "a.pcapng")
    line.write(STATUS_REPORT * 3)
    until_holds(recording.path, STATUS_REPORT * 3)
    line.write(STATUS_REPORT * 2)
    time.sleep(0.2)
    status, printed, complained = recording.end(number)
    assert (status, complained) == (0, "")
    assert "5 frames" in printed
    assert raw(recording.path) == STATUS_REPORT * 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_dump_with_a_whole_recording(tmp_path: Path, line: Line, number: int) -> None:
    path = tmp_path / "a.pcapng"
    with Tap(line.port, "--baud", "115200", "-o", str(path)) as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT * 3)
        tap.next_seen(3)
        tap.process.send_signal(number)
        assert tap.ended() == (0, "")
    assert raw(path) == STATUS_REPORT * 3


@pytest.mark.parametrize("way", ["TERM", "HUP", "the terminal is closed"])
def test_a_signal_ends_the_screen_with_a_whole_recording(tmp_path: Path, line: Line, way: str) -> None:
    path = tmp_path / "a.pcapng"
    with Terminal(line.port, "--baud", "115200", "-o", str(path), width=120, height=36) as terminal:
        terminal.wait_for("NOTHING HEARD", "REC")
        program = terminal.program
        line.write(STATUS_REPORT * 3)
        terminal.wait_for("fault raised")
        if way in ("TERM", "HUP"):
            terminal.signal(way)
            terminal.wait_for("recorded into", "status=0")
    assert not remains(program)
    assert raw(path) == STATUS_REPORT * 3


def test_a_hangup_that_nohup_ignores_stays_ignored(tmp_path: Path, line: Line) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        recording = Recording(line.port, tmp_path / "a.pcapng")
    finally:
        signal.signal(signal.SIGHUP, before)
    recording.process.send_signal(signal.SIGHUP)
    line.write(STATUS_REPORT)
    until_holds(recording.path, STATUS_REPORT)
    assert recording.end(signal.SIGTERM)[0] == 0


def test_a_kill_loses_at_most_the_last_second(tmp_path: Path, line: Line) -> None:
    recording = Recording(line.port, tmp_path / "a.pcapng")
    fed: list[float] = []
    until = time.monotonic() + 4
    while time.monotonic() < until:
        line.write(STATUS_REPORT)
        fed.append(time.monotonic())
        time.sleep(0.01)
    recording.process.kill()
    killed = time.monotonic()
    recording.process.communicate()
    whole = raw(recording.path)
    assert whole == STATUS_REPORT * (len(whole) // len(STATUS_REPORT))
    late = 0.2 + longest_pause([*fed, killed])
    older = sum(moment < killed - 1 - late for moment in fed)
    assert older <= len(whole) // len(STATUS_REPORT) <= len(fed)
    done = subprocess.run([*EVSE_SNIFF, "dump", str(recording.path)], capture_output=True, text=True)
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) <= 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield the folder of a file system of 64 KB."""
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path]).returncode:
        if os.environ.get("CI") == "true":
            pytest.fail("no small disk can be mounted")
        pytest.skip("no small disk can be mounted")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_full_disk_is_survived(small_disk: Path, line: Line) -> None:
    ballast = small_disk / "ballast"
    recording = Recording(line.port, small_disk / "a.pcapng")
    line.write(STATUS_REPORT)
    until_holds(recording.path, STATUS_REPORT)
    fill(ballast)
    for _ in range(100):
        line.write(STATUS_REPORT)
    time.sleep(1.5)
    ballast.unlink()
    until_holds(recording.path, STATUS_REPORT * 101)
    status, printed, complained = recording.end(signal.SIGTERM)
    assert status == 0
    assert "101 frames" in printed
    assert "NOT RECORDED" in complained
    assert "no room" in complained
    assert "recording again" in complained


@pytest.mark.parametrize("command", ["record", "dump"])
def test_a_full_disk_keeps_the_packets_that_fit(small_disk: Path, command: str) -> None:
    path, session = small_disk / "a.pcapng", small_disk.parent / "session.bin"
    session.write_bytes(STATUS_REPORT * 5000)
    words = [command, str(session), "-o", str(path)]
    done = subprocess.run([*EVSE_SNIFF, *words], capture_output=True, text=True, timeout=PATIENCE)
    session.unlink()
    assert done.returncode == 1
    assert "no room is left on the disk" in done.stderr
    kept = len(raw(path)) // len(STATUS_REPORT)
    assert raw(path) == STATUS_REPORT * kept
    packet = path.stat().st_size // kept
    assert 0 <= (64 << 10) - path.stat().st_size <= packet + 4
    assert f"{5000 - kept:,} packets" in done.stderr


def test_a_file_that_is_shortened_is_shouted_and_recording_goes_on_beside_it(tmp_path: Path, line: Line) -> None:
    recording = Recording(line.port, tmp_path / "a.pcapng")
    line.write(STATUS_REPORT * 3)
    until_holds(recording.path, STATUS_REPORT * 3)
    os.truncate(recording.path, recording.path.stat().st_size - 1)
    line.write(STATUS_REPORT * 2)
    assert recording.process.stderr
    assert "NOT RECORDED" in recording.process.stderr.readline()
    until_holds(tmp_path / "a-2.pcapng", STATUS_REPORT * 2)
    status, printed, complained = recording.end(signal.SIGINT)
    assert status == 0
    assert "a-2.pcapng" in printed
    assert complained.endswith("recording again\n")
    assert raw(recording.path) == STATUS_REPORT * 2


def test_frames_and_seconds_end_it(tmp_path: Path, line: Line) -> None:
    recording = Recording(line.port, tmp_path / "a.pcapng", "--frames", "3")
    line.write(STATUS_REPORT * 3)
    printed, _ = recording.process.communicate(timeout=PATIENCE)
    assert "3 frames" in printed
    done = Recording(line.port, tmp_path / "b.pcapng", "--duration", "0.3").process
    done.communicate(timeout=PATIENCE)
    assert done.returncode == 0


def test_what_grows_is_followed(tmp_path: Path, line: Line) -> None:
    recording = Recording(line.port, tmp_path / "a.pcapng")
    words = [*EVSE_SNIFF, "dump", "--follow", str(recording.path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout
        for number in range(1, 4):
            line.write(STATUS_REPORT)
            found = next(row for row in following.stdout if "status report:" in row and "***" not in row)
            assert found.split()[0] == str(number)
        following.kill()
    recording.end(signal.SIGTERM)


def test_the_screen_records_a_port_by_itself_with_its_notes(line: Line) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"]) / "evse-sniff" / "recordings"
    # Another test may have recorded a pseudo-terminal of the same name.
    before = set(folder.glob("*"))
    with Terminal(line.port, "--baud", "115200", width=120, height=36) as terminal:
        terminal.wait_for("NOTHING HEARD", "REC")
        line.write(STATUS_REPORT)
        terminal.wait_for("fault raised")
        terminal.type(";look here\r")
        terminal.wait_for("look here")
        terminal.press("q")
        terminal.wait_for("status=0")
    (path,) = set(folder.glob(f"{Path(line.port).name}-*.pcapng")) - before
    pipeline, notes = Pipeline(packaged_definition()), {}
    for item in items_of(CaptureReader().feed(path.read_bytes())):
        if isinstance(item, Note):
            notes[item.number or pipeline.next_number] = item.text
        else:
            pipeline.feed(item)
    assert raw(path) == STATUS_REPORT
    assert notes == {1: "look here"}


def test_it_stops_at_the_last_frame_that_is_wanted(tmp_path: Path) -> None:
    words = ["record", str(CAPTURE), "-o", str(tmp_path / "a.pcapng"), "--frames", "3"]
    done = subprocess.run([*EVSE_SNIFF, *words], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 frames and 0 pieces of noise" in done.stdout
    assert f"({(tmp_path / 'a.pcapng').stat().st_size:,} bytes)" in done.stdout
    dumped = subprocess.run([*EVSE_SNIFF, "dump", "--json", str(tmp_path / "a.pcapng")], capture_output=True, text=True)
    assert dumped.stdout.count('"type": "frame"') == 3


@pytest.mark.parametrize("command", ["record", "dump"])
def test_a_file_that_is_there_is_refused_in_one_line(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a\x1b[31m.pcapng"
    path.write_bytes(b"precious")
    done = subprocess.run([*EVSE_SNIFF, command, str(CAPTURE), "-o", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith("a\\x1b[31m.pcapng: it is there already: name another file\n")
    assert path.read_bytes() == b"precious"


def test_a_file_that_is_there_is_refused_before_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(b"precious")
    with Terminal(str(CAPTURE), "-o", str(path), width=240, height=30) as terminal:
        terminal.wait_for("it is there already: name another file", "status=1")
    assert path.read_bytes() == b"precious"


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    words = ["record", str(CAPTURE), "-o", str(tmp_path / "pipe")]
    done = subprocess.run([*EVSE_SNIFF, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert "this is no file" in done.stderr


def test_dump_records_with_the_option_for_it(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    whole = subprocess.run([*EVSE_SNIFF, "dump", "--filter", "crc bad", "-o", str(path), str(CAPTURE)])
    assert whole.returncode == 0
    again, before = (
        subprocess.run([*EVSE_SNIFF, "dump", "--json", str(one)], capture_output=True).stdout for one in (path, CAPTURE)
    )
    assert again == before


def test_a_folder_that_is_deleted_is_shouted_and_recording_goes_on_when_it_is_back(tmp_path: Path, line: Line) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    recording = Recording(line.port, folder / "a.pcapng")
    line.write(STATUS_REPORT)
    until_holds(recording.path, STATUS_REPORT)
    recording.path.unlink()
    folder.rmdir()
    line.write(STATUS_REPORT * 2)
    assert recording.process.stderr
    assert "NOT RECORDED" in recording.process.stderr.readline()
    line.write(STATUS_REPORT * 3)
    folder.mkdir()
    until_holds(recording.path, STATUS_REPORT * 5)
    status, printed, complained = recording.end(signal.SIGINT)
    assert status == 0
    assert "6 frames" in printed
    assert complained.endswith("recording again\n")


def test_no_record_records_nothing(line: Line) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"]) / "evse-sniff" / "recordings"
    before = set(folder.glob("*"))
    with Terminal("--no-record", line.port, width=120, height=36) as terminal:
        assert "REC" not in terminal.wait_for("NOTHING HEARD", "traffic")
        terminal.press("q")
        terminal.wait_for("status=0")
    assert set(folder.glob("*")) == before


def test_a_capture_on_standard_output_ends_with_its_reader_although_the_line_is_silent() -> None:
    with Line() as line:
        process = subprocess.Popen(
            [*EVSE_SNIFF, "record", "--baud", "115200", line.port, "-o", "-"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.read(4) == b"\x0a\x0d\x0d\x0a"
        process.stdout.close()
        assert process.stderr is not None
        assert (process.wait(PATIENCE), process.stderr.read()) == (0, b"")
        process.stderr.close()
