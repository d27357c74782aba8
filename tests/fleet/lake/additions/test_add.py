"""Captures in a lake: each session once, whatever happens meanwhile."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sniffer.base.errors import LakeError
from sniffer.fleet.lake.additions.add import check_bench
from tests.benchmarks.equipment.fleet_captures import write_fleet
from tests.fleet.lake.helpers import CHARGING, FAULT, SAG, add, content, copy_captures, rows
from tests.tools import EVSE_SNIFF


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "bench", CHARGING, FAULT, SAG)
    first = add(tmp_path / "lake", bench)
    before = content(tmp_path / "lake")
    again = add(tmp_path / "lake", bench)
    assert (first.sessions, again.sessions, again.frames, again.known) == (3, 0, 0, 3)
    assert content(tmp_path / "lake") == before


def test_a_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "bench", CHARGING, FAULT)
    (bench / "bad.pcapng").write_bytes(CHARGING.read_bytes()[:30])
    summary = add(tmp_path / "lake", bench)
    assert summary.sessions == 2
    assert [Path(one.name).name for one in summary.failures] == ["bad.pcapng"]


def test_a_recording_that_goes_on_replaces_what_was_added_of_it(tmp_path: Path) -> None:
    growing, whole = tmp_path / "bench" / "now.pcapng", CHARGING.read_bytes()
    growing.parent.mkdir()
    growing.write_bytes(whole[:4000])
    first = add(tmp_path / "lake", growing)
    growing.write_bytes(whole)
    second = add(tmp_path / "lake", growing)
    assert (first.sessions, second.sessions) == (1, 1)
    assert len(rows(tmp_path / "lake", "sessions")) == 1
    add(tmp_path / "other", CHARGING, bench="bench")
    assert rows(tmp_path / "lake", "frames") == rows(tmp_path / "other", "frames")
    growing.write_bytes(whole[:4000])
    assert add(tmp_path / "lake", growing).known == 1


def test_progress_goes_up_to_the_size_of_all(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "bench", CHARGING, FAULT)
    seen: list[int] = []
    add(tmp_path / "lake", bench, on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == CHARGING.stat().st_size + FAULT.stat().st_size


def test_a_run_that_was_killed_is_finished_by_the_next_one(tmp_path: Path) -> None:
    write_fleet(tmp_path / "fleet", 12, 400)
    add(tmp_path / "whole", tmp_path / "fleet")
    words = ["lake", "add", str(tmp_path / "fleet"), "--jobs", "1", "--to", str(tmp_path / "killed")]
    killed = subprocess.Popen([*EVSE_SNIFF, *words], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len([*(tmp_path / "killed").glob("sessions/*/*/*")]) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done = len([*(tmp_path / "killed").glob("sessions/*/*/*")])
    assert 3 <= done < 12
    assert add(tmp_path / "killed", tmp_path / "fleet").known == done
    left = {path: data for path, data in content(tmp_path / "killed").items() if not path.startswith(".staging")}
    assert left == content(tmp_path / "whole")


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb"])
def test_a_bench_needs_a_name(name: str) -> None:
    with pytest.raises(LakeError, match="--bench"):
        check_bench(name)
    check_bench("bench 7 / hall b")


def test_processes_do_the_same_as_one(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "bench", CHARGING, FAULT, SAG)
    add(tmp_path / "one", bench)
    words = [sys.executable, "-m", "sniffer", "lake", "add", str(bench), "--to", str(tmp_path / "two"), "--jobs", "2"]
    subprocess.run(words, check=True, capture_output=True, env=os.environ)
    assert content(tmp_path / "two") == content(tmp_path / "one")
