"""A panel with a cursor over the lines that lead to a record.

Lines that are chosen together come as a `Block`. The cursor stays on the key of its block, whatever is inserted above
it, and is visible while the panel has the focus. Out: `JumpToRecord` when the user wants to see the record of a block.
If there is no block, the keys scroll.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip

from sniffer.tui.messages import JumpToRecord
from sniffer.tui.panels.panel import Line, Panel

CURSOR = "▌"


class Block(Struct, frozen=True):
    """Lines that are chosen together. `key` identifies the block; `number` is the record that it leads to."""

    key: Hashable
    lines: tuple[Line, ...]
    number: int


class BlockPanel(Panel):
    """A panel with a cursor."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", tooltip="Open the chosen line: the card of a fault, the report of a move"),
        Binding("o", "jump", "its frame", tooltip="Go to the frame that shows it in the list"),
        Binding("k,up", "move(-1)", "up", show=False, tooltip="Choose the previous entry, or scroll up"),
        Binding("j,down", "move(1)", "down", show=False, tooltip="Choose the next entry, or scroll down"),
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
        """The width of a line in cells, without the cell of the cursor."""
        return max(0, self.scrollable_content_region.width - len(CURSOR))

    @property
    def block(self) -> Block | None:
        """The block under the cursor, or None if there is no block."""
        return self._blocks[self._at] if self._blocks else None

    def write(self, lines: Iterable[Line | Block]) -> None:
        """Show these lines and blocks; only visible lines that differ are redrawn."""
        shown: list[Line] = []
        blocks: list[Block] = []
        tops: list[int] = []
        for item in lines:
            if isinstance(item, Block):
                blocks.append(item)
                tops.append(len(shown))
                shown += item.lines
            else:
                shown.append(item)
        could_choose, moved = bool(self._blocks), self._replace_blocks(blocks, tops)
        super().write(shown)
        if moved and self.has_focus and self.scroll_offset.y:
            self._scroll(self.scroll_offset.y + moved)
        if could_choose != bool(blocks):
            self.refresh_bindings()

    def render_line(self, y: int) -> Strip:
        """Return one visible line after the cell of the cursor."""
        at = self.scroll_offset.y + y
        if at >= len(self._lines) or not self.room:
            return Strip.blank(self.scrollable_content_region.width, self.rich_style)
        is_chosen = self.has_focus and bool(self._blocks) and at in self._find_rows(self._at)
        gutter = (CURSOR, "$accent") if is_chosen else " "
        line = Content.assemble(gutter, self._lines[at].truncate(self.room, ellipsis=True))
        if is_chosen:
            line = line.extend_right(max(0, self.room + 1 - line.cell_length)).stylize("on $chosen")
        return self.draw_line(line, self.room + 1)

    def choose(self, key: Hashable) -> None:
        """Put the cursor on the block with this key, if there is one; None stands for the first block."""
        self._key = key
        self._replace_blocks(self._blocks, self._tops)
        self.refresh()

    def open_block(self, block: Block) -> None:
        """Send `JumpToRecord` with the record of a block. A panel that has more to show overrides this."""
        self.post_message(JumpToRecord(block.number))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool:
        """Return True unless the action opens a block and there is none."""
        return action not in ("open", "jump") or bool(self._blocks)

    def action_open(self) -> None:
        """Open the chosen block."""
        if self.block:
            self.open_block(self.block)

    def action_jump(self) -> None:
        """Send `JumpToRecord` with the record of the chosen block."""
        if self.block:
            self.post_message(JumpToRecord(self.block.number))

    def action_move(self, step: int) -> None:
        """Choose the block above or below; a block higher than the panel is scrolled to its end first."""
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        rows = self._find_rows(self._at) if self._blocks else range(0)
        is_partly_seen = rows.start < bottom and rows.stop > top
        goes_on = is_partly_seen and (rows.stop > bottom if step > 0 else rows.start < top)
        if goes_on or not 0 <= self._at + step < len(self._blocks):
            self._scroll(top + step)
        else:
            self._choose(self._at + step)
            self._reveal()

    def action_end(self, direction: int) -> None:
        """Go to the first or the last line, and choose the first or the last block."""
        if self._blocks:
            self._choose(0 if direction < 0 else len(self._blocks) - 1)
        self._scroll(0 if direction < 0 else self.max_scroll_y)

    def on_focus(self) -> None:
        """Show the cursor, and keep it on its block from now on."""
        if self.block:
            self._choose(self._at)
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the block under the mouse; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = self.scroll_offset.y + offset.y
        at = bisect_right(self._tops, line) - 1
        if at >= 0 and line in self._find_rows(at):
            self._choose(at)
            if event.chain == 2:
                self.action_open()

    def _find_rows(self, at: int) -> range:
        """Return the range of lines of the block at index `at`."""
        return range(self._tops[at], self._tops[at] + len(self._blocks[at].lines))

    def _choose(self, at: int) -> None:
        """Move the cursor to the block at this index."""
        self._at = at
        self._key = self._blocks[at].key
        self.refresh()

    def _reveal(self) -> None:
        """Scroll until the chosen block is visible, or at least its first line."""
        rows, top, height = self._find_rows(self._at), self.scroll_offset.y, self.size.height
        if rows.start < top:
            self._scroll(rows.start)
        elif rows.stop > top + height:
            self._scroll(min(rows.start, rows.stop - height))

    def _replace_blocks(self, blocks: list[Block], tops: list[int]) -> int:
        """Keep the cursor on its block among these; return by how many lines the block moved.

        If the block is gone, the cursor goes to the block in its place.
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
