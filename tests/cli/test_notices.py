"""`--quiet` and `--verbose`, before the command or after it."""

from pathlib import Path

import pytest

from sniffer.cli.main import main
from tests.cli.helpers import CAPTURE, run
from tests.paths import CAPTURES

CHARGING = CAPTURES / "charging.pcapng"


@pytest.mark.parametrize("words", [["convert", "--quiet"], ["--quiet", "convert"], ["-q", "convert"]])
def test_quiet_leaves_notices_out(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(CHARGING), str(tmp_path / "a.bin")]) == 0
    assert "not held by .bin" in capsys.readouterr().err
    assert main([*words, str(CHARGING), str(tmp_path / "b.bin")]) == 0
    assert capsys.readouterr() == ("", "")


def test_quiet_leaves_errors() -> None:
    done = run("--quiet", "convert", CHARGING, "a.nothing")
    assert done.returncode == 2
    assert b"the name has to end in" in done.stderr


def test_quiet_recording_prints_nothing(tmp_path: Path) -> None:
    done = run("record", "-q", CAPTURE, "-o", tmp_path / "a.pcapng")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "a.pcapng").stat().st_size > 1000


def test_quiet_report_of_a_live_source_only_reports() -> None:
    assert run("report", "-q", "-", stdin=CAPTURE.read_bytes()).stderr == b""


def test_quiet_bundle_writes_without_the_list(tmp_path: Path) -> None:
    done = run("bundle", "-q", "--yes", CAPTURE, "-o", tmp_path / "x.zip")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("words", "explained"),
    [
        (["dump", "-v", CAPTURES / "pulled-cable.pcapng"], "record 44: source lost: the adapter was unplugged"),
        (["report", "-v", CHARGING], "charging.pcapng: a capture, read to its end"),
        (["learn", "-v", CAPTURE], "undervoltage.log: a text log, read to its end"),
        (["--verbose", "dump", CHARGING], "charging.pcapng: a capture, read to its end"),
    ],
)
def test_verbose_explains_on_standard_error(words: list[str | Path], explained: str) -> None:
    done = run(*words)
    assert done.returncode == 0
    assert explained in done.stderr.decode()
    assert explained not in done.stdout.decode() or "source lost" in explained


def test_verbose_names_what_was_written(tmp_path: Path) -> None:
    assert b"wrote 90 records into" in run("convert", "-v", CHARGING, tmp_path / "a.jsonl").stderr
    assert b"recording into" in run("dump", "-v", CHARGING, "-o", tmp_path / "a.pcapng").stderr
    assert b"a capture, read to its end" in run("record", "-v", CHARGING, "-o", tmp_path / "b.pcapng").stderr


def test_both_are_wrong_usage() -> None:
    assert run("dump", "-q", "-v", CAPTURE).returncode == 2
