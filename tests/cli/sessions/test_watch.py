"""The end of a session on the screen: its exit status, and what is printed once the screen is gone."""

from pathlib import Path

import pytest

from sniffer.base import platform
from sniffer.cli.main import main
from sniffer.config.settings import Settings
from sniffer.tui import app as app_module
from sniffer.tui.base_app import Preferences
from tests.cli.helpers import CAPTURE, refused, run


class FakeApp:
    """An application whose session ends at once. `view_error` is why its screen was detached."""

    view_error: Exception | None = None
    return_code = 0
    taken: tuple[object, bool] | None = None

    def __init__(self, *arguments: object, read_only: bool) -> None:
        """Take what `SnifferApp` takes."""
        type(self).taken = (arguments[2], read_only)

    def run(self) -> None:
        """End at once."""


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> type[FakeApp]:
    monkeypatch.setattr(platform, "can_show_screen", lambda: True)
    monkeypatch.setattr(app_module, "SnifferApp", FakeApp)
    monkeypatch.setattr(FakeApp, "view_error", None)
    return FakeApp


def test_a_screen_that_was_detached_is_reported_with_status_1(
    screen: type[FakeApp], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screen, "view_error", KeyError("\x1b[2J"))
    assert main(["demo", "--no-record"]) == 1
    assert capsys.readouterr().err == (
        "evse-sniff: the screen failed and showed no new records (KeyError: '\\x1b[2J'); "
        "reading and recording went on\n"
    )


def test_a_screen_that_worked_ends_with_status_0(screen: type[FakeApp], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--no-record"]) == 0
    assert capsys.readouterr().err == ""


def test_a_screen_that_only_looks_keeps_no_settings(
    screen: type[FakeApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main([str(CAPTURE), "--read-only"]) == 0
    assert screen.taken is not None
    preferences, read_only = screen.taken
    assert isinstance(preferences, Preferences)
    assert read_only
    assert preferences.save(Settings(theme="night")) == preferences.save_filter("noise") == ""
    assert list(tmp_path.iterdir()) == []


def test_without_a_source_and_a_terminal_one_line_explains_that():
    done = run()
    assert done.returncode == 2
    assert done.stderr == b"usage: evse-sniff SOURCE; without SOURCE, a terminal is needed to choose one\n"


def test_without_a_terminal_one_line_explains_that(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    assert refused("demo", "-o", path) == (
        "evse-sniff: the screen needs a terminal; `evse-sniff dump` prints lines without one\n"
    )
    assert not path.exists()
