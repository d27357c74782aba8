"""The dialog that looks for the framing of an unknown line, and saves what it finds as a definition file.

In: the bytes of the line, and how many were read. Out: a new file, which is for its owner only and replaces none. The
search runs in a thread, so that keys and bytes are handled meanwhile; it ends when the dialog is left.
"""

import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from sniffer.base.atomic_file import write_whole
from sniffer.base.blocking import run_detached, run_to_end
from sniffer.base.errors import OutputError
from sniffer.base.sanitize import printable
from sniffer.core.discovery.board_match import BoardMatch, match_boards
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.protocol.loader import load_board_routes
from sniffer.formats.framing_proposal import format_framings
from sniffer.text.framing_text import UNDETERMINED, list_boards_that_fit, list_evidence, list_parts
from sniffer.tui.content import wrap_hanging

ENDING = ".toml"
INDENT = "     "


class FramingDialog(ModalScreen[None]):
    """The dialog. `collect` returns the bytes to search, and `read` is the number of all bytes of the session.

    `name` is the file name to start with, and `source` the name of the source.
    """

    DEFAULT_CSS = """
    FramingDialog { align: center middle; background: $background 70%; }
    FramingDialog #dialog { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
        background: $panel; border: round $primary; border-title-color: $primary; scrollbar-size: 1 1; }
    FramingDialog Horizontal { height: 1; margin-top: 1; }
    FramingDialog Static { height: auto; }
    FramingDialog .label { width: 9; color: $quiet; }
    FramingDialog #keys { margin-top: 1; color: $quiet; }
    FramingDialog Input { width: 1fr; background: $surface; }
    FramingDialog Input:focus { background: $chosen; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "candidate", show=False, tooltip="Choose the candidate above"),
        Binding("down", "choose(1)", "candidate", show=False, tooltip="Choose the candidate below"),
        Binding("enter", "save", "save", tooltip="Save as a definition file"),
        Binding("escape", "dismiss(None)", "leave", tooltip="Leave"),
    ]

    def __init__(self, collect: Callable[[], Awaitable[bytes]], read: int, name: str, source: str) -> None:
        super().__init__()
        self._collect = collect
        self._read = read
        self._default = name
        self._source = source
        self._boards: Sequence[BoardMatch] = ()
        self._candidates: Sequence[FramingCandidate] = ()
        self._chosen = 0
        self._is_left = False

    def compose(self) -> ComposeResult:
        """Return the lines of the dialog from top to bottom."""
        with VerticalScroll(id="dialog", can_focus=False) as dialog:
            dialog.border_title = " framing of an unknown line "
            yield Static("looking for heads, length and check …", id="found", markup=False)
            with Horizontal(id="name"):
                yield Static("file", classes="label")
                yield Input(self._default, id="file", compact=True, select_on_focus=False)
            yield Static(id="result", markup=False)
            yield Static("Esc leaves", id="keys")

    def on_mount(self) -> None:
        """Begin to search."""
        self.query_one("#name").display = False
        self.run_worker(self._search(), group="framing", exclusive=True)

    def on_unmount(self) -> None:
        """End the search."""
        self._is_left = True

    def action_choose(self, step: int) -> None:
        """Choose the next candidate, or the one before if `step` is -1."""
        if self._candidates:
            self._chosen = (self._chosen + step) % len(self._candidates)
            self._show_candidates()

    def action_save(self) -> None:
        """Save the chosen candidate, and the others as comments."""
        if self._candidates:
            self.run_worker(self._save(), group="framing", exclusive=True)

    @on(Input.Submitted)
    def _save_on_enter(self) -> None:
        self.action_save()

    async def _search(self) -> None:
        """Search the bytes, and show what was found."""
        data = await self._collect()
        found = self.query_one("#found", Static)
        found.update(f"looking for heads, length and check in {len(data):,} bytes …")
        self._boards = await run_detached(lambda: match_boards(data, load_board_routes()))
        found.update(Content("\n").join([*self._list_boards(), Content("looking for heads, length and check …")]))
        self._candidates = await run_detached(partial(find_framings, data, lambda: self._is_left))
        if not self._candidates:
            found.update(Content("\n").join(self._list_boards()) if self._boards else UNDETERMINED)
            return
        self.query_one("#name").display = True
        self.query_one("#keys", Static).update("Enter saves a definition file   ↑ ↓ which candidate   Esc leaves")
        self.query_one("#file").focus()
        self._show_candidates()

    def _show_candidates(self) -> None:
        """Show all candidates, each with its evidence, the chosen one marked."""
        self.query_one("#found", Static).update(Content("\n").join(self._list_lines()))

    def _list_boards(self) -> Iterator[Content]:
        """Yield the known boards that fit, which need no proposal."""
        for line in list_boards_that_fit(self._boards):
            yield Content.styled(line, "bold")

    def _list_lines(self) -> Iterator[Content]:
        yield from self._list_boards()
        for index, candidate in enumerate(self._candidates):
            is_chosen = index == self._chosen
            head, *parts = list_parts(candidate)
            mark = ("● ", "bold $accent") if is_chosen else ("○ ", "$quiet")
            yield Content.assemble(mark, (f"{index + 1}  {head}", "bold" if is_chosen else ""))
            for text, style in (*((part, "") for part in parts), (" ".join(list_evidence(candidate)), "$quiet")):
                yield from wrap_hanging(INDENT, text, style, self.query_one("#found").size.width)

    async def _save(self) -> None:
        """Write the file, and show how to use it, or why it could not be saved."""
        name = self.query_one("#file", Input).value.strip()
        chosen = self._candidates[self._chosen]
        others = [one for one in self._candidates if one is not chosen]
        result = self.query_one("#result", Static)
        try:
            if not name.endswith(ENDING):
                raise OutputError(f"{name}: let the name of a definition file end in {ENDING}")
            text = format_framings([chosen, *others], self._read, self._boards)
            await run_to_end(partial(write_whole, Path(os.path.expanduser(name)), text.encode()))
        except OutputError as error:
            result.update(Content.assemble((f"▲ {printable(str(error))}", "$warning")))
        else:
            use = f"evse-sniff {printable(self._source)} --definition {printable(name)}"
            result.update(Content.assemble(("✓ saved; to use it: ", "$good"), (use, "bold")))
