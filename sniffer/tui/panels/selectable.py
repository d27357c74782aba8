"""A panel in which lines can be chosen: a cursor over those that lead on to something.

Lines that belong together and can be chosen come as a `Block`. The cursor is on the key of its block, so that it stays
there whatever comes before it, and is in sight while the panel has the focus. Out: `JumpToRecord`, when the user wants to see
the record that a block leads to. Where nothing can be chosen, the keys scroll.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip

from sniffer.tui.messages import JumpToRecord
from sniffer.tui.panels.panel import Line, Panel

CURSOR = "▌"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that are chosen together. `key` says which block it is; `number` is the record that it leads to."""

    key: Hashable
    lines: tuple[Line, ...]
    number: int


class BlockPanel(Panel):
    """A panel with a cursor."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", tooltip="Open what is chosen: a fault's card, the report of a move"),
        Binding("o", "jump", "its frame", tooltip="Go to the frame that shows it, in the list"),
        Binding("k,up", "move(-1)", "up", show=False, tooltip="Choose what stands before, or scroll up"),
        Binding("j,down", "move(1)", "down", show=False, tooltip="Choose what comes next, or scroll down"),
        Binding("pageup", "page_up", "page up", show=False, tooltip="Scroll a page up"),
        Binding("pagedown", "page_down", "page down", show=False, tooltip="Scroll a page down"),
        Binding("g,home", "end(-1)", "top", show=False, tooltip="Go to the top"),
        Binding("G,end", "end(1)", "bottom", show=False, tooltip="Go to the bottom"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._blocks: list[Block] = []
        self._tops: list[int] = []
        self._at = 0
        self._key: Hashable = None

    @property
    def room(self) -> int:
        """How many cells a line has, beside the cursor's."""
        return max(0, self.scrollable_content_region.width - len(CURSOR))

    @property
    def block(self) -> Block | None:
        """What the cursor is on; None where nothing can be chosen."""
        return self._blocks[self._at] if self._blocks else None

    def write(self, lines: Iterable[Line | Block]) -> None:
        """Show these lines; nothing is drawn where they stand already."""
        shown: list[Line] = []
        blocks: list[Block] = []
        tops: list[int] = []
        for given in lines:
            if isinstance(given, Block):
                blocks.append(given)
                tops.append(len(shown))
                shown += given.lines
            else:
                shown.append(given)
        could_choose, moved = bool(self._blocks), self._follow(blocks, tops)
        super().write(shown)
        if moved and self.has_focus and self.scroll_offset.y:
            self._scroll(self.scroll_offset.y + moved)
        if could_choose != bool(blocks):
            self.refresh_bindings()

    def render_line(self, y: int) -> Strip:
        """One visible line, behind the cursor's cell."""
        at = self.scroll_offset.y + y
        if at >= len(self._lines) or not self.room:
            return Strip.blank(self.scrollable_content_region.width, self.rich_style)
        is_chosen = self.has_focus and bool(self._blocks) and at in self._rows(self._at)
        gutter = (CURSOR, "$accent") if is_chosen else " "
        line = Content.assemble(gutter, self._lines[at].truncate(self.room, ellipsis=True))
        if is_chosen:
            line = line.extend_right(max(0, self.room + 1 - line.cell_length)).stylize("on $chosen")
        return self.draw_line(line, self.room + 1)

    def choose(self, key: Hashable) -> None:
        """Put the cursor on the block of this key, if it is there."""
        self._key = key
        self._follow(self._blocks, self._tops)
        self.refresh()

    def open_block(self, block: Block) -> None:
        """What Enter does; a panel that has more to show than the record does other things."""
        self.post_message(JumpToRecord(block.number))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Opening needs something that can be opened."""
        return action not in ("open", "jump") or bool(self._blocks)

    def action_open(self) -> None:
        """Open what is chosen."""
        if self.block:
            self.open_block(self.block)

    def action_jump(self) -> None:
        """Ask for the record that the chosen block leads to."""
        if self.block:
            self.post_message(JumpToRecord(self.block.number))

    def action_move(self, step: int) -> None:
        """Choose the block before or after; one that is higher than the panel is read to its end first."""
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        rows = self._rows(self._at) if self._blocks else range(0)
        is_partly_seen = rows.start < bottom and rows.stop > top
        goes_on = is_partly_seen and (rows.stop > bottom if step > 0 else rows.start < top)
        if goes_on or not 0 <= self._at + step < len(self._blocks):
            self._scroll(top + step)
        else:
            self._choose(self._at + step)
            self._reveal()

    def action_end(self, direction: int) -> None:
        """Go to the first or the last line, and to what can be chosen there."""
        if self._blocks:
            self._choose(0 if direction < 0 else len(self._blocks) - 1)
        self._scroll(0 if direction < 0 else self.max_scroll_y)

    def on_focus(self) -> None:
        """From now on the cursor is in sight, and stays with what it is on."""
        if self.block:
            self._choose(self._at)
        self.refresh()

    def on_blur(self) -> None:
        """The cursor goes out of sight."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the block under the mouse; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = self.scroll_offset.y + offset.y
        at = bisect_right(self._tops, line) - 1
        if at >= 0 and line in self._rows(at):
            self._choose(at)
            if event.chain == 2:
                self.action_open()

    def _rows(self, at: int) -> range:
        """The lines of a block."""
        return range(self._tops[at], self._tops[at] + len(self._blocks[at].lines))

    def _choose(self, at: int) -> None:
        self._at = at
        self._key = self._blocks[at].key
        self.refresh()

    def _reveal(self) -> None:
        """Bring the chosen block in sight, its first line at least."""
        rows, top, height = self._rows(self._at), self.scroll_offset.y, self.size.height
        if rows.start < top:
            self._scroll(rows.start)
        elif rows.stop > top + height:
            self._scroll(min(rows.start, rows.stop - height))

    def _follow(self, blocks: list[Block], tops: list[int]) -> int:
        """Let the cursor stay on its block among these; return by how many lines that moved.

        A block that is gone leaves the cursor to what stands in its place.
        """
        before = self._tops[self._at] if self._blocks else None
        self._blocks, self._tops = blocks, tops
        keys = [block.key for block in blocks]
        if self._key in keys:
            self._at = keys.index(self._key)
            return 0 if before is None else tops[self._at] - before
        self._at = 0 if self._key is None else max(0, min(self._at, len(blocks) - 1))
        if blocks and self._key is not None:
            self._key = keys[self._at]
        return 0

    def _scroll(self, y: float) -> None:
        self.scroll_to(y=max(0, min(y, self.max_scroll_y)), animate=False, force=True, immediate=True)
