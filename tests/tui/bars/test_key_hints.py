"""The hints of the line of keys: every pane and mode has some, and their keys exist."""

import pytest
from textual.binding import Binding, BindingType

from sniffer.tui.bars.key_hints import HELP, MODE_HINTS, PANE_HINTS, SessionMode, choose_hints, mode_of
from sniffer.tui.screens.picker import PickerApp, SourceList
from sniffer.tui.state.playback import ReplayProgress
from sniffer.tui.state.view_state import SourceState, Status

LIVE = Status("port", (), SourceState.LIVE)


def progress(*, is_replaying: bool) -> ReplayProgress:
    return ReplayProgress(1, 2, False, 1.0, None, None, False, is_replaying)


@pytest.mark.parametrize(
    ("status", "mode"),
    [
        (LIVE, SessionMode.LIVE),
        (Status("port", (), SourceState.LIVE, paused=True), SessionMode.PAUSED),
        (Status("a", (), SourceState.FILE, progress=progress(is_replaying=False)), SessionMode.FILE),
        (Status("a", (), SourceState.REPLAY, progress=progress(is_replaying=True)), SessionMode.REPLAY),
    ],
)
def test_mode_is_what_the_screen_is_doing(status: Status, mode: SessionMode) -> None:
    assert mode_of(status) is mode


@pytest.mark.parametrize("mode", SessionMode)
def test_list_begins_with_the_alert_and_what_the_mode_adds(mode: SessionMode) -> None:
    hints = choose_hints("traffic", mode)
    assert [*hints[1 : len(MODE_HINTS[mode]) + 1]] == [*MODE_HINTS[mode]]
    keys = [key for hint in hints for key in hint.keys]
    assert {"a", "s", "b", "1", "4", "semicolon", "x", "colon"} <= {*keys}
    assert choose_hints(None, mode) == hints


def test_keys_of_an_active_search_or_filter_come_first() -> None:
    plain = choose_hints("traffic", SessionMode.FILE)
    both = choose_hints("traffic", SessionMode.FILE, is_finding=True, is_filtered=True)
    assert [hint.keys for hint in both[:5]] == [*(hint.keys for hint in plain[:2]), ("n", "N"), ("f",), ("a",)]
    assert len({*both}) == len(both)
    assert choose_hints("faults", SessionMode.FILE, is_filtered=True) == choose_hints("faults", SessionMode.FILE)


def test_pane_has_hints_of_its_own_whatever_the_mode() -> None:
    assert choose_hints("faults", SessionMode.LIVE) is choose_hints("faults", SessionMode.REPLAY)
    assert [hint.keys for hint in choose_hints("faults", SessionMode.LIVE)][:2] == [("enter",), ("o",)]


def keys_of(bindings: list[BindingType]) -> set[str]:
    """Return all keys of these bindings."""
    return {key for binding in bindings if isinstance(binding, Binding) for key in binding.key.split(",")}


def test_every_hint_has_keys_that_exist() -> None:
    from sniffer.tui.detail.pane import DetailPane
    from sniffer.tui.panels.link import LinkPanel
    from sniffer.tui.panels.selectable import BlockPanel
    from sniffer.tui.screens.monitor import Monitor
    from sniffer.tui.timeline.pane import TimelinePane
    from sniffer.tui.traffic.traffic_list import TrafficList

    panes: dict[str, list[BindingType]] = {
        "detail": DetailPane.BINDINGS,
        "connector": BlockPanel.BINDINGS,
        "faults": BlockPanel.BINDINGS,
        "link": [*LinkPanel.BINDINGS, *LinkPanel.__mro__[1].BINDINGS],  # type: ignore[attr-defined]
        "timeline": TimelinePane.BINDINGS,
        "traffic": TrafficList.BINDINGS,
    }
    everywhere = keys_of(Monitor.BINDINGS)
    assert {*HELP.keys} <= everywhere
    for pane, bindings in panes.items():
        for mode in SessionMode:
            needed = {key for hint in choose_hints(pane, mode) for key in hint.keys}
            assert needed <= everywhere | keys_of(bindings), pane
    assert PANE_HINTS.keys() - panes.keys() == {"sources", "typed"}


def test_the_hints_of_the_source_picker_have_keys_that_exist() -> None:
    needed = {key for hint in choose_hints("sources", SessionMode.LIVE) for key in hint.keys}
    assert needed <= keys_of(SourceList.BINDINGS) | keys_of(PickerApp.BINDINGS)
