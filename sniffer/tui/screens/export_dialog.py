"""The dialog of an export: into which file, and which records.

In: a function that returns what can be exported (`ExportScope`), called several times a second because a live session
grows. Out: an `ExportRequest`, or None if the user cancels. While the user types the file name, the dialog shows the
format that its ending means, and what that format cannot hold. Enter exports from every field; if the file exists
already, only a second Enter replaces it.
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

UPDATE_SECONDS = 1 / 4
"""The time between two updates of the number of records."""

ExportedPart = Literal["all", "filtered", "range"]
"""The choice of records: all of the session, those that match the filter, or those from one number to another."""

PARTS: tuple[ExportedPart, ...] = ("all", "filtered", "range")
"""All choices, from top to bottom."""

_NUMBER = "[0-9]{0,10}"
"""The regular expression of what can be typed as a record number."""

_MAX_FILTER_WIDTH = 40
"""The greatest width in cells at which the filter is shown."""


class ExportScope(NamedTuple):
    """The records that can be exported: their number, and the progress of the filter; None without a filter."""

    records: int
    filter_progress: FilterProgress | None


class ExportRequest(NamedTuple):
    """An export: this part of the records from number `first` to `last`, into this file.

    `packing` is None if the file is not compressed. `replace` allows to replace an existing file.
    """

    path: Path
    format: Format
    packing: Compression | None
    part: ExportedPart
    first: int
    last: int
    replace: bool


class ExportDialog(ModalScreen[ExportRequest | None]):
    """The dialog. `scope` returns what can be exported, `name` is the file name to start with."""

    DEFAULT_CSS = """
    ExportDialog { align: center middle; background: $background 70%; }
    ExportDialog #dialog { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $panel;
        border: round $primary; border-title-color: $primary; }
    ExportDialog Horizontal { height: 1; }
    ExportDialog Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    ExportDialog .label { width: 9; color: $quiet; }
    ExportDialog #about, ExportDialog #format { height: 2; text-wrap: wrap; }
    ExportDialog #format, ExportDialog #all, ExportDialog #filtered { width: 1fr; }
    ExportDialog #range { width: auto; }
    ExportDialog #to { width: 4; color: $quiet; }
    ExportDialog #summary { height: 2; margin-top: 1; text-wrap: wrap; }
    ExportDialog #keys { margin-top: 1; color: $quiet; }
    ExportDialog Input { width: 1fr; background: $surface; }
    ExportDialog Input:focus { background: $chosen; }
    ExportDialog .number { width: 12; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "records", show=False, tooltip="Choose the records above"),
        Binding("down", "choose(1)", "records", show=False, tooltip="Choose the records below"),
        Binding("enter", "export", "export", tooltip="Export"),
        Binding("escape", "dismiss(None)", "leave", tooltip="Cancel"),
    ]

    def __init__(self, scope: Callable[[], ExportScope], name: str) -> None:
        super().__init__()
        self._read_scope = scope
        self._scope = scope()
        self._default = name
        self._part: ExportedPart = "filtered" if self._scope.filter_progress else "all"
        self._is_replace_confirmed = False
        self._limits = ""

    def compose(self) -> ComposeResult:
        """Return the lines of the dialog from top to bottom."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = " export "
            with Horizontal():
                yield Static("file", classes="label")
                yield Input(self._default, id="file", compact=True, select_on_focus=False)
            with Horizontal(id="about"):
                yield Static(classes="label")
                yield Static(id="format", markup=False)
            with Horizontal():
                yield Static("records", classes="label")
                yield Static(id="all", markup=False)
            with Horizontal(id="filter-row"):
                yield Static(classes="label")
                yield Static(id="filtered", markup=False)
            with Horizontal():
                yield Static(classes="label")
                yield Static(id="range", markup=False)
                yield Input("1", id="first", classes="number", compact=True, restrict=_NUMBER)
                yield Static(" to", id="to")
                yield Input(str(self._scope.records), id="last", classes="number", compact=True, restrict=_NUMBER)
            yield Static(id="summary", markup=False)
            yield Static("Enter exports   ↑ ↓ which records   Tab next field   Esc leaves", id="keys")

    def on_mount(self) -> None:
        """Show what can be exported, and update it at regular intervals."""
        self._show_format()
        self.set_interval(UPDATE_SECONDS, self._update)

    def action_choose(self, step: int) -> None:
        """Choose the next part, or the one before if `step` is -1; the filtered part exists only with a filter."""
        parts = [part for part in PARTS if part != "filtered" or self._scope.filter_progress]
        self._choose(parts[(parts.index(self._part) + step) % len(parts)])
        self.query_one("#first" if self._part == "range" else "#file").focus()

    def action_export(self) -> None:
        """Close the dialog with the request if it is valid. An existing file is replaced at the second call only."""
        self._update()
        try:
            path, file_format, packing = self._parse_file()
            first, last = self._parse_numbers()
        except OutputError:
            self._show_format()
            return
        exists = os.path.lexists(path)
        if exists and not self._is_replace_confirmed:
            self._is_replace_confirmed = True
            self._show_format()
        else:
            self.dismiss(ExportRequest(path, file_format, packing, self._part, first, last, exists))

    @on(Input.Submitted)
    def _export_on_enter(self) -> None:
        self.action_export()

    @on(Input.Changed, "#file")
    def _handle_name(self) -> None:
        self._is_replace_confirmed = False
        self._show_format()

    @on(Input.Changed, ".number")
    def _handle_number(self, event: Input.Changed) -> None:
        # The fields send `Changed` for their first numbers as well, which the user did not choose.
        if event.input.has_focus:
            self._choose("range")

    @on(events.Click, "#all, #filtered, #range")
    def _handle_click(self, event: events.Click) -> None:
        for part in PARTS:
            if event.widget and event.widget.id == part:
                self._choose(part)

    def _choose(self, part: ExportedPart) -> None:
        self._part = part
        self._update()

    def _get_value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _parse_file(self) -> tuple[Path, Format, Compression | None]:
        """Return the file, its format and its compression. Raises `OutputError` if there can be no such file."""
        path = Path(os.path.expanduser(self._get_value("file")))
        file_format, packing = format_of(path)
        if not os.path.isdir(path.parent):
            raise OutputError(f"there is no folder {path.parent}: make it first")
        if os.path.isdir(path):
            raise OutputError("this is a folder: name a file in it")
        return path, file_format, packing

    def _parse_numbers(self) -> tuple[int, int]:
        """Return the first and the last number. Raises `OutputError` if there are no such records."""
        total = self._scope.records
        if not total:
            raise OutputError("nothing was read yet: wait for the first record")
        if self._part != "range":
            return 1, total
        first, last = (int(self._get_value(name) or 0) for name in ("first", "last"))
        if not 1 <= first <= last <= total:
            raise OutputError(f"there are records 1 to {total}: name the first, then the last")
        return first, last

    def _show_format(self) -> None:
        """Show the format that the file name means, or the problem with the name."""
        try:
            path, file_format, packing = self._parse_file()
        except OutputError as error:
            text, self._limits = Content.assemble((f"▲ {printable(str(error))}", "$warning")), ""
        else:
            self._limits = f"{file_format.name[0].upper()}{file_format.name[1:]} hold {file_format.lacks}."
            packed = f" packed by {packing.name}" if packing else ""
            text = Content.assemble((f"{file_format.name}{packed}: {file_format.about}", "$quiet"))
            if self._is_replace_confirmed:
                text = Content.assemble(("▲ Enter again replaces the file that is there already", "bold $warning"))
            elif os.path.lexists(path):
                text = Content.assemble(("▲ there is such a file already", "$warning"))
        self.query_one("#format", Static).update(text)
        self._update()

    def _update(self) -> None:
        """Show the parts that can be exported, and how many records the chosen part has."""
        self._scope = self._read_scope()
        total, filter_progress = self._scope
        self.query_one("#filter-row").display = filter_progress is not None
        self._show_part("all", "the whole session", format_count(total, "record"))
        if filter_progress:
            self._show_part(
                "filtered",
                f"filter: {fit(printable(filter_progress.text), _MAX_FILTER_WIDTH).rstrip()}",
                _format_found(filter_progress),
            )
        self._show_part("range", "from number ", "")
        try:
            first, last = self._parse_numbers()
            count = (
                _format_found(filter_progress)
                if filter_progress and self._part == "filtered"
                else format_count(last - first + 1, "record")
            )
            text = Content.assemble((f"{count}. ", "bold"), (self._limits, "$quiet"))
        except OutputError as error:
            text = Content.assemble((f"▲ {error}", "$warning"))
        self.query_one("#summary", Static).update(text)

    def _show_part(self, part: ExportedPart, name: str, count: str) -> None:
        """Draw the line of one choice of records, marked if it is the chosen one. `count` may be empty."""
        is_chosen = part == self._part
        mark = ("● ", "bold $accent") if is_chosen else ("○ ", "$quiet")
        line = Content.assemble(mark, (name, "bold" if is_chosen else ""), (f"  {count}" if count else "", "$quiet"))
        self.query_one(f"#{part}", Static).update(line)


def _format_found(filter_progress: FilterProgress) -> str:
    """Return the number of records that the filter has found, and the share examined if that is not all."""
    looking = "" if filter_progress.share >= 1 else f" so far, looking {filter_progress.share:.0%}"
    return format_count(filter_progress.found, "record") + looking
