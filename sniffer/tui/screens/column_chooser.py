"""The dialog that asks which columns the list has.

In: the columns that are shown now. Out: those that are wanted, or None where the width is to decide again.
"""

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from sniffer.tui.traffic.columns import OPTIONAL_COLUMNS

ColumnChoice = tuple[str, ...] | None


class ColumnChooser(ModalScreen[ColumnChoice]):
    """The columns that can be left out, each to be ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,v", "done", "done", tooltip="Show the list so"),
        Binding("j", "move('down')", "down", show=False, tooltip="Move down"),
        Binding("k", "move('up')", "up", show=False, tooltip="Move up"),
    ]

    def __init__(self, shown: Collection[str] | None) -> None:
        super().__init__()
        self._shown = OPTIONAL_COLUMNS if shown is None else shown

    def compose(self) -> ComposeResult:
        """The list, and what the keys do."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = " columns "
            yield SelectionList[str](
                *(Selection(name, name, name in self._shown) for name in OPTIONAL_COLUMNS), id="columns", compact=True
            )
            yield Static(Content("Space chooses, Esc is done; a narrow list still leaves some out"), id="tells")

    def action_move(self, way: str) -> None:
        """Go to another column."""
        listed = self.query_one(SelectionList)
        if way == "down":
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()

    def action_done(self) -> None:
        """Give back what is ticked."""
        chosen = self.query_one(SelectionList).selected
        self.dismiss(
            None if len(chosen) == len(OPTIONAL_COLUMNS) else tuple(name for name in OPTIONAL_COLUMNS if name in chosen)
        )
