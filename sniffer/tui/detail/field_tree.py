"""The fields of a record as lines: a tree of two levels, with the chosen field and the changed fields marked.

In: the fields, the bytes of the record, which field is chosen, and what changed. Out: lines, each with the index of its
field; a heading has none.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from sniffer.base.phrasing import format_count
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN
from sniffer.tui.content import fit
from sniffer.tui.detail.diff import Changes
from sniffer.tui.detail.hexdump import CHANGED
from sniffer.tui.detail.record_view import FieldSpan

CURSOR = "▌"

WIDEST_VALUE = 40
"""The largest width of a value in cells, so that its provenance stays close to it."""

WITH_BYTES = 88
"""The width from which on the bytes of a field are shown beside its value."""

_PROVENANCE_STYLES = {
    "verified": "$good",
    "documented": "$good",
    "inferred": "$quiet",
    "assumed": "$warning",
    "user": "$note",
}

ROOMY = 50
"""The width from which on the sign of a change has its own cell, and provenances are written in full."""


def draw_fields(
    parts: Sequence[FieldSpan], raw: bytes, chosen: int, changes: Changes | None, width: int
) -> Iterator[tuple[Content, int | None]]:
    """Yield the lines from top to bottom, each with the index of its field in `parts`, or None for a heading."""
    group = ""
    for index, part in enumerate(parts):
        if part.group != group:
            group = part.group
            size = len({at for other in parts if other.group == group for at in range(other.start, other.end)})
            indent = " " if width >= ROOMY else ""
            yield Content.assemble((f"{indent}{group}", "$quiet"), (f"  {format_count(size, 'byte')}", "$faint")), None
        yield _format_line(part, parts, raw, changes, width, is_chosen=index == chosen), index


def format_previous(part: FieldSpan, changes: Changes | None) -> str:
    """Return the earlier value of a field in words, or an empty text if it has not changed."""
    if changes is None or changes.previous is None or part.name not in changes.previous:
        return ""
    before = changes.previous[part.name]
    return f"was {before}" if before else "was not there"


def _format_line(
    part: FieldSpan, parts: Sequence[FieldSpan], raw: bytes, changes: Changes | None, width: int, *, is_chosen: bool
) -> Content:
    """Return the line of a field in columns, which get narrower with the `width` in cells."""
    names = min(max(cell_len(other.name) for other in parts), max(8, width // 3))
    word = part.provenance if width >= ROOMY else part.provenance.removeprefix("meaning ")
    words = len(MEANING_UNKNOWN) if width >= ROOMY else len("documented")
    for_bytes = min(26, width - 76) if raw and width >= WITH_BYTES else 0
    previous = format_previous(part, changes)
    cursor, sign = CURSOR if is_chosen else " ", CHANGED if previous else " "
    edge = cursor + sign if width >= ROOMY else cursor if is_chosen else sign
    room = width - len(edge) - names - words - 2 - (for_bytes + 1 if for_bytes else 0)
    line = Content.assemble(
        (edge, "bold $accent"),
        (fit(part.name, names), "bold" if is_chosen else "$secondary"),
        " ",
        *_format_value(part.text, previous, max(1, min(WIDEST_VALUE, room)), "bold" if is_chosen else ""),
        " ",
        (f"{fit(raw[part.start : part.end].hex(' ').upper(), for_bytes)} " if for_bytes else "", "$quiet"),
        (fit(word, words), _PROVENANCE_STYLES.get(part.provenance, "$faint")),
    )
    return line.extend_right(max(0, width - line.cell_length)).stylize("on $chosen") if is_chosen else line


def _format_value(text: str, previous: str, width: int, style: str) -> list[tuple[str, str]]:
    """Return the value, with the earlier value after it if both fit."""
    left = width - cell_len(text) - 2
    if not previous or cell_len(previous) > left:
        return [(fit(text, width), style)]
    return [(f"{text}  ", style), (fit(previous, left), "$accent")]
