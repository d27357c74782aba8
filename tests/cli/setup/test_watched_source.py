"""The source of the screen: filters are checked before it is opened, and follow the definition that it needs."""

import argparse
from pathlib import Path

import pytest

from sniffer.base import platform
from sniffer.base.errors import SnifferError
from sniffer.cli.sessions.watch import _build_parser
from sniffer.cli.setup import watched_source
from sniffer.cli.setup.watched_source import WatchedSource, open_watched_source
from sniffer.config.definition_files import load_definition
from sniffer.config.recent import RecentFile
from sniffer.config.settings import SettingsFile
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.tui.screens.picker_model import SourceChoice
from tests.paths import CAPTURES

CAPTURE = CAPTURES / "undervoltage.log"


@pytest.fixture(autouse=True)
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "can_show_screen", lambda: True)


def open_with(folder: Path, *words: str) -> WatchedSource | None:
    """Return the source that the screen shows with these words, with the files of the user in a folder."""
    parser = _build_parser()
    options: argparse.Namespace = parser.parse_args([*words])
    settings, recent = SettingsFile(folder / "settings.toml"), RecentFile(folder / "recent.json")
    return open_watched_source(parser, options, settings, recent, lambda _: None)


def choose(monkeypatch: pytest.MonkeyPatch, choice: SourceChoice | None) -> None:
    """Let the user choose this from the list; None quits it."""
    monkeypatch.setattr(watched_source, "pick_on_screen", lambda *_: lambda error: choice)


def test_a_named_source_is_open_and_has_its_definition_and_alerts(tmp_path: Path) -> None:
    watched = open_with(tmp_path, str(CAPTURE), "--alert", "fault")
    assert watched is not None
    assert (watched.source.name, watched.rules, [*filter(None, watched.notices)]) == (str(CAPTURE), [], [])
    assert watched.definition.links.framed == load_definition([]).links.framed


def test_a_wrong_filter_is_reported_before_the_source_is_opened(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        open_with(tmp_path, str(tmp_path / "no such file"), "--alert", "(")


def test_a_chosen_recording_has_the_definition_that_it_was_recorded_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(CaptureWriter("port", origins=load_definition(["tuya"]).origins).encode_header())
    choose(monkeypatch, SourceChoice(str(path), 9600))
    watched = open_with(tmp_path)
    assert watched is not None
    assert watched.definition.links.framed == {"tuya"}
    assert any("--definition tuya" in notice for notice in watched.notices)


def test_nothing_is_opened_when_the_user_quits_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, None)
    assert open_with(tmp_path) is None


def test_without_a_terminal_for_the_screen_the_source_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "can_show_screen", lambda: False)
    with pytest.raises(SnifferError, match="the screen needs a terminal"):
        open_with(tmp_path, str(CAPTURE))
