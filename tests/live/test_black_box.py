"""`record --until` on a line: a kill before or after the event loses at most the last second, as in any recording."""

import signal
import time
from pathlib import Path

import pytest

from tests.live.helpers import PATIENCE, Line, longest_pause
from tests.live.test_record import Recording, raw
from tests.tui.helpers import status_report
from tests.waiting import wait_until

QUIET, FAULT = status_report("Available"), status_report("Faulted")


def ring(folder: Path) -> bytes:
    """Return the bytes of all segments, in their order."""
    paths = sorted(folder.glob("a.before-*.pcapng"), key=lambda path: int(path.stem.rpartition("-")[2]))
    return b"".join(map(raw, paths))


def feed(line: Line, frame: bytes, seconds: float) -> list[float]:
    """Write a frame every 10 ms; return when each was written."""
    times, end = list[float](), time.monotonic() + seconds
    while time.monotonic() < end:
        line.write(frame)
        times.append(time.monotonic())
        time.sleep(0.01)
    return times


@pytest.mark.slow
@pytest.mark.parametrize("has_event", [False, True])
def test_a_kill_loses_at_most_the_last_second(tmp_path: Path, has_event: bool) -> None:
    with Line() as line:
        recording = Recording(line.port, tmp_path / "a.pcapng", "--until", "status == Faulted", "--before", "2")
        times = feed(line, QUIET, 4)
        if has_event:
            line.write(FAULT)
            event = time.monotonic()
            times += feed(line, QUIET, 2)
        recording.process.kill()
        killed = time.monotonic()
        recording.process.communicate()
    first = event - 2 if has_event else killed - 2
    late = 0.2 + longest_pause([*times, killed])
    due = sum(first + 0.2 < moment < killed - 1 - late for moment in times) + has_event
    found = raw(recording.path) if has_event else ring(tmp_path)
    frames = [found[start : start + len(QUIET)] for start in range(0, len(found), len(QUIET))]
    assert set(frames) <= {QUIET, FAULT}
    assert frames.count(FAULT) == has_event
    assert due <= len(frames)
    if has_event:
        # Nothing that is older than two seconds before the event.
        assert len(frames) <= sum(first - 0.2 < moment for moment in times) + 1


def test_the_event_is_on_the_disk_within_a_second_and_the_session_ends_after_it(tmp_path: Path) -> None:
    with Line() as line:
        recording = Recording(
            line.port, tmp_path / "a.pcapng", "--until", "status == Faulted", "--before", "5", "--after", "1"
        )
        assert recording.began.startswith("waiting in ")
        line.write(QUIET * 3)
        wait_until(lambda: ring(tmp_path) == QUIET * 3)
        line.write(FAULT)
        wait_until(lambda: raw(recording.path) == QUIET * 3 + FAULT)
        printed, complained = recording.process.communicate(timeout=PATIENCE)
    assert recording.process.returncode == 0
    assert "kept 4 records around 1 event" in printed
    assert "kept in" in complained
    assert [path.name for path in tmp_path.iterdir()] == ["a.pcapng"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_what_was_kept(tmp_path: Path, number: int) -> None:
    with Line() as line:
        recording = Recording(line.port, tmp_path / "a.pcapng", "--until", "status == Faulted")
        line.write(QUIET * 3 + FAULT + QUIET)
        wait_until(lambda: bool(raw(recording.path)))
        line.write(QUIET)
        time.sleep(0.3)
        status, printed, _ = recording.end(number)
    assert status == 0
    assert "kept 6 records around 1 event" in printed
    assert raw(recording.path) == QUIET * 3 + FAULT + QUIET * 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.pcapng"]
