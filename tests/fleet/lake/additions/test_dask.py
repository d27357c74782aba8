"""A cluster of Dask on this machine: a scheduler and two workers, of which one is killed in the middle."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.equipment.fleet_captures import write_fleet
from tests.fleet.lake.helpers import add, content, rows
from tests.paths import ROOT

pytest.importorskip("distributed")

from sniffer.base.errors import LakeError
from sniffer.fleet.lake.additions.workers import DaskWorkers
from tests.tools import EVSE_SNIFF

CAPTURES, FRAMES = 16, 1500
START_SECONDS = 60


class Cluster:
    """A scheduler and its workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._folder = folder
        scheduler = ["scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file"]
        self.processes = [self._start(*scheduler, str(self._file))]
        self.workers = [self._start_worker() for _ in range(2)]

    @property
    def address(self) -> str:
        """The address of the scheduler, as soon as it has one."""
        import json

        began = time.monotonic()
        while time.monotonic() - began < START_SECONDS:
            if self._file.exists() and (text := self._file.read_text()):
                return str(json.loads(text)["address"])
            time.sleep(0.05)
        raise AssertionError("the scheduler does not start")

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        words = ("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(self._folder))
        worker = self._start(*words, "--scheduler-file", str(self._file))
        self.processes.append(worker)
        return worker

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:]]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)

    def stop(self) -> None:
        """End all processes."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Return a running cluster."""
    found = Cluster(tmp_path)
    yield found
    found.stop()


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(tmp_path: Path, cluster: Cluster) -> None:
    write_fleet(tmp_path / "fleet", CAPTURES, FRAMES)
    add(tmp_path / "alone", tmp_path / "fleet")
    lake = tmp_path / "lake"
    words = ["lake", "add", str(tmp_path / "fleet"), "--to", str(lake), "--dask", cluster.address]
    run = subprocess.Popen([*EVSE_SNIFF, *words], stderr=subprocess.PIPE)
    while len([*lake.glob("sessions/*/*/*")]) < 3 and run.poll() is None:
        time.sleep(0.002)
    cluster.workers[0].kill()
    assert run.poll() is None, "the worker was killed too late"
    _, said = run.communicate(timeout=120)
    assert (run.returncode, said) == (0, b"evse-sniff: added 16 sessions with 24,000 frames\n")
    assert {path: data for path, data in content(lake).items() if not path.startswith(".staging")} == content(
        tmp_path / "alone"
    )
    assert len(rows(lake, "frames")) == CAPTURES * FRAMES


def test_a_cluster_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.fleet.lake.additions.workers.CONNECT_SECONDS", 0.2)
    with pytest.raises(LakeError, match=r"^tcp://127.0.0.1:9: no Dask scheduler answers: start one with"):
        DaskWorkers("tcp://127.0.0.1:9")
