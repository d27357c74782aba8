"""The picker in a real terminal: started without a source, it leads to a session, and leaves the terminal as it was."""

import re

import pytest

from tests.known_frames import STATUS_REPORT
from tests.live.terminal import Terminal


@pytest.fixture(autouse=True)
def _own_files(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def assert_restored(terminal):
    terminal.wait_for("status=0", "echo")
    assert "-echo" not in terminal.screen
    assert not terminal.uses_alternate_screen


def test_a_chosen_source_is_watched_and_q_restores_the_terminal():
    with Terminal(width=80, height=24) as terminal:
        terminal.wait_for("Serial ports", "undervoltage.log", "demo:pending", "auto")
        terminal.press("G", "Enter")
        terminal.wait_for("LIVE", "demo:noisy", "traffic")
        terminal.press("q")
        assert_restored(terminal)


def test_q_leaves_the_picker_and_restores_the_terminal():
    with Terminal(width=80, height=24) as terminal:
        terminal.wait_for("Simulated charger")
        terminal.press("q")
        assert_restored(terminal)


def test_a_recent_source_that_went_is_reported_and_another_is_chosen(tmp_path):
    path = tmp_path / "tap.bin"
    path.write_bytes(STATUS_REPORT.raw)
    with Terminal(str(path), width=100, height=30) as terminal:
        terminal.wait_for("FILE", "status report")
        terminal.press("q")
        terminal.wait_for("status=0")
    path.unlink()
    with Terminal(width=100, height=30) as terminal:
        screen = terminal.wait_for("Recent", "tap.bin", "not here")
        ports = re.findall("^  /dev/", screen.partition("Recent")[0], re.MULTILINE)
        terminal.press("g", *["j"] * len(ports))
        terminal.wait_for("only a port has one")
        terminal.press("Enter")
        terminal.wait_for(f"✕ {path}", "no such file")
        terminal.press("G", "Enter")
        terminal.wait_for("LIVE", "demo:noisy")
        terminal.press("C-c")
        assert_restored(terminal)


def test_a_theme_is_kept_for_the_next_start(tmp_path):
    with Terminal(width=80, height=24) as terminal:
        terminal.wait_for("Simulated charger")
        terminal.press("C-p")
        terminal.wait_for("Search for commands")
        terminal.type("evse-day")
        terminal.wait_until(lambda screen: "Theme evse-day" in screen and "evse-calm" not in screen, "one theme")
        terminal.press("Enter")
        terminal.wait_until(lambda screen: "Theme evse-day" not in screen, "the palette to close")
        terminal.press("q")
        assert_restored(terminal)
    assert (tmp_path / "config" / "evse-sniff" / "settings.toml").read_text() == 'theme = "evse-day"\n'


def test_without_colours_none_is_sent(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    with Terminal(width=80, height=24) as terminal:
        terminal.wait_for("Serial ports", "demo:pending")
        sent = re.findall(r"\x1b\[([\d;:]*)m", terminal.styled_screen)
        assert "7" in {code for codes in sent for code in codes.split(";")}
        assert not [codes for codes in sent if re.search(r"(^|;)(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;|:|$)", codes)]
