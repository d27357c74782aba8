"""`evse-sniff status` as a command: what it prints, and its exit status."""

import json
from pathlib import Path

from tests.cli.helpers import CAPTURE, refused, run
from tests.paths import CAPTURES


def test_a_fault_at_the_end_is_status_4() -> None:
    done = run("status", CAPTURE)
    assert (done.returncode, done.stderr) == (4, b"")
    assert done.stdout.decode() == "ALIVE · connector 1 Faulted · fault: Under voltage\n"


def test_one_side_is_status_5_and_a_healthy_session_0() -> None:
    assert run("status", CAPTURES / "one-side.pcapng").returncode == 5
    assert run("status", CAPTURES / "charging.pcapng").returncode == 0


def test_the_status_can_be_json() -> None:
    done = run("status", "--json", CAPTURE)
    found = json.loads(done.stdout)
    assert (found["health"], found["exit_status"], done.returncode) == ("alive", 4, 4)


def test_a_cut_off_capture_says_so_beside_its_status() -> None:
    done = run("status", CAPTURES / "cut-off.pcapng")
    assert (done.returncode, done.stdout[:5]) == (0, b"ALIVE")
    assert b"the capture was cut off" in done.stderr


def test_a_live_source_is_read_for_some_seconds() -> None:
    done = run("status", "demo", "--for", "1")
    assert done.stdout.startswith(b"ALIVE")
    assert done.returncode == 0


def test_bytes_from_a_pipe_are_read_to_their_end() -> None:
    done = run("status", "-", stdin=b"nothing that is a frame")
    assert (done.returncode, done.stdout[:10]) == (5, b"NOISE ONLY")
    assert run("status", "-").stdout.startswith(b"NOTHING HEARD")


def test_a_source_that_cannot_be_used_is_status_1(tmp_path: Path) -> None:
    assert "no such file" in refused("status", tmp_path / "missing.pcapng")
    assert run("status", "demo", "--for", "0").returncode == 2


def test_more_or_less_can_be_printed_beside_the_line() -> None:
    more, less = run("status", "--verbose", CAPTURE), run("--quiet", "status", CAPTURE)
    assert b"read to its end" in more.stderr
    assert less.stderr == b""
    assert more.stdout == less.stdout
