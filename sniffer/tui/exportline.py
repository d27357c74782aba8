"""The line of an export: where it goes, and how far it is. In sight while one runs.

In: a name and a share (`show`). Out: nothing; the keys that stop it are the screen's.
"""

from textual.content import Content
from textual.widget import Widget

from sniffer.printable import printable
from sniffer.tui.fit import fit

LEAST_BAR = 8


class ExportLine(Widget):
    """One line."""

    DEFAULT_CSS = "ExportLine { height: 1; background: $panel; }"

    def __init__(self) -> None:
        super().__init__(id="export")
        self._goal = ""
        self._percent = 0
        self.display = False

    def show(self, name: str, share: float) -> None:
        """So much of it is written, up to 1."""
        shown = (printable(name), int(share * 100))
        if shown != (self._goal, self._percent):
            self._goal, self._percent = shown
            self.refresh()
        self.display = True

    def hide(self) -> None:
        """There is no export any more."""
        self.display = False

    def render(self) -> Content:
        """The line in this width."""
        right = f" {self._percent:3} %   x stops "
        left = f" exporting {fit(self._goal, min(len(self._goal), max(8, self.size.width // 2)))}  "
        length = max(LEAST_BAR, self.size.width - len(left) - len(right))
        done = length * self._percent // 100
        return Content.assemble(
            (left, "bold $accent"), ("━" * done, "$accent"), ("╌" * (length - done), "$faint"), (right, "$quiet")
        )
