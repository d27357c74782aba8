"""`evse-sniff report` as a command: where the report goes, and its exit status."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.helpers import CAPTURE, read_up_to_a_cut, refused, run
from tests.tools import EVSE_SNIFF


def test_a_report_is_printed() -> None:
    done = run("report", CAPTURE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Under voltage" in done.stdout


def test_a_report_can_be_json_or_html() -> None:
    assert isinstance(json.loads(run("report", "--json", CAPTURE).stdout), dict)
    assert run("report", "--html", CAPTURE).stdout.lower().startswith(b"<!doctype html")


@pytest.mark.parametrize(("name", "begin"), [("a.json", "{"), ("a.html", "<!"), ("a.txt", "")])
def test_the_ending_of_a_new_file_selects_the_form(name: str, begin: str, tmp_path: Path) -> None:
    done = run("report", CAPTURE, "-o", tmp_path / name)
    assert (done.returncode, done.stdout) == (0, b"")
    text = (tmp_path / name).read_text("utf-8")
    assert text.startswith(begin)
    assert text.endswith("\n")
    assert "Under voltage" in text


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["-o", "a.csv"], "let the name end in .txt, .html or .json"),
        (["-o", "a.html.gz"], "let the name end in .txt, .html or .json"),
        (["--json", "-o", "a.html"], "leave out --json"),
        (["--html", "-o", "a.txt"], "leave out --html"),
    ],
)
def test_a_name_that_promises_another_form_is_wrong_usage(words: list[str], advice: str, tmp_path: Path) -> None:
    done = run("report", CAPTURE, *(word.replace("a.", f"{tmp_path}/a.") for word in words))
    assert done.returncode == 2
    assert advice in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_a_name_without_an_ending_holds_the_form_that_is_named(tmp_path: Path) -> None:
    run("report", "--json", CAPTURE, "-o", tmp_path / "sag")
    assert (tmp_path / "sag").read_text("utf-8").startswith("{")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_live_session_is_reported_when_it_is_stopped(stop: signal.Signals) -> None:
    words = [*EVSE_SNIFF, "report", "--json", "demo"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reporting:
        assert reporting.stdout
        assert reporting.stderr
        assert reporting.stderr.readline() == "listening to demo: Ctrl-C prints the report\n"
        time.sleep(1.5)
        reporting.send_signal(stop)
        printed, error = reporting.communicate(timeout=60)
    assert (reporting.returncode, error) == (0, "")
    assert json.loads(printed)["records"] > 0


def test_a_live_session_is_not_compared() -> None:
    assert "save it with `evse-sniff record` first" in refused("report", CAPTURE, "demo")


def test_two_sessions_are_compared() -> None:
    done = run("report", CAPTURE, CAPTURE)
    assert done.returncode == 0
    assert done.stdout != run("report", CAPTURE).stdout


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    refused("report", CAPTURE, "-o", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "mine"


def test_a_source_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    assert "no such file" in refused("report", CAPTURE, "nothing.log", "-o", tmp_path / "a.txt")
    assert not (tmp_path / "a.txt").exists()


def test_a_log_that_was_cut_off_is_reported_up_to_there(tmp_path: Path) -> None:
    whole = CAPTURE.read_bytes()
    (tmp_path / "cut.log").write_bytes(whole[: whole.index(b"59 68")])
    assert "cut off" in read_up_to_a_cut("report", tmp_path / "cut.log", "-o", tmp_path / "a.txt")
    assert "Under voltage" in (tmp_path / "a.txt").read_text("utf-8")
