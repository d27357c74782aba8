"""`evse-sniff lake`, as people run it."""

from pathlib import Path

import pytest

from sniffer.cli.fleet import lake
from tests.cli.helpers import CAPTURE, refused, run
from tests.paths import CAPTURES

pytest.importorskip("pyarrow")
pytest.importorskip("fsspec")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a lake of one session."""
    place = tmp_path_factory.mktemp("lake") / "lake"
    assert run("lake", "add", CAPTURE, "--to", place, "--bench", "bench 7").returncode == 0
    return place


def test_what_was_added_is_reported_and_the_same_again_is_known(tmp_path: Path) -> None:
    words = ("lake", "add", CAPTURES, "--to", tmp_path / "lake", "--jobs", "1")
    first, again, quiet = run(*words), run(*words), run(*words, "-q")
    assert first.returncode == again.returncode == quiet.returncode == 0
    assert b"evse-sniff: added 10 sessions with " in first.stderr
    assert b"cut-off.pcapng" not in first.stderr, "it is the beginning of another one"
    assert b"files without a session (README.md, card.svg, samples.toml, ...)" in first.stderr
    assert b"added 0 sessions with 0 frames; 11 known already" in again.stderr
    assert (first.stdout, quiet.stderr) == (b"", b"")


def test_a_file_that_cannot_be_read_is_listed_and_the_status_is_1(tmp_path: Path) -> None:
    bad = tmp_path / "bad\x1b[31m.pcapng"
    bad.write_bytes((CAPTURES / "charging.pcapng").read_bytes()[:30])
    done = run("lake", "add", CAPTURE, bad, "--to", tmp_path / "lake", "--jobs", "1")
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert lines[0].startswith(f"evse-sniff: {tmp_path}/bad\\x1b[31m.pcapng: not added: ")
    assert lines[1] == "evse-sniff: added 1 session with 15 frames; 1 could not be read"


def test_a_file_that_was_cut_off_is_added_in_part_and_the_status_is_0(tmp_path: Path) -> None:
    done = run("lake", "add", CAPTURES / "cut-off.pcapng", "--to", tmp_path / "lake")
    assert done.returncode == 0
    assert b"cut-off.pcapng: added in part: the capture was cut off after packet" in done.stderr


def test_words_that_name_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no capture and no log to add" in refused("lake", "add", tmp_path / "empty", "--to", tmp_path / "lake")
    assert "no file or folder" in refused("lake", "add", "no-such", "--to", tmp_path / "lake")
    assert "--bench" in refused("lake", "add", CAPTURE, "--to", tmp_path / "lake", "--bench", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lake"], "the following arguments are required: ACTION"),
        (["lake", "ad"], "there is no ad: did you mean add?"),
        (["lake", "add", "x"], "the following arguments are required: --to"),
        (["lake", "add", "x", "--to", "y", "--jobs", "0"], "0 must be greater than zero"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_what_is_wrong(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        lake.run(words[1:])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
