"""The bar of an alert: it flashes and rings the bell when one fires, and stays until the user acknowledges it.

In: the alerts that fired, at each refresh. Out: one line, hidden while there is none.
"""

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import format_clock
from sniffer.text.ranks import Rank
from sniffer.tui.content import fit

if TYPE_CHECKING:
    from sniffer.triggers.alerts import FiredAlert

FLASH_INTERVAL = 0.5
"""Seconds between two changes of the flashing bar."""

ACKNOWLEDGE = " ! acknowledges "


class AlertBar(Static):
    """The line with the newest alert, and how many others fired. It is red for a fault of the charger only."""

    def __init__(self) -> None:
        super().__init__(id="alert", markup=False)
        self.display = False
        self._rung = 0
        self._shown: tuple[object, ...] = ()

    def on_mount(self) -> None:
        self.set_interval(FLASH_INTERVAL, self._flash)

    def show(self, fired: "Sequence[FiredAlert]", count: int, zone: tzinfo | None) -> None:
        """Show the alerts that fired. `count` is how often one fired; the bell rings if it has grown."""
        if count > self._rung:
            self._rung = count
            self.app.bell()
            self.add_class("-lit")
        self.display = bool(fired)
        state = (*fired, self.app.size.width)
        if fired and state != self._shown:
            self._shown = state
            self.set_class(fired[-1].rank is Rank.FAULT, "-fault")
            self.update(self._format(fired, zone), layout=False)

    def _flash(self) -> None:
        if self.display:
            self.toggle_class("-lit")

    def _format(self, fired: "Sequence[FiredAlert]", zone: tzinfo | None) -> Content:
        """Return the line: what fired, cut to the room between its beginning and the key."""
        newest, others = fired[-1], len(fired) - 1
        time = "" if newest.time is None else f" {format_clock(newest.time, zone).partition('.')[0]}"
        left = f"▲ ALERT #{newest.number}{time} "
        more = f" ({format_count(newest.matches, 'match', 'matches')})" if newest.matches > 1 else ""
        more += f" +{format_count(others, 'alert')}" if others else ""
        room = max(0, self.app.size.width - 2 - cell_len(left) - cell_len(more) - len(ACKNOWLEDGE))
        text = f"{newest.text} · {printable(newest.expression)}"
        return Content.assemble((left, "bold"), fit(text, min(room, cell_len(text))), more, (ACKNOWLEDGE, "bold"))
