"""Rows as strips: whatever stands in them, they are as wide as the list."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.strip import Strip

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.tui.state.rows import RowEntry
from sniffer.tui.traffic.columns import choose_columns
from sniffer.tui.traffic.row_renderer import CURSOR, RowRenderer
from tests.records import records_of
from tests.tui.helpers import captured, unknown_command

RECORDS = records_of(
    *captured(),
    Chunk(b"\x01\x02\x03" + unknown_command(), 5 * 10**9),
    LogLine(None, "过程", "电压 \x1b[31m 漢字 " * 9),
)
ENTRIES = [RowEntry(record, event) for record in RECORDS for event in (None, *record.events)]
LONGEST_NUMBER = 10**9


@given(
    st.sampled_from(ENTRIES),
    st.integers(2, 210),
    st.integers(1, LONGEST_NUMBER),
    st.none() | st.text(max_size=90),
    st.sampled_from(["", "0", "电"]),
    st.sampled_from(["", CURSOR]),
)
def test_row_is_as_wide_as_the_list(
    entry: RowEntry, width: int, last: int, note: str | None, found: str, gutter: str
) -> None:
    painter = RowRenderer(packaged_definition(), lambda _part: Style())
    painter.set_layout(choose_columns(width, last), width, "absolute", None, 0)
    painter.set_notes({} if note is None else {entry.record.number: note})
    painter.highlight(found)
    strip = painter.draw(0, entry, None, Style(), gutter=gutter)
    assert strip.cell_length == Strip(list(strip)).cell_length == width + len(CURSOR)
