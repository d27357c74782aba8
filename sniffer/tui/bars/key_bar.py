"""The line of keys at the bottom: those that act where the user is.

In: the screen's bindings, whenever others are active. Out: one line; to click on a key presses it. It is one text, and
no widget for each key as textual's Footer: to lay those out again takes as long as a key may take altogether.
"""

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

KEY, KEY_OFF = "bold $footer-key-foreground", "bold dim $footer-key-foreground"
ABOUT, ABOUT_OFF = "$footer-description-foreground", "dim $footer-description-foreground"
APART = " "


class KeyBar(Widget):
    """The shown bindings of its screen: the key, and what it does."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; text-wrap: nowrap; text-overflow: clip;
        color: $footer-foreground; background: $footer-background;
    }
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def render(self) -> Content:
        return Content.assemble(*(self._key(shown) for shown in self._shown().values()))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the pointer."""
        if shown := self._under(event):
            if shown.enabled:
                self.app.simulate_key(shown.binding.key)
            else:
                self.app.bell()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell what the key under the pointer does."""
        shown = self._under(event)
        self.tooltip = shown.tooltip if shown else None

    def _changed(self, _: Screen[object]) -> None:
        self.refresh()

    def _shown(self) -> dict[str, ActiveBinding]:
        """The first of the bindings of each action."""
        found: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show:
                found.setdefault(active.binding.action, active)
        return found

    def _key(self, shown: ActiveBinding) -> Content:
        binding, is_on = shown.binding, shown.enabled
        told = Content.assemble(
            (self.app.get_key_display(binding), KEY if is_on else KEY_OFF),
            (f"{APART}{binding.description}", ABOUT if is_on else ABOUT_OFF),
        )
        return told.stylize(Style.from_meta({"action": binding.action})) + APART

    def _under(self, event: events.MouseEvent) -> ActiveBinding | None:
        return self._shown().get(event.style.meta.get("action", ""))
