"""The screen before a session: which port, file or simulated charger, and at which baud rate.

In: a way to look at what there is, asked again by a slow timer, so that an adapter that is plugged in appears; the
rate to begin with; and why the last choice could not be opened. Out: a `SourceChoice`, or None where the user left.
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
from sniffer.tui.bars.key_bar import KeyBar
from sniffer.tui.base_app import NO_PREFERENCES, BaseApp, Preferences
from sniffer.tui.content import fit
from sniffer.tui.screens.picker_model import AUTO, Section, SourceChoice, SourceOption, SourceScan

RATES = (AUTO, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
"""The common rates of a serial line; the rate to begin with is one of them or joins them."""

RESCAN_SECONDS = 2.0
TITLE_WIDTH = 20
FEW_ROWS = 10
"""With fewer rows than this, only the list and an error are shown."""


class SourceList(OptionList):
    """The list: sections with their offers; one offer is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open", tooltip="Open the chosen source"),
        Binding("j,down", "cursor_down", "down", show=False, tooltip="Choose the next source"),
        Binding("k,up", "cursor_up", "up", show=False, tooltip="Choose the source before"),
        Binding("g,home", "first", "first", show=False, tooltip="Choose the first source"),
        Binding("G,end", "last", "last", show=False, tooltip="Choose the last source"),
        Binding("left", "app.rate(-1)", "slower", key_display="←", tooltip="Take the next lower baud rate"),
        Binding("right,b", "app.rate(1)", "faster", key_display="→", tooltip="Take the next higher baud rate"),
    ]

    def __init__(self) -> None:
        super().__init__(id="offers", markup=False)
        self._sections: tuple[Section, ...] = ()
        self._offers: list[SourceOption | None] = []

    @property
    def chosen(self) -> SourceOption | None:
        """The offer under the cursor."""
        return None if self.highlighted is None else self._offers[self.highlighted]

    def show(self, sections: Sequence[Section]) -> None:
        """Offer these; what is chosen stays so while it is there."""
        if tuple(sections) == self._sections:
            return
        chosen, at = self.chosen, self.highlighted or 0
        self._sections = tuple(sections)
        rows = [row for section in sections for row in _rows(section)][:-1]
        self._offers = [offer for offer, _ in rows]
        self.set_options(Option(content, disabled=offer is None) for offer, content in rows)
        self.highlighted = self._at(chosen, at)

    def _at(self, chosen: SourceOption | None, before: int) -> int | None:
        """Where to stand: on the same source again, or close to where it was."""
        at = [number for number, offer in enumerate(self._offers) if offer]
        same = [number for number in at if chosen and self._is_same(number, chosen)]
        return min(same or at, key=lambda number: abs(number - before), default=None)

    def _is_same(self, number: int, chosen: SourceOption) -> bool:
        offer = self._offers[number]
        return offer is not None and offer.source == chosen.source


def _rows(section: Section) -> list[tuple[SourceOption | None, Content]]:
    """A section and the gap behind it; what is no offer cannot be chosen."""
    if not section.offers and not section.hint:
        return []
    rows: list[tuple[SourceOption | None, Content]] = [(None, Content.assemble((section.title, "bold $primary")))]
    if not section.offers:
        rows.append((None, Content.assemble(("  " + section.hint, "$quiet"))))
    return [*rows, *((offer, _row(offer)) for offer in section.offers), (None, Content(""))]


def _row(offer: SourceOption) -> Content:
    title = printable(offer.title)
    parts = [Content(f"  {fit(title, max(TITLE_WIDTH, cell_len(title)))}  ")]
    if offer.mark:
        parts.append(Content.assemble((f"▲ {printable(offer.mark)}  ", "$warning")))
    parts.append(Content.assemble((printable(offer.about), "$secondary")))
    if offer.detail:
        parts.append(Content.assemble((f"\n  {'':{TITLE_WIDTH}}  {printable(offer.detail)}", "$quiet")))
    return Content("").join(parts)


class PickerApp(BaseApp[SourceChoice | None]):
    """One list, one rate, one line for what went wrong."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["../palette.tcss", "picker.tcss"]
    TITLE = "evse-sniff"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "rescan", "rescan", tooltip="Look again at what there is"),
        Binding("q,escape", "leave", "quit", tooltip="Quit"),
        Binding("ctrl+q,ctrl+c", "leave", "quit", show=False, priority=True, tooltip="Quit"),
    ]

    def __init__(
        self, look: SourceScan, baud: int | None, error: str = "", preferences: Preferences = NO_PREFERENCES
    ) -> None:
        super().__init__(preferences)
        self._look = look
        self._baud = baud or AUTO
        self._rates = sorted({*RATES, self._baud})
        self._is_rate_chosen = False
        self._error = Static(f"✕ {printable(error)}" if error else "", id="error", markup=False)
        self._offers = SourceList()
        self._rate = Static(id="rate", markup=False)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Static(Content.assemble(("evse-sniff", "bold"), ("  what shall be watched?", "$quiet")), id="header")
        yield self._offers
        yield self._rate
        yield self._error
        yield KeyBar()

    def on_mount(self) -> None:
        """Look, and go on looking."""
        self._error.display = bool(self._error.content)
        self.action_rescan()
        self.set_interval(RESCAN_SECONDS, self.action_rescan)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the room to the list where there is little."""
        self.screen.set_class(event.size.height < FEW_ROWS, "-few")

    @property
    def baud(self) -> int:
        """The rate that holds: the one the user took here, or that of the last time, or the one to begin with."""
        offer = self._offers.chosen
        return self._baud if self._is_rate_chosen or offer is None or offer.baud is None else offer.baud

    @property
    def _has_line(self) -> bool:
        """Whether what is chosen comes over a serial line."""
        return self._offers.chosen is not None and self._offers.chosen.has_line

    def action_rescan(self) -> None:
        """Look again at what there is."""
        self._offers.show(self._look())
        self._show_rate()

    def action_rate(self, step: int) -> None:
        """Take the next rate; the last one is followed by the first."""
        if not self._has_line:
            return
        self._rates = sorted({*self._rates, self.baud})
        self._baud = self._rates[(self._rates.index(self.baud) + step) % len(self._rates)]
        self._is_rate_chosen = True
        self._show_rate()

    def action_leave(self) -> None:
        """End without a choice."""
        self.exit(None)

    @on(OptionList.OptionHighlighted)
    def _show_rate(self) -> None:
        if not self._has_line:
            self._rate.update(Content.assemble(("baud  only a port has one", "$quiet")))
            return
        offer = self._offers.chosen
        told = "found by frames with a valid CRC" if self.baud == AUTO else "assumed: no source documents it"
        if offer and offer.baud == self.baud:
            told = "as the last time"
        rate = "auto" if self.baud == AUTO else str(self.baud)
        self._rate.update(Content.assemble(("baud  ", "$quiet"), (f"← {rate} →", "bold"), (f"  {told}", "$quiet")))

    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        offer = self._offers.chosen
        if offer is not None:
            self.exit(SourceChoice(offer.source, self.baud or None))
