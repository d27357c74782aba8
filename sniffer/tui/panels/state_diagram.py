"""The connector's state machine as a drawing, made from the same table that the tracker runs.

In: the table of moves, the current status and the one before. Out: lines. This module decides only the place of each
state; the table says whether two neighbours are joined and which way the arrow points. Moves between states that are
not neighbours are shown by boxes: every state that the table allows next stands in a box, every other state without
one. The state before stands in a dotted box. If it is a neighbour, the arrow of the last move is thick, with a cross
if the table does not have that move. A current state that is Faulted has a box and a colour of its own.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from textual.content import Content

from sniffer.base.sanitize import printable
from sniffer.text.ranks import Rank, rank_of_status
from sniffer.tui.theme import filled_style

GRID = (
    ("Preparing", "Charging", "SuspendedEV"),
    ("Available", "Finishing", "SuspendedEVSE"),
    ("Reserved", "Unavailable", "Faulted"),
)
"""The places of the states. A session goes clockwise: from Available up, right, down and back."""

COLUMNS = 3
BOXED_WIDTH, BOXED_LINES = 41, 11
"""The width and height that boxes need with the packaged statuses; in less space, marks replace them."""

_ACROSS = {(True, True): "⇄", (True, False): "→", (False, True): "←", (False, False): " "}
_DOWN = {(True, True): "⇅", (True, False): "↓", (False, True): "↑", (False, False): " "}
_CROSS = "✗"
_NOW, _NEXT, _OTHER = "now", "next", "other"
_STYLES = {_NEXT: "$foreground", _OTHER: "$faint"}
_BOX_FAULTED, _MARK_FAULTED = tuple("╔═╗║╚╝"), "▲"
"""The box and the mark of the current state if the connector is Faulted."""
_BOXES = {_NOW: tuple("┏━┓┃┗┛"), _NEXT: tuple("╭─╮│╰╯"), _OTHER: tuple("      ")}
_BOXES_BEFORE = {_NEXT: tuple("╭┄╮┊╰╯"), _OTHER: tuple("┌┄┐┊└┘")}
_MARKS = {_NOW: "●", _NEXT: "▹", _OTHER: " "}
_MARKS_BEFORE = {_NEXT: "▸", _OTHER: "○"}
_Part = str | tuple[str, str] | Content


class StateDiagram(Struct, frozen=True):
    """The table, and the place of the connector in it. `allowed` are the states that it can have; None stands for all.

    `before` is its state before, or None if that is not known; `legal` is True if the table has the move from there.
    """

    transitions: Mapping[str, Sequence[str]]
    now: str | None = None
    allowed: Sequence[str] | None = None
    before: str | None = None
    legal: bool = True

    def has_move(self, before: str, after: str) -> bool:
        """Return True if the table has this move."""
        return after in self.transitions.get(before, ())

    def role(self, state: str) -> str:
        """Return the role of a state, seen from the current one: now, next or other."""
        if state == self.now:
            return _NOW
        is_next = self.now is not None and self.has_move(self.now, state)
        return _NEXT if is_next and (self.allowed is None or state in self.allowed) else _OTHER

    def is_last_move(self, one: str, other: str) -> bool:
        """Return True if the last move was between these two states, in either direction.

        Neither may be a gap of the grid.
        """
        return self.before is not None and {self.before, self.now} == {one, other}

    @property
    def move_style(self) -> str:
        """The style of the last move."""
        return "bold $state" if self.legal else "bold $warning"

    @property
    def now_rank(self) -> Rank:
        """The rank of the current state."""
        return rank_of_status(self.now or "")

    def mark_of(self, state: str) -> str:
        """Return the mark before the name of a state where there are no boxes."""
        role = self.role(state)
        if role == _NOW and self.now_rank is Rank.FAULT:
            return _MARK_FAULTED
        return (_MARKS_BEFORE if state and state == self.before else _MARKS)[role]

    def box_of(self, state: str) -> tuple[tuple[str, ...], str]:
        """Return the six pieces of the box around a state, and their style; the pieces are blank if it has none."""
        role = self.role(state) if state else _OTHER
        if role == _NOW:
            return _BOX_FAULTED if self.now_rank is Rank.FAULT else _BOXES[role], f"${self.now_rank}"
        if state and state == self.before:
            return _BOXES_BEFORE[role], self.move_style
        return _BOXES[role], "$quiet"


def arrange_states(states: Sequence[str]) -> list[list[str]]:
    """Return the states as rows of the grid; states without a place in it follow in more rows.

    A gap is an empty text.
    """
    placed = {state for row in GRID for state in row}
    others = [state for state in states if state not in placed]
    rows = [[state if state in states else "" for state in row] for row in GRID]
    # A board with states of its own has none of the others.
    known = [row for row in rows if any(row)]
    further = [others[at : at + COLUMNS] for at in range(0, len(others), COLUMNS)]
    return [row + [""] * (COLUMNS - len(row)) for row in (*known, *further)]


def draw_diagram(machine: StateDiagram, states: Sequence[str], width: int, *, boxed: bool) -> list[Content]:
    """Return the lines of the drawing in this width in cells, with boxes or with marks."""
    grid = arrange_states(states)
    around = 2 if boxed else 1
    widths = [max(len(printable(row[column])) for row in grid) + around for column in range(COLUMNS)]
    gap = max(1, min(5, (width - sum(widths)) // (COLUMNS - 1)))
    lines: list[Content] = []
    for index, row in enumerate(grid):
        if index:
            lines.append(_draw_between(machine, grid[index - 1], row, widths, gap))
        lines += _draw_boxes(machine, row, widths, gap) if boxed else [_draw_names(machine, row, widths, gap)]
    return lines


def _draw_names(machine: StateDiagram, row: list[str], widths: list[int], gap: int) -> Content:
    """Return one row of states as names with arrows between them. `widths` are those of the columns, in cells."""
    parts: list[Content] = []
    for column, state in enumerate(row):
        if column:
            parts.append(_draw_arrow(machine, row[column - 1], state, gap))
        parts.append(_draw_name(machine, state, widths[column] - 1, machine.mark_of(state)))
    return Content.assemble(*parts)


def _draw_boxes(machine: StateDiagram, row: list[str], widths: list[int], gap: int) -> list[Content]:
    """Return one row of states as boxes with arrows between them, in three lines."""
    top: list[_Part] = []
    middle: list[_Part] = []
    bottom: list[_Part] = []
    for column, state in enumerate(row):
        if column:
            top.append(" " * gap)
            bottom.append(" " * gap)
            middle.append(_draw_arrow(machine, row[column - 1], state, gap))
        (left_top, line, right_top, side, left_bottom, right_bottom), style = machine.box_of(state)
        inner = widths[column] - 2
        top.append((left_top + line * inner + right_top, style))
        middle += [(side, style), _draw_name(machine, state, inner, ""), (side, style)]
        bottom.append((left_bottom + line * inner + right_bottom, style))
    return [Content.assemble(*parts) for parts in (top, middle, bottom)]


def _draw_name(machine: StateDiagram, state: str, width: int, mark: str) -> Content:
    role = machine.role(state)
    style = filled_style(machine.now_rank) if role == _NOW else _STYLES[role] if state else ""
    name = printable(state)
    if not mark:
        return Content.assemble((f"{name:^{width}}", style))
    return Content.assemble((mark + name, style), " " * (width - len(name)))


def _draw_arrow(machine: StateDiagram, left: str, right: str, gap: int) -> Content:
    """Return the arrow between two neighbouring states, in `gap` cells; empty cells if neither move is allowed."""
    forth, back = machine.has_move(left, right), machine.has_move(right, left)
    if machine.is_last_move(left, right):
        return Content.assemble(
            (_draw_last_move(machine, left, back if machine.now == right else forth, gap), machine.move_style)
        )
    if gap < 3:
        text = _ACROSS[forth, back].ljust(gap)
    elif not forth and not back:
        text = " " * gap
    else:
        text = ("◂" if back else "─") + "─" * (gap - 2) + ("▸" if forth else "─")
    return Content.assemble((text, _choose_arrow_style(machine, left, right)))


def _draw_last_move(machine: StateDiagram, left: str, may_return: bool, gap: int) -> str:
    """Return the arrow of the last move; its tail has a head too if the table allows the way back."""
    is_forth = machine.before == left
    if gap < 3:
        return (_CROSS if not machine.legal else "⇒" if is_forth else "⇐").ljust(gap)
    shaft = ("━" * (gap - 2)) if machine.legal else f"{_CROSS:━^{gap - 2}}"
    if is_forth:
        return ("◂" if may_return else "━") + shaft + "▶"
    return "◀" + shaft + ("▸" if may_return else "━")


def _draw_between(machine: StateDiagram, above: list[str], below: list[str], widths: list[int], gap: int) -> Content:
    """Return the line between two rows of states, with an arrow for each allowed move between them."""
    parts: list[str | tuple[str, str]] = []
    for column, (upper, lower) in enumerate(zip(above, below, strict=True)):
        arrow, style = (
            _DOWN[machine.has_move(upper, lower), machine.has_move(lower, upper)],
            _choose_arrow_style(machine, upper, lower),
        )
        if machine.is_last_move(upper, lower):
            arrow = _CROSS if not machine.legal else "⇓" if machine.before == upper else "⇑"
            style = machine.move_style
        parts.append((f"{arrow:^{widths[column]}}", style))
        parts.append(" " * gap)
    return Content.assemble(*parts[:-1])


def _choose_arrow_style(machine: StateDiagram, one: str, other: str) -> str:
    """Return the style of an arrow; one that leads on from the current state stands out."""
    leads_on = (machine.now == one and machine.role(other) == _NEXT) or (
        machine.now == other and machine.role(one) == _NEXT
    )
    return "bold $foreground" if leads_on else "$faint"
