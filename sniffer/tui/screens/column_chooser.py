"""The dialog in which the user chooses the columns of the list.

In: the columns that are shown now. Out: the chosen ones, or None if all are chosen and the width decides alone.
"""

from collections.abc import Collection, Iterable
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
"""The names of the columns to show; None shows all for which there is room."""


class ColumnChooser(ModalScreen[ColumnChoice]):
    """The dialog with a check box for each optional column."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,v", "done", "done", tooltip="Use these columns"),
        Binding("j", "move('down')", "down", show=False, tooltip="Move down"),
        Binding("k", "move('up')", "up", show=False, tooltip="Move up"),
    ]

    def __init__(self, shown: Collection[str] | None) -> None:
        super().__init__()
        self._shown = OPTIONAL_COLUMNS if shown is None else shown

    def compose(self) -> ComposeResult:
        """Return the list of columns, and a line about the keys."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = " columns "
            yield SelectionList[str](
                *(Selection(name, name, name in self._shown) for name in OPTIONAL_COLUMNS), id="columns", compact=True
            )
            hint = "Space shows or hides a column, Esc is done. A narrow list leaves some out."
            yield Static(Content(hint), id="hint")

    def action_move(self, direction: str) -> None:
        """Move the cursor "down" or "up"."""
        columns = self.query_one(SelectionList)
        if direction == "down":
            columns.action_cursor_down()
        else:
            columns.action_cursor_up()

    def action_done(self) -> None:
        """Close the dialog with the chosen columns."""
        chosen = self.query_one(SelectionList).selected
        self.dismiss(
            None if len(chosen) == len(OPTIONAL_COLUMNS) else tuple(name for name in OPTIONAL_COLUMNS if name in chosen)
        )


def find_unknown_columns(names: Iterable[str] | None) -> list[str]:
    """Return a warning for the names in the settings that are no columns; none if all are."""
    unknown = [name for name in names or () if name not in OPTIONAL_COLUMNS]
    if not unknown:
        return []
    return [f"settings: columns: there is no {', '.join(unknown)}: choose from {', '.join(OPTIONAL_COLUMNS)}"]
