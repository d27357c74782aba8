"""`--exec` on a busy line: the limit holds, the line loses nothing, and nothing remains after the end."""

import json
import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.known_frames import STATUS_REPORT as KNOWN
from tests.live.helpers import Line, Tap
from tests.live.terminal import Terminal, remains
from tests.live.test_record import Recording, raw
from tests.waiting import wait_until

STATUS_REPORT = KNOWN.raw
SECONDS = 4
HITS_PER_SECOND = 1000
EVERY = 0.5

COPY = shlex.join([sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"])


def send(line: Line) -> bytes:
    """Send frames at a steady rate; return them."""
    sent, start = bytearray(), time.monotonic()
    while (due := time.monotonic() - start) < SECONDS:
        count = int(due * HITS_PER_SECOND) - len(sent) // len(STATUS_REPORT)
        line.write(STATUS_REPORT * count)
        sent += STATUS_REPORT * count
        time.sleep(0.005)
    return bytes(sent)


@pytest.mark.slow
def test_a_thousand_hits_in_a_second_start_what_the_limit_allows_and_lose_nothing(tmp_path: Path) -> None:
    command = f"{COPY} {tmp_path}/runs"
    with Line() as line:
        options = ["--exec", "status == Faulted", command, "--exec-every", str(EVERY)]
        recording = Recording(line.port, tmp_path / "a.pcapng", *options)
        sent = send(line)
        time.sleep(0.5)
        status, _, complained = recording.end(signal.SIGINT)
    assert status == 0
    assert raw(recording.path) == sent
    runs = [json.loads(text) for text in (tmp_path / "runs").read_text().splitlines()]
    hits = len(sent) // len(STATUS_REPORT)
    assert hits > SECONDS * HITS_PER_SECOND / 2
    assert 2 <= len(runs) <= (SECONDS + 1.5) / EVERY + 1
    skipped = hits - len(runs)
    assert f"{len(runs)} starts; {skipped:,} matches skipped (one at a time, at most one start in 0.5 s)" in complained
    assert 0 < sum(run["skipped"] for run in runs) <= skipped


def test_a_command_that_does_not_end_stops_nothing_and_is_ended(tmp_path: Path) -> None:
    command = f"echo $$ > {tmp_path}/pid; exec sleep 1000"
    with Line() as line, Tap(line.port, "--exec", "status == Faulted", command, "--exec-shell") as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT)
        tap.next_seen(1)
        wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        line.write(STATUS_REPORT * 20)
        tap.next_seen(20)
        tap.process.send_signal(signal.SIGINT)
        status, complained = tap.ended()
    assert status == 0
    assert "was still running at the end of the session, and was ended" in complained
    assert "20 matches skipped" in complained
    assert not remains(int((tmp_path / "pid").read_text()))


def test_interrupting_the_terminal_does_not_interrupt_the_command(tmp_path: Path) -> None:
    command = f"cut -d' ' -f5 /proc/$$/stat > {tmp_path}/begun; sleep 1; touch {tmp_path}/ended"
    with Line() as line, Tap(line.port, "--exec", "status == Faulted", command, "--exec-shell") as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT)
        wait_until(lambda: (tmp_path / "begun").exists() and (tmp_path / "begun").read_text())
        # The terminal interrupts every process of its group.
        assert int((tmp_path / "begun").read_text()) != os.getpgid(tap.process.pid)
        assert tap.interrupt() == (0, "")
    assert (tmp_path / "ended").exists()


def test_the_screen_alerts_and_runs_a_command(tmp_path: Path) -> None:
    options = ["--alert", "status == Faulted", "--exec", "status == Faulted", f"{COPY} {tmp_path}/runs"]
    with Line() as line, Terminal(line.port, "--baud", "115200", *options, width=80, height=24) as terminal:
        terminal.wait_for("NOTHING HEARD", "REC")
        line.write(STATUS_REPORT * 3)
        terminal.wait_for("▲ ALERT #1", "! acknowledge")
        terminal.press("!")
        wait_until(lambda: "ALERT" not in terminal.screen)
        terminal.press("q")
        terminal.wait_for("1 start; 2 matches skipped", "status=0")
    assert json.loads((tmp_path / "runs").read_text())["fields"]["status"] == "Faulted"
