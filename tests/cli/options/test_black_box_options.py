"""`record --until` as people run it: what is kept, what is printed, and which options do not go together."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.helpers import objects, run
from tests.paths import CAPTURES

SAG = CAPTURES / "mains-sag.pcapng"
"""A capture with one fault, at 09:00:21.030."""


def raws(path: Path, *words: str) -> list[tuple[str, str]]:
    return [(one["time"], one["raw"]) for one in objects(run("dump", "--json", path, *words)) if "raw" in one]


def test_it_keeps_what_surrounds_the_fault(tmp_path: Path) -> None:
    done = run("record", SAG, "--until", "fault", "--before", "5", "--after", "7.5", "-o", tmp_path / "a.pcapng")
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        f"waiting in {SAG}: 5 s before and 7.5 s after the event are kept; Ctrl-C ends it",
        f"kept 20 records around 1 event, into {tmp_path}/a.pcapng",
    ]
    (fault,) = objects(run("dump", "--json", SAG, "--filter", "event == fault_raised and frame"))[:1]
    event = done.stderr.decode()
    assert event.endswith(f", record {fault['number']}: kept in {tmp_path}/a.pcapng\n")
    around = "time >= 09:00:16.030 and time <= 09:00:28.530"
    assert raws(tmp_path / "a.pcapng") == raws(SAG, "--filter", around)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pcapng"]


def test_quiet_says_nothing(tmp_path: Path) -> None:
    done = run("record", SAG, "--until", "fault", "-o", tmp_path / "a.pcapng", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert raws(tmp_path / "a.pcapng")


def test_a_packed_file_has_the_same_records(tmp_path: Path) -> None:
    for name in ("a.pcapng", "a.pcapng.gz"):
        assert run("record", SAG, "--until", "fault", "-o", tmp_path / name).returncode == 0
    assert raws(tmp_path / "a.pcapng") == raws(tmp_path / "a.pcapng.gz") != []
    assert (tmp_path / "a.pcapng.gz").read_bytes().startswith(b"\x1f\x8b")


def test_again_gives_each_event_a_file(tmp_path: Path) -> None:
    words = ["--until", "event == status", "--again", "--before", "1", "--after", "1", "--keep", "1MB"]
    done = run("record", SAG, *words, "-o", tmp_path / "a.pcapng")
    assert done.returncode == 0
    said = done.stderr.decode().splitlines()
    paths = sorted(tmp_path.iterdir())
    assert len(said) == len(paths) > 2
    for line, path in zip(said, paths, strict=True):
        found = re.fullmatch(rf"event at (.{{8}})\.\d+, record \d+: kept in {re.escape(str(path))}", line)
        assert found
        assert re.fullmatch(rf"a-\d{{8}}-{found[1].replace(':', '')}\.pcapng", path.name)


def test_without_an_event_nothing_is_kept(tmp_path: Path) -> None:
    done = run("record", SAG, "--until", "noise", "-o", tmp_path / "a.pcapng")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"no record matched: nothing was kept\n")
    assert list(tmp_path.iterdir()) == []


def test_a_live_session_ends_after_the_event(tmp_path: Path) -> None:
    words: list[str | Path] = [
        "--until",
        "name ~ status",
        "--before",
        "10",
        "--after",
        "0.5",
        "-o",
        tmp_path / "a.pcapng",
    ]
    done = run("record", "demo", *words)
    assert done.returncode == 0
    assert b"around 1 event" in done.stdout
    assert any("status" in one.get("name", "") for one in objects(run("dump", "--json", tmp_path / "a.pcapng")))


def test_a_command_may_run_at_the_same_event(tmp_path: Path) -> None:
    words: list[str | Path] = [
        "--until",
        "fault",
        "-o",
        tmp_path / "a.pcapng",
        "--exec",
        "fault",
        f"tee {tmp_path}/fault",
    ]
    assert run("record", SAG, *words).returncode == 0
    assert json.loads((tmp_path / "fault").read_text())["number"] == 60


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--before", "3"], "argument --before: it needs --until EXPR"),
        (["--after", "0"], "argument --after: it needs --until EXPR"),
        (["--again"], "argument --again: it needs --until EXPR"),
        (["--until", "fault", "--keep", "1GB"], "argument --keep: it needs --again"),
        (
            ["--until", "fault", "--frames", "3"],
            "argument --until: it does not go with --frames: leave out one",
        ),
        (
            ["--until", "fault", "--before", "-1"],
            "argument --before: -1 is not a time in seconds: write one such as 2.5",
        ),
        (
            ["--until", "fault", "--before", "soon"],
            "argument --before: soon is not a time in seconds: write one such as 2.5",
        ),
        (
            ["--until", "fault", "--again", "--keep", "1XB"],
            "argument --keep: 1XB is not a size: write one such as 500MB or 1GB",
        ),
        (
            ["--until", "fault", "--again", "--keep", "0"],
            "argument --keep: 0 is not a size: write one such as 500MB or 1GB",
        ),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(tmp_path: Path, words: list[str], complaint: str) -> None:
    done = run("record", "nothing.pcapng", "-o", tmp_path / "a.pcapng", *words)
    assert done.returncode == 2
    assert done.stderr.decode() == f"evse-sniff record: {complaint} (see `evse-sniff record --help`)\n"
    assert list(tmp_path.iterdir()) == []


def test_standard_output_has_no_room_for_what_comes_before() -> None:
    done = run("record", SAG, "-o", "-", "--until", "fault")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"name a file with -o" in done.stderr


def test_a_file_that_is_there_is_refused_before_the_event(tmp_path: Path) -> None:
    (tmp_path / "a.pcapng").write_text("mine")
    done = run("record", SAG, "-o", tmp_path / "a.pcapng", "--until", "fault")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"evse-sniff: {tmp_path}/a.pcapng: it is there already: name another file\n"


def test_bytes_without_times_are_refused(tmp_path: Path) -> None:
    (tmp_path / "raw.bin").write_bytes(b"\x00" * 500)
    done = run("record", tmp_path / "raw.bin", "-o", tmp_path / "a.pcapng", "--until", "fault")
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"evse-sniff: {tmp_path}/raw.bin: it has no times, by which --until keeps what surrounds an event\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["raw.bin"]
