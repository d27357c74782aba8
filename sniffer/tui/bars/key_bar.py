"""The bar of keys at the bottom: the keys that help in the focused pane, or for some seconds what was done.

In: what the screen is doing (`show`), the screen's bindings whenever the active ones change, and texts (`report`). Out:
one line; a click on a key presses it. The line is one text, not a widget for each key as in Textual's Footer: to lay
out those widgets takes as long as a key may take in all.
"""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget

from sniffer.base.sanitize import printable
from sniffer.tui.bars.key_hints import HELP, KeyHint, SessionMode, choose_hints
from sniffer.tui.content import fit
from sniffer.tui.screens.monitor_keys import GROUPS

KEY = "bold $footer-key-foreground"
TEXT = "$footer-description-foreground"
GAP = " "

_SESSION_ACTIONS = {
    binding.key: binding.action
    for _, bindings in GROUPS
    for binding in bindings
    if binding.key not in ("escape", "tab")
}
"""The actions of the keys of the session's screen that the user can replace, by the keys that they have by default."""

REPORT_SECONDS = 5.0
"""Seconds for which the line shows the result of a key."""


class KeyBar(Widget):
    """The bar with the keys that help now.

    `actions` are those of the keys that the user can replace, by the keys that they have by default. Other keys are
    those of the hints.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; text-wrap: nowrap; text-overflow: clip;
        color: $footer-foreground; background: $footer-background;
    }
    """

    def __init__(self, actions: Mapping[str, str] = _SESSION_ACTIONS) -> None:
        super().__init__()
        self._actions = actions
        self._mode = SessionMode.LIVE
        self._is_finding = self._is_filtered = False
        self._report = ""
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Draw the line again whenever other keys are active."""
        self.screen.bindings_updated_signal.subscribe(self, self._refresh_bindings)

    def show(self, mode: SessionMode, *, is_finding: bool = False, is_filtered: bool = False) -> None:
        """Show the keys that help in this mode, after a search, and while a filter is active."""
        if (mode, is_finding, is_filtered) != (self._mode, self._is_finding, self._is_filtered):
            self._mode, self._is_finding, self._is_filtered = mode, is_finding, is_filtered
            self.refresh()

    def report(self, text: str) -> None:
        """Show the result of a key in place of the keys, for `REPORT_SECONDS`."""
        if self._timer:
            self._timer.stop()
        self._report = printable(text)
        self._timer = self.set_timer(REPORT_SECONDS, self._end_report)
        self.refresh()

    def render(self) -> Content:
        """Return the line for the current width: as many hints as there is room for, and the key of the help."""
        if self._report:
            return Content.assemble((f"✓ {fit(self._report, max(1, self.size.width - 2))}", TEXT))
        usable = self._list_usable_bindings()
        focused = self.screen.focused
        shown: list[Content] = []
        (help_hint,) = self._format_hint(HELP, usable) or (Content(""),)
        room = self.size.width - help_hint.cell_length
        pane = focused.id if focused else None
        for hint in choose_hints(pane, self._mode, is_finding=self._is_finding, is_filtered=self._is_filtered):
            for content in self._format_hint(hint, usable):
                if content.cell_length + cell_len(GAP) <= room:
                    room -= content.cell_length + cell_len(GAP)
                    shown.append(content)
        return Content(GAP).join([*shown, help_hint])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the pointer."""
        if binding := self._find_binding_at(event):
            self.app.simulate_key(binding.binding.key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what the key under the pointer does as a tooltip."""
        binding = self._find_binding_at(event)
        self.tooltip = binding.tooltip if binding else None

    def _end_report(self) -> None:
        self._report = ""
        self.refresh()

    def _refresh_bindings(self, _: Screen[object]) -> None:
        self.refresh()

    def _list_usable_bindings(self) -> list[tuple[str, ActiveBinding]]:
        """Return the bindings that can be used now, each after its key."""
        return [(key, active) for key, active in self.screen.active_bindings.items() if active.enabled]

    def _format_hint(self, hint: KeyHint, usable: Sequence[tuple[str, ActiveBinding]]) -> list[Content]:
        """Return the hint, or nothing if one of its keys does nothing now."""
        found = [self._find_binding(key, usable) for key in hint.keys]
        bindings = [one for one in found if one is not None]
        if len(bindings) < len(found):
            return []
        keys = [key for key, _ in bindings]
        shown = [self.app.get_key_display(active.binding) for _, active in bindings]
        written = [
            Content.assemble((text, KEY)).stylize(Style.from_meta({"key": key}))
            for key, text in zip(keys, [hint.shown] if hint.shown and keys == [*hint.keys] else shown, strict=False)
        ]
        text = Content.assemble((f" {hint.text}", TEXT)).stylize(Style.from_meta({"key": keys[0]}))
        return [Content.assemble(*written, text)]

    def _find_binding_at(self, event: events.MouseEvent) -> ActiveBinding | None:
        """Return the binding of the key under the pointer; None if there is no key."""
        return dict(self._list_usable_bindings()).get(event.style.meta.get("key", ""))

    def _find_binding(self, key: str, usable: Sequence[tuple[str, ActiveBinding]]) -> tuple[str, ActiveBinding] | None:
        """Return the binding that has this key by default, after the key that it has now; None if it is not usable."""
        action = self._actions.get(key)
        return next(
            (one for one in usable if (one[0] == key if action is None else one[1].binding.action == action)), None
        )
