"""Captures as sources of `evse-sniff dump`: cut off, damaged, and followed; and `evse-sniff record`."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sniffer.formats.pcapng.writer import CaptureWriter
from tests.paths import CAPTURES
from tests.records import records_of
from tests.tools import EVSE_SNIFF
from tests.tui.helpers import captured

LOG = CAPTURES / "undervoltage.log"


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Return the sample log as a capture."""
    writer, path = CaptureWriter("tap"), tmp_path / "a.pcapng"
    path.write_bytes(writer.encode_header() + b"".join(map(writer.encode_record, records_of(*captured()))))
    return path


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*EVSE_SNIFF, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("words", [["--json"], [], ["--summary"]])
def test_capture_of_the_log_is_dumped_as_the_log(capture: Path, words: list[str]) -> None:
    assert run("dump", *words, capture).stdout == run("dump", *words, LOG).stdout


def test_frames_of_a_log_carry_the_process_that_printed_them(capture: Path) -> None:
    printed = [json.loads(line) for line in run("dump", "--json", capture).stdout.splitlines()]
    processes = {found["line"]: found["process"] for found in printed if found["type"] == "frame"}
    assert processes == {line.number: line.process for line in captured() if line.frame}


def test_capture_that_was_cut_off_is_a_warning_only(capture: Path) -> None:
    capture.write_bytes(capture.read_bytes()[:-1])
    done = run("dump", "--json", capture)
    assert done.returncode == 0
    assert done.stderr.startswith(f"evse-sniff: {capture}: ")
    assert "cut off" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "source_lost" not in done.stdout


def test_damaged_capture_is_an_error(capture: Path) -> None:
    capture.write_bytes(capture.read_bytes() + bytes(16))
    done = run("dump", "--json", capture)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "damaged" in done.stderr
    assert "source_lost" in done.stdout


def test_capture_into_a_closed_pipe_ends_quietly(capture: Path) -> None:
    writer = CaptureWriter("tap")
    capture.write_bytes(writer.encode_header() + b"".join(map(writer.encode_record, records_of(*captured() * 200))))
    piped = subprocess.run(
        ["bash", "-c", '"$@" | head -1', "bash", *EVSE_SNIFF, "dump", str(capture)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert piped.stderr == ""
    assert piped.stdout.count("\n") == 1


def test_followed_capture_is_dumped_as_it_grows_until_it_is_interrupted(capture: Path) -> None:
    whole = capture.read_bytes()
    capture.write_bytes(whole[:1000])
    command = [*EVSE_SNIFF, "dump", "--follow", "--json", str(capture)]
    expected = run("dump", "--json", LOG).stdout.splitlines(keepends=True)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        first = following.stdout.readline()
        with capture.open("ab", buffering=0) as growing:
            growing.write(whole[1000:])
        assert [first, *(following.stdout.readline() for _ in expected[1:])] == expected
        os.kill(following.pid, signal.SIGINT)
        assert (following.wait(60), following.stderr.read()) == (0, "")


def test_record_saves_a_session_and_says_what_it_holds(tmp_path: Path) -> None:
    done = run("record", LOG, "-o", tmp_path / "b.pcapng")
    assert (done.returncode, done.stderr) == (0, "")
    begin, end = done.stdout.splitlines()
    assert begin == f"recording {LOG} into {tmp_path}/b.pcapng: Ctrl-C ends it"
    assert end.startswith("recorded ")
    assert ": 15 frames and 0 pieces of noise, into " in end
    assert run("dump", "--json", tmp_path / "b.pcapng").stdout == run("dump", "--json", LOG).stdout


def test_record_stops_after_a_number_of_frames(tmp_path: Path) -> None:
    done = run("record", LOG, "-o", tmp_path / "b.pcapng", "--frames", "3")
    assert done.returncode == 0
    assert ": 3 frames and 0 pieces of noise" in done.stdout


def test_record_stops_after_a_time(tmp_path: Path) -> None:
    done = run("record", "demo", "-o", tmp_path / "b.pcapng", "--duration", "0.3")
    assert (done.returncode, done.stderr) == (0, "")
    assert "recorded " in done.stdout


def test_a_packed_recording_that_was_killed_opens_up_to_its_last_write(tmp_path: Path) -> None:
    path = tmp_path / "b.pcapng.gz"
    with subprocess.Popen([*EVSE_SNIFF, "record", "demo", "-o", str(path)], stdout=subprocess.PIPE) as recording:
        assert recording.stdout
        recording.stdout.readline()
        while path.stat().st_size < 400:
            assert recording.poll() is None
            time.sleep(0.05)
        recording.kill()
    done = run("dump", "--json", path)
    assert done.returncode == 0
    assert "cut off" in done.stderr
    assert sum(json.loads(line)["type"] == "frame" for line in done.stdout.splitlines()) > 3


def test_record_refuses_a_file_that_exists(tmp_path: Path) -> None:
    (tmp_path / "b.pcapng").write_text("mine")
    done = run("record", LOG, "-o", tmp_path / "b.pcapng")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert (tmp_path / "b.pcapng").read_text() == "mine"


def test_record_of_a_capture_that_was_cut_off_is_a_warning_only(capture: Path, tmp_path: Path) -> None:
    capture.write_bytes(capture.read_bytes()[:-1])
    done = run("record", capture, "-o", tmp_path / "b.pcapng")
    assert done.returncode == 0
    assert "cut off" in done.stderr
    assert "recorded " in done.stdout


def test_a_capture_goes_through_standard_output_to_standard_input(tmp_path: Path) -> None:
    recording = subprocess.run(
        [*EVSE_SNIFF, "record", str(LOG), "-o", "-"], cwd=tmp_path, capture_output=True, timeout=60, check=True
    )
    assert b"frames" in recording.stderr
    words = [*EVSE_SNIFF, "dump", "--json", "-"]
    read = subprocess.run(words, input=recording.stdout, capture_output=True, timeout=60, check=True)
    assert read.stdout.decode() == run("dump", "--json", LOG).stdout
    assert list(tmp_path.iterdir()) == []


def test_recording_ends_with_its_reader() -> None:
    words = [*EVSE_SNIFF, "record", "demo", "-o", "-"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as recording:
        assert recording.stdout
        recording.stdout.read(10)
        recording.stdout.close()
        assert recording.wait(60) == 0
        assert recording.stderr
        assert recording.stderr.read() == b""


def test_only_record_writes_a_capture_to_standard_output() -> None:
    assert "standard output is in use" in run("dump", LOG, "-o", "-").stderr
