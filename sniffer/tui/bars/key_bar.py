"""The bar of keys at the bottom: the keys that are active in the focused pane.

In: the screen's bindings, whenever the active ones change. Out: one line; a click on a key presses it. The line is one
text, not a widget for each key as in Textual's Footer: to lay out those widgets takes as long as a key may take in all.
"""

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

KEY, DISABLED_KEY = "bold $footer-key-foreground", "bold dim $footer-key-foreground"
DESCRIPTION, DISABLED_DESCRIPTION = "$footer-description-foreground", "dim $footer-description-foreground"
GAP = " "


class KeyBar(Widget):
    """The bar with the visible bindings of its screen: the key and its description."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; text-wrap: nowrap; text-overflow: clip;
        color: $footer-foreground; background: $footer-background;
    }
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._refresh_bindings)

    def render(self) -> Content:
        return Content.assemble(*(self._format_key(shown) for shown in self._visible_bindings().values()))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the pointer."""
        if shown := self._binding_at(event):
            if shown.enabled:
                self.app.simulate_key(shown.binding.key)
            else:
                self.app.bell()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what the key under the pointer does as a tooltip."""
        shown = self._binding_at(event)
        self.tooltip = shown.tooltip if shown else None

    def _refresh_bindings(self, _: Screen[object]) -> None:
        self.refresh()

    def _visible_bindings(self) -> dict[str, ActiveBinding]:
        """Return the first visible binding of each action."""
        found: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show:
                found.setdefault(active.binding.action, active)
        return found

    def _format_key(self, active: ActiveBinding) -> Content:
        binding, is_enabled = active.binding, active.enabled
        text = Content.assemble(
            (self.app.get_key_display(binding), KEY if is_enabled else DISABLED_KEY),
            (f"{GAP}{binding.description}", DESCRIPTION if is_enabled else DISABLED_DESCRIPTION),
        )
        return text.stylize(Style.from_meta({"action": binding.action})) + GAP

    def _binding_at(self, event: events.MouseEvent) -> ActiveBinding | None:
        """Return the binding at the place of the mouse, or None."""
        return self._visible_bindings().get(event.style.meta.get("action", ""))
