"""The commands of the command palette: the action of every active key, and the themes.

The commands are made from the bindings that are active where the palette was opened, so that no key is missing in it.
The name of a command is the tooltip of its binding.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec import Struct
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from sniffer.tui.theme import THEMES

_PALETTE_ITSELF = ("command_palette", "app.command_palette")


class PaletteCommand(Struct, frozen=True):
    """One command. `name` describes it and is searched; `key` is the key that does the same."""

    name: str
    key: str
    run: Callable[[], Any]


class PaletteProvider(Provider):
    """The provider that finds commands by their names."""

    async def discover(self) -> Hits:
        """Yield all commands, before anything is typed."""
        for command in self._list_commands():
            yield DiscoveryHit(_format_line(Content(command.name), command.key), command.run, text=command.name)

    async def search(self, query: str) -> Hits:
        """Yield the commands whose names match."""
        matcher = self.matcher(query)
        for command in self._list_commands():
            score = matcher.match(command.name)
            if score > 0:
                yield Hit(
                    score, _format_line(matcher.highlight(command.name), command.key), command.run, text=command.name
                )

    def _list_commands(self) -> Iterator[PaletteCommand]:
        keys: dict[tuple[DOMNode, str], list[Binding]] = {}
        for node, binding, enabled, tooltip in self.screen.active_bindings.values():
            if enabled and tooltip and binding.action not in _PALETTE_ITSELF:
                keys.setdefault((node, binding.action), []).append(binding)
        for (node, action), bindings in keys.items():
            shown = " ".join(dict.fromkeys(self.app.get_key_display(binding) for binding in bindings))
            yield PaletteCommand(bindings[0].tooltip, shown, partial(self.app.run_action, action, node))
        for name, (_, description) in THEMES.items():
            yield PaletteCommand(f"Theme {name}: {description}", "", partial(setattr, self.app, "theme", name))


def _format_line(name: Content, key: str) -> Content:
    return Content.assemble(name, "  ", (key, "$quiet"))
