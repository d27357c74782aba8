"""Keys of the settings: names of actions, keys, and what cannot be used."""

import re

import pytest
from textual.binding import Binding

from sniffer.config.settings import Settings
from sniffer.tui.base_app import Preferences
from sniffer.tui.key_names import apply_keymap, build_keymap, name_bindings, name_of, normalize_key
from sniffer.tui.screens.monitor import Monitor
from tests.paths import ROOT
from tests.tui.helpers import FakeSource, app_for, captured, rows, screen, until

NAMED = name_bindings(
    [
        Binding("f", "filter", "filter"),
        Binding("semicolon", "note", "note"),
        Binding("a", "landmark('fault', 1)", "fault"),
        Binding("escape", "back", "back"),
    ]
)
OTHERS = [Binding("j,down", "down", "down")]


def keymap(**keys: str) -> dict[str, str]:
    found, complaints = build_keymap(keys.items(), NAMED, OTHERS)
    assert complaints == []
    return found


def complaints(**keys: str) -> list[str]:
    found, complaints = build_keymap(keys.items(), NAMED, OTHERS)
    assert found == {}
    return complaints


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("note", "note"),
        ("app.columns", "columns"),
        ("panel('link')", "link"),
        ("landmark('fault', 1)", "next_fault"),
        ("landmark('fault', -1)", "previous_fault"),
        ("landmark('move', 1)", "next_status"),
        ("find_next(-1)", "previous_match"),
        ("speed(1)", "faster"),
        ("leave", "quit"),
    ],
)
def test_an_action_has_a_name(action: str, name: str) -> None:
    assert name_of(action) == name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("m", "m"), ("M", "M"), (";", "semicolon"), ("?", "question_mark"), ("F2", "f2"), ("Ctrl+G", "ctrl+g"),
        ("space", "space"), ("PageUp", "pageup"),
        ("", None), (" ", None), ("ab", None), ("f99", None), ("ctrl+", None), ("\x1b", None), ("escape", None),
    ],
)  # fmt: skip
def test_a_key_is_a_character_or_a_name(text: str, key: str | None) -> None:
    assert normalize_key(text) == key


def test_an_action_gets_another_key() -> None:
    assert keymap(note="m", next_fault="F5") == {"note": "m", "next_fault": "f5"}
    assert [one.key for one in apply_keymap(NAMED, {"note": "m"}) if isinstance(one, Binding)] == [
        "f",
        "m",
        "a",
        "escape",
    ]


def test_two_actions_can_exchange_their_keys() -> None:
    assert keymap(note="f", filter=";") == {"note": "f", "filter": "semicolon"}


def test_its_own_key_changes_nothing() -> None:
    assert keymap(note=";") == {}


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"nota": "m"}, "there is no action nota: did you mean note?"),
        ({"back": "m"}, "there is no action back"),
        ({"note": "Hyper"}, "note: Hyper is no key: write a character, F2 or Ctrl+G"),
        ({"note": "f"}, "note: f is taken by filter: choose another key"),
        ({"note": "j"}, "note: j is taken by down: choose another key"),
    ],
)
def test_what_cannot_be_used_is_reported_and_left_out(keys: dict[str, str], complaint: str) -> None:
    (found,) = complaints(**keys)
    assert found.startswith(complaint)


def test_two_actions_on_one_key_are_reported() -> None:
    found, complaints = build_keymap([("note", "m"), ("filter", "m")], NAMED, OTHERS)
    assert (found, complaints) == ({"note": "m"}, ["filter: m is taken by note: choose another key"])
    _, complaints = build_keymap([("note", "/"), ("filter", "/")], NAMED, OTHERS)
    assert complaints == ["filter: / is taken by note: choose another key"]


def test_the_names_on_the_screen_are_different_and_documented() -> None:
    names = [one.id for one in Monitor.BINDINGS if isinstance(one, Binding) and one.id]
    assert len(set(names)) == len(names) > 25
    text = (ROOT / "sniffer" / "docs" / "settings.md").read_text("utf-8")
    documented = set(re.findall(r"`(\w+)`", text))
    assert [name for name in names if name not in documented] == []


async def test_the_screen_uses_the_keys_of_the_settings() -> None:
    settings = Settings(keys=(("find", "f2"), ("export", "nonsense")), columns=("time", "colour"))
    app = app_for(FakeSource(*captured()), preferences=Preferences(settings))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await until(pilot, lambda: "export: nonsense is no key" in screen(pilot))
        assert "columns: there is no colour" in " ".join(screen(pilot).split())
        await pilot.press("slash")
        await pilot.pause()
        assert not app.monitor.prompt.display
        await pilot.press("f2")
        await until(pilot, lambda: app.monitor.prompt.display)


async def test_the_help_lists_the_keys_that_hold() -> None:
    keys = (("help", "f1"), ("find", "f2"))
    app = app_for(FakeSource(*captured()), preferences=Preferences(Settings(keys=keys)))
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: "Find a text" in screen(pilot))
        (line,) = (row for row in rows(pilot) if "Find a text" in row)
        assert line.split()[1] == "F2"
