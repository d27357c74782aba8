"""`evse-sniff bundle` as a command: what is shown, approved, refused and written."""

import os
import pty
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.cli.helpers import CAPTURE, refused, run
from tests.tools import EVSE_SNIFF


def answer(words: list[str | Path], text: str) -> tuple[int, str, str]:
    """Run the command at a terminal on which `text` is typed. Return its status, its output and what was asked."""
    main, terminal = pty.openpty()
    command = [*EVSE_SNIFF, *map(str, words)]
    with subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True) as process:
        os.close(terminal)
        os.write(main, text.encode())
        assert process.stdout
        printed = process.stdout.read()
        status = process.wait(60)
    asked = os.read(main, 10_000).decode()
    os.close(main)
    return status, printed, asked


def test_what_is_replaced_is_shown_and_written_once_it_is_approved(tmp_path: Path) -> None:
    status, printed, asked = answer(["bundle", CAPTURE, "-o", tmp_path / "x.zip"], "y\n")
    assert status == 0
    assert "charge point id  10427240  by CP000001  3 times" in printed
    assert "3 frames encoded anew" in printed or "2 frames encoded anew" in printed
    assert f"write {tmp_path}/x.zip? [y/N]" in asked
    assert f"wrote {tmp_path}/x.zip (" in printed
    assert "capture.pcapng" in zipfile.ZipFile(tmp_path / "x.zip").namelist()


@pytest.mark.parametrize("text", ["n\n", "\n", "\x04"])
def test_nothing_is_written_without_approval(text: str, tmp_path: Path) -> None:
    status, printed, asked = answer(["bundle", CAPTURE, "-o", tmp_path / "x.zip"], text)
    assert status == 1
    assert "10427240" in printed
    assert "nothing was written" in asked
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_it_is_refused_unless_yes_is_given(tmp_path: Path) -> None:
    assert "`--yes` writes the bundle without asking" in refused("bundle", CAPTURE, "-o", tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []
    done = run("bundle", CAPTURE, "-o", tmp_path / "x.zip", "--yes")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"10427240" in done.stdout


def test_further_texts_are_replaced(tmp_path: Path) -> None:
    done = run("bundle", CAPTURE, "-o", tmp_path / "x.zip", "--yes", "--also", "comproc", "--also", "Com boot")
    assert b"named with --also  Com boot  by NAME-2    2 times" in done.stdout
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        capture = packed.read("capture.pcapng")
    assert b"comproc" not in capture
    assert b"[NAME-1] NAME-2!" in capture


def test_a_text_that_is_too_short_to_be_found_everywhere_is_refused(tmp_path: Path) -> None:
    for text in ("ab", "1234", ""):
        done = run("bundle", CAPTURE, "-o", tmp_path / "x.zip", "--yes", "--also", text)
        assert done.returncode == 2
        assert "too short" in done.stderr.decode()


@pytest.mark.parametrize("name", ["x.tar.gz", "x", "x.pcapng"])
def test_a_bundle_is_named_zip(name: str, tmp_path: Path) -> None:
    done = run("bundle", CAPTURE, "-o", tmp_path / name, "--yes")
    assert done.returncode == 2
    assert "a bundle is a zip file: name it" in done.stderr.decode()


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("mine")
    assert "it is there already" in refused("bundle", CAPTURE, "-o", tmp_path / "x.zip", "--yes")
    assert (tmp_path / "x.zip").read_text() == "mine"


def test_a_live_source_is_refused(tmp_path: Path) -> None:
    assert "save it with `evse-sniff record` first" in refused("bundle", "demo", "-o", tmp_path / "x.zip", "--yes")
