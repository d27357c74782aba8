"""Rows of the traffic list as strips of styled text.

In: a row, and the state of the list. Out: a strip as wide as the list. Strips are cached until something that they
depend on changes, because most rows of a refresh are those of the refresh before, one line further up.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from sniffer.base.sanitize import printable
from sniffer.config.settings import TimeMode
from sniffer.core.charger.events import Event
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.links import LINKS
from sniffer.text.event_text import describe_event
from sniffer.text.marks import EVENT_MARKS
from sniffer.text.ranks import Rank, rank_of_event, rank_of_record
from sniffer.text.shorten import shorten_summary
from sniffer.tui.content import fit
from sniffer.tui.state.rows import RowEntry
from sniffer.tui.traffic import columns
from sniffer.tui.traffic.columns import Column, TimeFormat

CURSOR, PARTNER, NOTED = "▌", "◆", "✎"
"""The marks of the row under the cursor, of its partner, and of a note."""

STRIP_CACHE_SIZE = 1000
"""The number of drawn rows that are kept."""

PARTS = (
    "gutter", "number", "time", "delta", "route", "sequence", "name", "summary", "found", "cursor", "idle", "partner",
    *Rank,
)  # fmt: skip
"""The parts of a row and the ranks of what they show; each has a style of its own."""

_Parts = list[tuple[str, Style]]


class RowRenderer:
    """The renderer of rows. `style` returns the style of one of `PARTS`."""

    def __init__(self, definition: Definition, style: Callable[[str], Style]) -> None:
        self._definition = definition
        self._look_up = style
        self._strips: dict[int, Strip] = {}
        self._styles: dict[str, Style] = {}
        self._columns: tuple[Column, ...] = ()
        self._width = 0
        self._mode: TimeMode = "absolute"
        self._zone: tzinfo | None = None
        self._began: int | None = None
        self._notes: Mapping[int, str] = {}
        self._found = ""

    def set_layout(
        self, shown: tuple[Column, ...], width: int, mode: TimeMode, zone: tzinfo | None, began: int | None
    ) -> None:
        """Draw these columns in this width in cells, and times in this format."""
        if (shown, width, mode, zone, began) != (self._columns, self._width, self._mode, self._zone, self._began):
            self._columns, self._width, self._mode, self._zone, self._began = shown, width, mode, zone, began
            self.clear_cache()

    def highlight(self, text: str) -> None:
        """Highlight this text in all rows, in upper or lower case."""
        self._found = text.casefold()
        self.clear_cache()

    def set_notes(self, notes: Mapping[int, str]) -> None:
        """Show these notes, by the numbers of their records."""
        self._notes = notes
        self.clear_cache()

    def clear_cache(self) -> None:
        """Draw everything again, with current styles."""
        self._strips.clear()
        self._styles.clear()

    def draw(self, position: int, entry: RowEntry, before: int | None, base: Style, *, gutter: str) -> Strip:
        """Return the row at a position.

        `before` is the time of the record before, in nanoseconds. `gutter` is `CURSOR` or `PARTNER` for those two
        rows, else empty; only rows without one are cached.
        """
        if not gutter and position in self._strips:
            return self._strips[position]
        parts = self._draw_event(entry.event) if entry.event else self._draw_record(entry, before)
        head = Segment(gutter or " ", base + self._style("gutter"))
        # The parts are as wide as the list: counting their cells again takes as long as drawing them.
        segments = [head, *(Segment(text, base + style) for text, style in self._highlight_parts(parts))]
        strip = Strip(segments, self._width + len(CURSOR))
        if not gutter:
            if len(self._strips) >= STRIP_CACHE_SIZE:
                self._strips.clear()
            self._strips[position] = strip
        return strip

    def _style(self, part: str) -> Style:
        """Return the style of a part of a row in the current theme."""
        if part not in self._styles:
            self._styles[part] = self._look_up(part)
        return self._styles[part]

    def _draw_record(self, entry: RowEntry, before: int | None) -> _Parts:
        """Return the parts of a record's row, each with its style.

        `before` is the time of the record before, in nanoseconds.
        """
        record = entry.record
        texts = columns.format_cells(record, TimeFormat(self._mode, self._zone, self._began, before))
        rank, mark_rank = rank_of_record(record), columns.mark_rank_of(record)
        note = self._notes.get(record.number)
        parts: _Parts = []
        for column in self._columns:
            is_when = column.name in ("number", "time", "delta")
            own_style = column.name if is_when or rank is Rank.ROUTINE else rank
            style = self._style(mark_rank if column.name == "mark" else own_style)
            text, width = texts[column.name], column.width
            if column.name == "summary" and _is_of_charger(record) and not self._is_found_in(text):
                text = shorten_summary(text, width)
            if column.name == "summary" and note is not None:
                size = min(width, cell_len(printable(note)) + 2)
                gap = min(2, width - size)
                parts += [(fit(f"{NOTED} {printable(note)}", size), self._style(Rank.NOTE)), (" " * gap, style)]
                width -= size + gap
            between = "" if column is self._columns[-1] else " "
            parts.append((f"{fit(text, width, right=column.right)}{between}", style))
        return parts

    def _is_found_in(self, text: str) -> bool:
        """Return True if the text holds the highlighted one, which must not be shortened away."""
        return bool(self._found) and self._found in text.casefold()

    def _draw_event(self, event: Event) -> _Parts:
        indent = min(self._width, columns.event_indent(self._columns))
        text = f"{EVENT_MARKS[type(event)]} {describe_event(event, self._definition)}"
        return [
            (" " * indent, Style()),
            (fit(text, self._width - indent), self._style(rank_of_event(event))),
        ]

    def _highlight_parts(self, parts: _Parts) -> _Parts:
        """Return the parts of a row with the highlighted text in a style of its own."""
        if not self._found:
            return parts
        highlighted: _Parts = []
        for text, style in parts:
            folded, size = text.casefold(), len(self._found)
            at = folded.find(self._found) if len(folded) == len(text) else -1
            start = 0
            while at >= 0:
                highlighted += [(text[start:at], style), (text[at : at + size], self._style("found"))]
                start = at + size
                at = folded.find(self._found, start)
            highlighted.append((text[start:], style))
        return highlighted


def _is_of_charger(record: Record) -> bool:
    """Return True for a frame on a link of the charger, whose summary is known well enough to be shortened."""
    return isinstance(record.item, Message) and record.item.route.link.name in LINKS
