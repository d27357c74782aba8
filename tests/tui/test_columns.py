"""The columns of the list."""

from datetime import UTC

import pytest
from rich.cells import cell_len

from sniffer.charger.events import Event
from sniffer.tui.columns import EVENT_MARKS, MARKS, cell, cells, columns, indent
from sniffer.tui.fit import fit
from sniffer.wire.frame import Chunk
from tests.tui.bench import SECOND, only, parameter, records_of


@pytest.mark.parametrize("width", range(20, 260, 7))
def test_columns_fill_the_width_and_no_more(width: int) -> None:
    shown = columns(width, 123)
    assert sum(column.width for column in shown) + len(shown) - 1 == width
    assert shown[-1].name == "summary"
    assert shown[-1].width >= min(width - 2, 14)


def test_number_grows_with_the_last_number() -> None:
    widths = {last: columns(120, last)[0].width for last in (1, 9999, 10_000, 1_234_567)}
    assert widths == {1: 4, 9999: 4, 10_000: 5, 1_234_567: 7}


def test_indent_is_where_the_marks_are() -> None:
    shown = columns(120, 1)
    before = shown[: [column.name for column in shown].index("mark")]
    assert indent(shown) == sum(column.width + 1 for column in before) > 0
    assert indent(columns(20, 1)) == 0


def test_delta_is_signed_and_absent_where_a_time_is() -> None:
    record = only(records_of(Chunk(parameter(1), 5 * SECOND)))
    assert cells(record, 4 * SECOND, UTC)["delta"] == "+1.000"
    assert cells(record, 7 * SECOND, UTC)["delta"] == "-2.000"
    assert cells(record, None, UTC)["delta"] == ""
    untimed = only(records_of(Chunk(parameter(1))))
    assert cells(untimed, 4, UTC)["delta"] == ""
    assert cells(untimed, 4, UTC)["time"] == "-"


def test_every_event_has_a_mark_that_the_help_explains() -> None:
    assert set(EVENT_MARKS) == set(Event.__args__)
    assert set(EVENT_MARKS.values()) <= set(MARKS)


@pytest.mark.parametrize("text", ["", "short", "a longer text", "漢字漢字", "漢字漢字漢字漢字"])
@pytest.mark.parametrize("width", range(12))
def test_fit_is_exact(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, right=True)) == width


def test_cell_keeps_to_its_side() -> None:
    number = columns(120, 1)[0]
    assert cell(number, "7") == "   7"
