"""The detail pane: the bytes of one record, and what each of them means.

In: a record, the record to compare it with, its partner, and its exchange (`show`). Out: `JumpToRecord` for the
partner, and for a hop of the exchange, and `FilterFor` when the user wants to see records with the value of a field.
The user chooses a field with the keys or the mouse, and its bytes are marked; or chooses a byte, and the field that
holds it is chosen as well. The bytes, the fields and the text about the chosen field share the height of the pane so
that the chosen field is visible in all three.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message as TextualMessage
from textual.strip import Strip
from textual.widget import Widget

from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.history.records.exchange_search import FoundExchange
from sniffer.tui.content import fit
from sniffer.tui.detail.diff import Changes, find_changes
from sniffer.tui.detail.field_tree import draw_fields, format_previous
from sniffer.tui.detail.hexdump import bytes_per_line, draw_hexdump, find_byte
from sniffer.tui.detail.hops import draw_hops, draw_place
from sniffer.tui.detail.record_view import FRAME, FieldSpan, RecordView, Remark, build_record_view, list_provenances
from sniffer.tui.line_strips import LineStrips
from sniffer.tui.messages import ActionDone, JumpToRecord
from sniffer.tui.panels.panel import set_border_title

LONGEST_NOTE = 3
"""The largest number of lines of one note."""

LONGEST_NOTICE = 60
"""The number of characters of a copied text that the notice shows."""

ROOMY = 14
"""The height from which on blank lines separate the parts of the pane."""


BLANK = Content("")


class _Row(NamedTuple):
    """One line of the pane, with the offset of its first byte, the index of its field, or the number of its record."""

    line: Content
    first_byte: int | None = None
    part: int | None = None
    number: int | None = None


class DetailPane(Widget, can_focus=True):
    """The pane that shows one record in all its parts."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "compare", "changes", tooltip="Mark what changed since the last frame of this command, or not"),
        Binding(
            "y", "copy", "copy", tooltip="Copy the chosen field; or, if a byte is chosen, the field's bytes in hex"
        ),
        Binding(
            "equals_sign",
            "filter",
            "filter",
            key_display="=",
            tooltip="Show only the records with this value of the field",
        ),
        Binding("enter", "partner", "answer", show=False, tooltip="Go to the answer, or back to the request"),
        Binding("k,up", "move(-1)", "field up", show=False, tooltip="Choose the previous field: its bytes are marked"),
        Binding("j,down", "move(1)", "field down", show=False, tooltip="Choose the next field"),
        Binding(
            "left", "byte(-1)", "byte back", show=False, tooltip="Choose the previous byte, and the field that holds it"
        ),
        Binding("right", "byte(1)", "byte on", show=False, tooltip="Choose the next byte"),
        Binding("pageup", "move(-8)", "fields up", show=False, tooltip="Eight fields up"),
        Binding("pagedown", "move(8)", "fields down", show=False, tooltip="Eight fields down"),
        Binding("g,home", "move(-100000)", "first field", show=False, tooltip="Choose the first field"),
        Binding("G,end", "move(100000)", "last field", show=False, tooltip="Choose the last field"),
    ]

    class FilterFor(TextualMessage):
        """The user wants to see records in which this field has the same value as in this record.

        `name` is the name in the definition, not escaped; `start` is the offset of the field in the frame.
        """

        def __init__(self, record: Record, name: str, start: int) -> None:
            super().__init__()
            self.record = record
            self.name = name
            self.start = start

    def __init__(self, definition: Definition) -> None:
        super().__init__(id="detail")
        self._definition = definition
        self._record: Record | None = None
        self._previous: Record | None = None
        self._partner: int | None = None
        self._exchange: FoundExchange | None = None
        self._record_view = RecordView("")
        self._chosen = 0
        self._byte: int | None = None
        self._compares = False
        self._rows: list[_Row] | None = None
        """The lines that are being drawn."""
        self._strips = LineStrips(self)

    @property
    def chosen(self) -> FieldSpan | None:
        """The chosen field, or None if the record has no fields."""
        parts = self._record_view.parts
        return parts[min(self._chosen, len(parts) - 1)] if parts else None

    @property
    def byte(self) -> int | None:
        """The offset of the chosen byte, or None if a whole field is chosen."""
        return self._byte

    def show(
        self,
        record: Record | None,
        previous: Record | None = None,
        partner: Record | None = None,
        exchange: FoundExchange | None = None,
    ) -> None:
        """Show this record; the choice of a field or byte stays if the record has the same fields as the one before.

        `previous` is the last frame of the same route and command before it. `partner` is the answer to the record, or
        the record that it refers to. `exchange` is its exchange across both links.
        """
        self._exchange = exchange
        before = [part.name for part in self._record_view.parts]
        self._record, self._previous = record, previous
        self._partner = partner.number if partner else record.refers.number if record and record.refers else None
        self._record_view = RecordView("") if record is None else build_record_view(record, self._definition, partner)
        names = [part.name for part in self._record_view.parts]
        if names != before or not names:
            self._chosen, self._byte = self._find_first_choice(), None
        elif self._byte is not None:
            self._choose_byte(min(self._byte, len(self._record_view.raw) - 1))
        set_border_title(self, Content.assemble((" detail ", "bold")))
        self.refresh()
        if self.has_focus:
            self.refresh_bindings()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool:
        """Return True unless the action needs a partner and the record has none."""
        return action != "partner" or self._partner is not None

    def action_move(self, step: int) -> None:
        """Choose another field, or where there are no fields, a byte on another line."""
        parts, raw = self._record_view.parts, self._record_view.raw
        if parts:
            self._chosen, self._byte = max(0, min(self._chosen + step, len(parts) - 1)), None
        elif raw:
            at = (self._byte or 0) + step * bytes_per_line(self.size.width, len(raw))
            self._byte = max(0, min(at, len(raw) - 1))
        self.refresh()

    def action_byte(self, step: int) -> None:
        """Choose another byte; from a field, one of its ends comes first."""
        raw, chosen = self._record_view.raw, self.chosen
        if not raw:
            return
        if self._byte is not None:
            at = self._byte + step
        elif chosen and chosen.start < chosen.end:
            at = chosen.start if step > 0 else chosen.end - 1
        else:
            at = 0
        self._choose_byte(max(0, min(at, len(raw) - 1)))

    def action_compare(self) -> None:
        """Show what changed since the last frame of this command, or stop showing it."""
        self._compares = not self._compares
        self.refresh()

    def action_partner(self) -> None:
        """Send `JumpToRecord` with the partner of this record."""
        if self._partner is not None:
            self.post_message(JumpToRecord(self._partner))

    def action_copy(self) -> None:
        """Copy the chosen bytes or field through the terminal, which works over SSH."""
        text, chosen = "", self.chosen
        if self._byte is not None:
            place = slice(chosen.start, chosen.end) if chosen else slice(None)
            text = self._record_view.raw[place].hex(" ").upper()
        elif chosen:
            text = f"{chosen.name} = {chosen.text}"
        elif self._record_view.raw:
            text = self._record_view.raw.hex(" ").upper()
        if text:
            self.app.copy_to_clipboard(text)
            shown = text if len(text) <= LONGEST_NOTICE else f"{text[:LONGEST_NOTICE]}…"
            self.post_message(ActionDone(f"copied: {shown}"))

    def action_filter(self) -> None:
        """Post `FilterFor` for the chosen field."""
        if self._record and (chosen := self.chosen):
            self.post_message(self.FilterFor(self._record, chosen.key, chosen.start))

    def on_click(self, event: events.Click) -> None:
        """Choose the byte or the field under the mouse."""
        at = event.get_content_offset(self)
        rows = self._build_rows() if at else []
        if at is None or at.y >= len(rows):
            return
        row, raw = rows[at.y], self._record_view.raw
        if row.number is not None:
            self.post_message(JumpToRecord(row.number))
        if row.part is not None:
            self._chosen, self._byte = row.part, None
            self.refresh()
        elif row.first_byte is not None:
            byte = find_byte(at.x, row.first_byte, bytes_per_line(self.size.width, len(raw)), len(raw))
            if byte is not None:
                self._choose_byte(byte)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of this region, which show the record as it is now."""
        self._rows = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return one line; `y` counts from the top of the content."""
        if self._rows is None:
            self._rows = self._build_rows()
        width = self.size.width
        return self._strips.draw(self._rows[y].line, width) if y < len(self._rows) else self._strips.draw(BLANK, width)

    def _build_rows(self) -> list[_Row]:
        """Return the lines from top to bottom, with the byte or field that each of them shows."""
        if self._record is None:
            return [_Row(Content.assemble(("nothing was read yet", "$quiet")))]
        width, height = self.size
        is_roomy = height >= ROOMY
        changes = find_changes(self._record, self._previous) if self._compares and self._record else None
        head = self._build_head(
            width, height, (Remark(changes.text, "$accent" if changes.previous else "$quiet"),) if changes else ()
        )
        blank = [_Row(Content(""))] if is_roomy else []
        about = [_Row(line) for line in self._draw_about(width, 2 if is_roomy else 1, changes)]
        hops = self._draw_hops(is_roomy=is_roomy)
        head += [*blank, *hops] if hops else []
        room = max(0, height - len(head) - len(about) - 2 * len(blank))
        hexes = self._draw_hexdump(width, changes.at if changes else frozenset())
        fields = [
            _Row(line, part=index)
            for line, index in draw_fields(self._record_view.parts, self._record_view.raw, self._chosen, changes, width)
        ]
        for_bytes = min(len(hexes), max(2, room * 2 // 5, room - len(fields)))
        start = self._byte if self._byte is not None else self.chosen.start if self.chosen else 0
        byte_line = start // bytes_per_line(width, len(self._record_view.raw))
        field_line = next((at for at, row in enumerate(fields) if row.part == self._chosen), 0)
        rows = [*head, *blank, *_cut_window(hexes, byte_line, for_bytes), *(blank if hexes and fields else [])]
        return [*rows, *_cut_window(fields, field_line, room - for_bytes), *about][: max(1, height)]

    def _build_head(self, width: int, height: int, further: Sequence[Remark]) -> list[_Row]:
        """Return the heading and the remarks; the exchange gets its own line if the heading is full."""
        found = self._record_view
        line = Content.assemble((f"{found.number} ", "$quiet"), (found.name, "bold"), "  ", (found.facts, "$quiet"))
        exchange = Content.assemble((found.exchange, "$primary"))
        if found.exchange and line.cell_length + 2 + exchange.cell_length <= width:
            lines = [Content.assemble(line, "  ", exchange)]
        else:
            lines = [line, exchange] if found.exchange else [line]
        notes = [*found.notes, *further]
        # A line of the log has nothing else to show: its text and the advice on it get all of the room.
        is_text = not found.raw and not found.parts
        share = (height - len(lines) if is_text else height // 3) // max(1, len(notes))
        most = max(1, share if is_text else min(LONGEST_NOTE, share))
        for note in notes:
            lines += [line.stylize(note.style) for line in wrap_text(note.text, width, most)]
        return [_Row(line) for line in lines]

    def _draw_hops(self, *, is_roomy: bool) -> list[_Row]:
        """Return the hops of the exchange, or in one line where there is little room; empty if there is none."""
        if self._exchange is None or self._record is None:
            return []
        if not is_roomy:
            return [_Row(draw_place(self._exchange, self._record.number))]
        return [_Row(hop.line, number=hop.number) for hop in draw_hops(self._exchange, self._record.number)]

    def _find_first_choice(self) -> int:
        """Return the index of the first field of the payload: the fields around it are the same in every frame."""
        groups = [part.group for part in self._record_view.parts]
        return next((index for index, group in enumerate(groups) if group != FRAME), 0)

    def _choose_byte(self, at: int) -> None:
        """Choose a byte, and the field that holds it."""
        self._byte = at
        for index, part in enumerate(self._record_view.parts):
            if part.start <= at < part.end:
                self._chosen = index
        self.refresh()

    def _draw_hexdump(self, width: int, changed: frozenset[int]) -> list[_Row]:
        """Return the lines of the hex dump."""
        raw, chosen, byte = self._record_view.raw, self.chosen, self._byte
        count = bytes_per_line(width, len(raw))
        field = range(chosen.start, chosen.end) if chosen else range(0)
        marked, around = (field, range(0)) if byte is None else (range(byte, byte + 1), field)
        lines = draw_hexdump(raw, marked.start, marked.stop, count, around=around, changed=changed)
        return [_Row(line, first_byte=index * count) for index, line in enumerate(lines)]

    def _draw_about(self, width: int, most: int, changes: Changes | None) -> list[Content]:
        """Return the meaning of the chosen byte and field, in a fixed number of lines, so that nothing jumps."""
        chosen, raw = self.chosen, self._record_view.raw
        if not raw or (chosen is None and self._byte is None):
            return []
        text = "" if self._byte is None else f"{format_byte(self._byte, raw)}. "
        if chosen:
            previous = format_previous(chosen, changes)
            text += f"{previous}. " if previous else ""
            claims = list_provenances(self._definition)
            text += chosen.about or claims.get(chosen.provenance, "its meaning is not known")
        lines = [line.stylize("italic $quiet") for line in wrap_text(text.strip(), width, most)]
        return [*lines, *[Content("")] * (most - len(lines))]


def format_byte(at: int, raw: bytes) -> str:
    """Return one byte in hex, decimal, binary and, if it is printable, as a character."""
    value = raw[at]
    char = f" '{chr(value)}'" if 0x20 <= value < 0x7F else ""
    return f"byte {at:02X}: {value:02X} = {value} = {value >> 4:04b} {value & 15:04b}{char}"


def wrap_text(text: str, width: int, most: int) -> list[Content]:
    """Return the text in at most `most` lines; an ellipsis stands for what does not fit."""
    lines = Content(text).wrap(max(1, width))
    if len(lines) <= most:
        return lines
    rest = " ".join(line.plain.strip() for line in lines[most - 1 :])
    return [*lines[: most - 1], Content(fit(rest, width))]


def _cut_window(rows: list[_Row], at: int, height: int) -> list[_Row]:
    """Return at most `height` rows, with row `at` among them."""
    top = max(0, min(at - height // 2, len(rows) - height))
    return rows[top : top + max(0, height)]
