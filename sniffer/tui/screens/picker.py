"""The source picker: the user chooses a port, a file or a simulated charger, and the baud rate.

In: a function that returns the sources, called again by a slow timer, so that an adapter appears when it is plugged in;
the first baud rate; and the error if the last choice could not be opened. Out: a `SourceChoice`, or None if the user
quits.
"""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from sniffer.base.sanitize import printable
from sniffer.core.line.usual_rates import USUAL_RATES
from sniffer.tui.bars.key_bar import KeyBar
from sniffer.tui.base_app import NO_PREFERENCES, BaseApp, Preferences
from sniffer.tui.content import fit
from sniffer.tui.screens.picker_model import AUTO, Section, SourceChoice, SourceOption, SourceScan

RATES = (AUTO, *USUAL_RATES)
"""The common rates of a serial line. A first rate that is not among them is added."""

RESCAN_SECONDS = 2.0
"""The time between two scans for sources."""

TITLE_WIDTH = 20
"""The least width in cells of the column of titles."""

FEW_ROWS = 10
"""On a screen with fewer rows than this, only the list and an error are shown."""


class SourceList(OptionList):
    """The list of sections and their options. `_options_by_row` has None for rows that cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open", tooltip="Open the chosen source"),
        Binding("j,down", "cursor_down", "down", show=False, tooltip="Choose the next source"),
        Binding("k,up", "cursor_up", "up", show=False, tooltip="Choose the previous source"),
        Binding("g,home", "first", "first", show=False, tooltip="Choose the first source"),
        Binding("G,end", "last", "last", show=False, tooltip="Choose the last source"),
        Binding("left", "app.rate(-1)", "slower", key_display="←", tooltip="Choose the next lower baud rate"),
        Binding("right,b", "app.rate(1)", "faster", key_display="→", tooltip="Choose the next higher baud rate"),
    ]

    def __init__(self) -> None:
        super().__init__(id="sources", markup=False)
        self._sections: tuple[Section, ...] = ()
        self._options_by_row: list[SourceOption | None] = []

    @property
    def chosen(self) -> SourceOption | None:
        """The option under the cursor; None if there is none."""
        return None if self.highlighted is None else self._options_by_row[self.highlighted]

    def show(self, sections: Sequence[Section]) -> None:
        """Show these sections. The chosen source stays chosen while it exists."""
        if tuple(sections) == self._sections:
            return
        chosen, at = self.chosen, self.highlighted or 0
        self._sections = tuple(sections)
        rows = [row for section in sections for row in _build_rows(section)][:-1]
        self._options_by_row = [option for option, _ in rows]
        self.set_options(Option(content, disabled=option is None) for option, content in rows)
        self.highlighted = self._find_row(chosen, at)

    def _find_row(self, chosen: SourceOption | None, before: int) -> int | None:
        """Return the row of the same source, or the nearest one to the row `before`; None if there are no options."""
        options = [(row, option) for row, option in enumerate(self._options_by_row) if option]
        same = [row for row, option in options if chosen and option.source == chosen.source]
        return min(same or [row for row, _ in options], key=lambda row: abs(row - before), default=None)


def _build_rows(section: Section) -> list[tuple[SourceOption | None, Content]]:
    """Return the rows of a section and the empty row after it; the option is None on rows that cannot be chosen."""
    if not section.options and not section.hint:
        return []
    rows: list[tuple[SourceOption | None, Content]] = [(None, Content.assemble((section.title, "bold $primary")))]
    if not section.options:
        rows.append((None, Content.assemble(("  " + section.hint, "$quiet"))))
    return [*rows, *((option, _format_option(option)) for option in section.options), (None, Content(""))]


def _format_option(option: SourceOption) -> Content:
    title = printable(option.title)
    parts = [Content(f"  {fit(title, max(TITLE_WIDTH, cell_len(title)))}  ")]
    if option.mark:
        parts.append(Content.assemble((f"▲ {printable(option.mark)}  ", "$warning")))
    parts.append(Content.assemble((printable(option.about), "$secondary")))
    if option.detail:
        parts.append(Content.assemble((f"\n  {'':{TITLE_WIDTH}}  {printable(option.detail)}", "$quiet")))
    return Content("").join(parts)


class PickerApp(BaseApp[SourceChoice | None]):
    """The program of the picker: the list of sources, the baud rate, and the last error."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["../palette.tcss", "picker.tcss"]
    TITLE = "evse-sniff"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "rescan", "look again", tooltip="Look for ports again"),
        Binding("q,escape", "leave", "quit", tooltip="Quit"),
        Binding("ctrl+q,ctrl+c", "leave", "quit", show=False, priority=True, tooltip="Quit"),
    ]

    def __init__(
        self, scan: SourceScan, baud: int | None, error: str = "", preferences: Preferences = NO_PREFERENCES
    ) -> None:
        super().__init__(preferences)
        self._scan = scan
        self._baud = baud or AUTO
        self._rates = sorted({*RATES, self._baud})
        self._is_rate_chosen = False
        self._error = Static(f"✕ {printable(error)}" if error else "", id="error", markup=False)
        self._list = SourceList()
        self._rate = Static(id="rate", markup=False)

    def compose(self) -> ComposeResult:
        """Return the lines and the list from top to bottom."""
        yield Static(Content.assemble(("evse-sniff", "bold"), ("  what shall be watched?", "$quiet")), id="header")
        yield self._list
        yield self._rate
        yield self._error
        yield KeyBar({})

    def on_mount(self) -> None:
        """Scan for sources now and at regular intervals."""
        self._error.display = bool(self._error.content)
        self.action_rescan()
        self.set_interval(RESCAN_SECONDS, self.action_rescan)

    def on_resize(self, event: events.Resize) -> None:
        """Hide the other lines where there is little room for the list."""
        self.screen.set_class(event.size.height < FEW_ROWS, "-few")

    @property
    def baud(self) -> int:
        """The current rate: chosen by the user here, else the rate of the last time, else the first rate."""
        option = self._list.chosen
        return self._baud if self._is_rate_chosen or option is None or option.baud is None else option.baud

    @property
    def _has_line(self) -> bool:
        """True if the chosen source is a serial line."""
        return self._list.chosen is not None and self._list.chosen.has_line

    def action_rescan(self) -> None:
        """Scan for sources and show them."""
        self._list.show(self._scan())
        self._show_rate()

    def action_rate(self, step: int) -> None:
        """Move the rate by `step` places; the first rate follows the last."""
        if not self._has_line:
            return
        self._rates = sorted({*self._rates, self.baud})
        self._baud = self._rates[(self._rates.index(self.baud) + step) % len(self._rates)]
        self._is_rate_chosen = True
        self._show_rate()

    def action_leave(self) -> None:
        """Quit without a choice."""
        self.exit(None)

    @on(OptionList.OptionHighlighted)
    def _show_rate(self) -> None:
        if not self._has_line:
            self._rate.update(Content.assemble(("baud  only a port has one", "$quiet")))
            return
        option = self._list.chosen
        reason = "found by frames with a valid CRC" if self.baud == AUTO else "assumed: no source documents it"
        if option and option.baud == self.baud:
            reason = "as the last time"
        rate = "auto" if self.baud == AUTO else str(self.baud)
        self._rate.update(Content.assemble(("baud  ", "$quiet"), (f"← {rate} →", "bold"), (f"  {reason}", "$quiet")))

    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        """Leave the picker with the chosen source and rate."""
        option = self._list.chosen
        if option is not None:
            self.exit(SourceChoice(option.source, self.baud or None))
