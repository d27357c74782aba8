"""A screen to be looked at only: every action is sorted, and what writes does nothing, however it is reached."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.actions import parse
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from sniffer.core.wire.items import Chunk
from sniffer.tui.app import SnifferApp
from sniffer.tui.read_only import LOOKING_ACTIONS, is_looking
from sniffer.tui.screens.column_chooser import ColumnChooser
from sniffer.tui.screens.export_dialog import ExportDialog
from sniffer.tui.screens.fault_card import FaultCardScreen
from sniffer.tui.screens.framing_dialog import FramingDialog
from sniffer.tui.screens.help import Help
from sniffer.tui.screens.monitor import SECTIONS, Monitor
from sniffer.tui.screens.monitor_keys import GROUPS
from tests.tui.helpers import FakeSource, app_for, part, sees, status_report, until

WRITING = {"note", "export", "stop_export", "picture", "find_framing", "save", "choose"}
"""The actions that write, and those of dialogs that only they open."""


def bound_actions() -> Iterator[str]:
    """Yield the names of the actions of all keys of the program."""
    owners: list[type[DOMNode]] = [
        SnifferApp,
        Monitor,
        ColumnChooser,
        ExportDialog,
        FaultCardScreen,
        FramingDialog,
        Help,
    ]
    bindings = [binding for owner in owners for binding in owner.BINDINGS]
    bindings += [binding for _, group in GROUPS for binding in group]
    bindings += [binding for _, pane in SECTIONS for binding in pane.BINDINGS]
    for binding in bindings:
        assert isinstance(binding, Binding)
        yield parse(binding.action)[1]


def test_every_key_either_looks_or_writes() -> None:
    found = set(bound_actions())
    assert found - LOOKING_ACTIONS == WRITING
    assert not WRITING & LOOKING_ACTIONS


@pytest.mark.parametrize("action", ["screenshot", "app.suspend_process", "simulate_key('x')", "app.push_screen('a')"])
def test_what_is_not_listed_is_refused(action: str) -> None:
    assert not is_looking(action)


def watch_only() -> SnifferApp:
    app = app_for(FakeSource(Chunk(status_report("Available"), 0)))
    app.is_read_only = True
    return app


async def test_keys_that_write_do_nothing_and_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = watch_only()
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await sees(pilot, "header", "1 record")
        for key in ("semicolon", "x", "u", "ctrl+s"):
            await pilot.press(key)
        await pilot.press("N", "o", "enter")
        assert app.screen is app.monitor
        assert app.session_view.notes == {}
        assert not app.monitor.prompt.display
        # The same through the action itself, as the command palette and a click run it.
        for action in ("screen.note", "screen.export", "picture", "screen.find_framing"):
            assert await app.run_action(action, app.screen)
        await until(pilot, lambda: any("can only be looked at" in one.message for one in app._notifications))
        assert app.screen is app.monitor
        keys = part(pilot, "keys") if app.screen.query("#keys") else ""
        assert "export" not in keys
        await pilot.press("2", "t", "slash")
        assert app.monitor.prompt.display
    assert list(tmp_path.iterdir()) == []


async def test_keys_that_write_are_not_offered() -> None:
    async with watch_only().run_test(size=(120, 36)) as pilot:
        await sees(pilot, "header", "1 record")
        screen: Screen[object] = pilot.app.screen
        usable = {parse(one.binding.action)[1] for one in screen.active_bindings.values() if one.enabled}
        assert usable & WRITING == set()
        assert {"find", "filter", "pause", "leave"} <= usable
