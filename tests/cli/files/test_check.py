"""`check` as a command: its exit status, folders of good sessions, and what it refuses."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import refused, run
from tests.paths import CAPTURES

GOOD = CAPTURES / "charging.pcapng"
BAD = CAPTURES / "mains-sag.pcapng"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        shutil.copy(GOOD, tmp_path / f"{name}.pcapng")
    (tmp_path / "README.txt").write_text("the good ones")
    return tmp_path


def test_the_status_says_whether_a_session_is_like_the_good_ones(folder: Path) -> None:
    good, bad = run("check", GOOD, "--against", folder), run("check", "--json", BAD, "--against", folder)
    assert (good.returncode, bad.returncode) == (0, 6)
    assert "\n✓ no difference" in good.stdout.decode()
    found = json.loads(bad.stdout)
    assert (found["verdict"], len(found["good"])) == ("different", 2)
    assert (good.stderr, bad.stderr) == (b"", b"")


def test_a_session_is_no_reference_of_itself(folder: Path) -> None:
    found = json.loads(run("check", "--json", folder / "a.pcapng", "--against", folder).stdout)
    assert found["good"] == [str(folder / "b.pcapng")]
    assert "cannot be judged by itself" in refused("check", GOOD, "--against", GOOD)
    (folder / "b.pcapng").unlink()
    assert "no session in it but the one to judge" in refused("check", folder / "a.pcapng", "--against", folder)


def test_a_session_without_a_frame_shows_nothing_of_a_good_unit(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("2026-01-15T10:00:01Z [comproc] hello\n")
    assert "no frame in it, so it shows nothing of a good unit" in refused("check", GOOD, "--against", log)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["demo", "--against", GOOD], "demo: no such file"),
        ([GOOD, "--against", "no-such-folder"], "no-such-folder: no such file"),
        ([GOOD, "--against", CAPTURES / "README.md"], "no line is a record of this log"),
    ],
)
def test_what_cannot_be_used_is_one_line(words: list[str | Path], message: str) -> None:
    assert message in refused("check", *words)


def test_a_good_session_that_was_cut_off_is_mentioned() -> None:
    done = run("check", GOOD, "--against", CAPTURES / "cut-off.pcapng")
    assert b"not all of a good session could be read" in done.stderr
