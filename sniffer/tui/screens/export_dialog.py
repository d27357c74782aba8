"""The dialog of an export: into which file, and which records.

In: what there is to export (`ExportScope`), asked for some times a second, as a live session grows meanwhile. Out: a
`ExportRequest`, or None where the user leaves it. What the name's ending means is told while it is typed, and so is what its
format cannot hold. Enter exports from every line; a file that is there already is replaced at the second Enter.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from sniffer.base.compression import Compression
from sniffer.base.errors import OutputError
from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.formats.registry import Format, format_of
from sniffer.tui.content import fit
from sniffer.tui.state.view_state import FilterProgress

LOOKS = 1 / 4
"""Seconds between two looks at how many records there are."""

Part = Literal["all", "sifted", "range"]
"""Which records: the whole session's, those that the filter lets through, or those from one number to another."""

PARTS: tuple[Part, ...] = ("all", "sifted", "range")

_NUMBER = "[0-9]{0,10}"
_LONGEST_FILTER = 40


class ExportScope(NamedTuple):
    """What there is: so many records, and the filter that is on."""

    records: int
    filter_progress: FilterProgress | None


class ExportRequest(NamedTuple):
    """What the user wants: of the records from number `first` to `last` this part, in this file."""

    path: Path
    format: Format
    packing: Compression | None
    part: Part
    first: int
    last: int
    replace: bool


class ExportDialog(ModalScreen[ExportRequest | None]):
    """The dialog."""

    DEFAULT_CSS = """
    ExportDialog { align: center middle; background: $background 70%; }
    ExportDialog #dialog { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $panel;
        border: round $primary; border-title-color: $primary; }
    ExportDialog Horizontal { height: 1; }
    ExportDialog Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ExportDialog .label { width: 9; color: $quiet; }
    ExportDialog #about, ExportDialog #means { height: 2; text-wrap: wrap; }
    ExportDialog #means, ExportDialog #all, ExportDialog #sifted { width: 1fr; }
    ExportDialog #range { width: auto; }
    ExportDialog #to { width: 4; color: $quiet; }
    ExportDialog #tells { height: 2; margin-top: 1; text-wrap: wrap; }
    ExportDialog #keys { margin-top: 1; color: $quiet; }
    ExportDialog Input { width: 1fr; background: $surface; }
    ExportDialog Input:focus { background: $chosen; }
    ExportDialog .number { width: 12; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "records", show=False, tooltip="Choose the records above"),
        Binding("down", "choose(1)", "records", show=False, tooltip="Choose the records below"),
        Binding("enter", "export", "export", tooltip="Export"),
        Binding("escape", "dismiss(None)", "leave", tooltip="Leave it"),
    ]

    def __init__(self, supply: Callable[[], ExportScope], name: str) -> None:
        super().__init__()
        self._supply = supply
        self._given = supply()
        self._default = name
        self._part: Part = "sifted" if self._given.filter_progress else "all"
        self._is_asked = False
        self._limits = ""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = " export "
            with Horizontal():
                yield Static("file", classes="label")
                yield Input(self._default, id="file", compact=True, select_on_focus=False)
            with Horizontal(id="about"):
                yield Static(classes="label")
                yield Static(id="means", markup=False)
            with Horizontal():
                yield Static("records", classes="label")
                yield Static(id="all", markup=False)
            with Horizontal(id="filtered"):
                yield Static(classes="label")
                yield Static(id="sifted", markup=False)
            with Horizontal():
                yield Static(classes="label")
                yield Static(id="range", markup=False)
                yield Input("1", id="first", classes="number", compact=True, restrict=_NUMBER)
                yield Static(" to", id="to")
                yield Input(str(self._given.records), id="last", classes="number", compact=True, restrict=_NUMBER)
            yield Static(id="tells", markup=False)
            yield Static("Enter exports   ↑ ↓ which records   Tab next field   Esc leaves", id="keys")

    def on_mount(self) -> None:
        """Tell what there is, and look again and again."""
        self._typed_name()
        self.set_interval(LOOKS, self._look)

    def action_choose(self, step: int) -> None:
        """Choose the next of the parts that there are."""
        parts = [part for part in PARTS if part != "sifted" or self._given.filter_progress]
        self._choose(parts[(parts.index(self._part) + step) % len(parts)])
        self.query_one("#first" if self._part == "range" else "#file").focus()

    def action_export(self) -> None:
        """Give the wish, if there is nothing wrong with it; a file is replaced at the second time only."""
        self._look()
        try:
            path, found, packing = self._file()
            first, last = self._numbers()
        except OutputError:
            self._typed_name()
            return
        is_there = os.path.lexists(path)
        if is_there and not self._is_asked:
            self._is_asked = True
            self._typed_name()
        else:
            self.dismiss(ExportRequest(path, found, packing, self._part, first, last, is_there))

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_export()

    @on(Input.Changed, "#file")
    def _named(self) -> None:
        self._is_asked = False
        self._typed_name()

    @on(Input.Changed, ".number")
    def _numbered(self, event: Input.Changed) -> None:
        # The numbers that stand there to begin with are no choice.
        if event.input.has_focus:
            self._choose("range")

    @on(events.Click, "#all, #sifted, #range")
    def _clicked(self, event: events.Click) -> None:
        for part in PARTS:
            if event.widget and event.widget.id == part:
                self._choose(part)

    def _choose(self, part: Part) -> None:
        self._part = part
        self._look()

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _file(self) -> tuple[Path, Format, Compression | None]:
        """The file that is named, and its format. Raises `OutputError` with what is wrong with it."""
        path = Path(os.path.expanduser(self._value("file")))
        found, packing = format_of(path)
        if not os.path.isdir(path.parent):
            raise OutputError(f"there is no folder {path.parent}")
        if os.path.isdir(path):
            raise OutputError("this is a folder: name a file in it")
        return path, found, packing

    def _numbers(self) -> tuple[int, int]:
        """The first and the last number. Raises `OutputError` with what is wrong with them."""
        total = self._given.records
        if not total:
            raise OutputError("nothing was read yet")
        if self._part != "range":
            return 1, total
        first, last = (int(self._value(name) or 0) for name in ("first", "last"))
        if not 1 <= first <= last <= total:
            raise OutputError(f"there are records 1 to {total}, and the first one comes first")
        return first, last

    def _typed_name(self) -> None:
        """Say what the name means."""
        try:
            path, found, packing = self._file()
        except OutputError as error:
            told, self._limits = Content.assemble((f"▲ {printable(str(error))}", "$warning")), ""
        else:
            self._limits = f"{found.name[0].upper()}{found.name[1:]} hold {found.lacks}."
            packed = f" packed by {packing.name}" if packing else ""
            told = Content.assemble((f"{found.name}{packed}: {found.about}", "$quiet"))
            if self._is_asked:
                told = Content.assemble(("▲ Enter again replaces the file that is there already", "bold $warning"))
            elif os.path.lexists(path):
                told = Content.assemble(("▲ there is such a file already", "$warning"))
        self.query_one("#means", Static).update(told)
        self._look()

    def _look(self) -> None:
        """Say which records there are, and how many of them are meant."""
        self._given = self._supply()
        total, filter_progress = self._given
        self.query_one("#filtered").display = filter_progress is not None
        self._offer("all", "the whole session", format_count(total, "record"))
        if filter_progress:
            self._offer(
                "sifted",
                f"filter: {fit(printable(filter_progress.text), _LONGEST_FILTER).rstrip()}",
                _found(filter_progress),
            )
        self._offer("range", "from number ", "")
        try:
            first, last = self._numbers()
            count = (
                _found(filter_progress)
                if filter_progress and self._part == "sifted"
                else format_count(last - first + 1, "record")
            )
            told = Content.assemble((f"{count}. ", "bold"), (self._limits, "$quiet"))
        except OutputError as error:
            told = Content.assemble((f"▲ {error}", "$warning"))
        self.query_one("#tells", Static).update(told)

    def _offer(self, part: Part, name: str, count: str) -> None:
        is_chosen = part == self._part
        mark = ("● ", "bold $accent") if is_chosen else ("○ ", "$quiet")
        line = Content.assemble(mark, (name, "bold" if is_chosen else ""), (f"  {count}" if count else "", "$quiet"))
        self.query_one(f"#{part}", Static).update(line)


def _found(filter_progress: FilterProgress) -> str:
    looking = "" if filter_progress.share >= 1 else f" so far, looking {filter_progress.share:.0%}"
    return format_count(filter_progress.found, "record") + looking
