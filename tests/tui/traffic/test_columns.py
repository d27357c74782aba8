"""The columns of the list."""

from datetime import UTC

import pytest
from rich.cells import cell_len

from sniffer.base.times import SECOND
from sniffer.config.definition_files import load_definition
from sniffer.config.settings import TimeMode
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.tui.content import fit
from sniffer.tui.traffic.columns import (
    TimeFormat,
    choose_columns,
    event_indent,
    format_cells,
    measure_columns,
)
from tests.records import records_of
from tests.tui.helpers import only, parameter


def cell_texts(record: Record, before: int | None, mode: TimeMode = "absolute") -> dict[str, str]:
    return format_cells(record, TimeFormat(mode, UTC, SECOND, before))


@pytest.mark.parametrize("width", range(20, 260, 7))
def test_columns_fill_the_width_and_no_more(width: int) -> None:
    shown = choose_columns(width, 123)
    assert sum(column.width for column in shown) + len(shown) - 1 == width
    assert shown[-1].name == "summary"
    assert shown[-1].width >= min(width - 2, 14)


def test_directions_of_ocpp_messages_have_room() -> None:
    widths = [
        {column.name: column.width for column in choose_columns(120, 1, has_ocpp=has_ocpp)}["route"]
        for has_ocpp in (False, True)
    ]
    assert widths == [len("ocpp>com"), len("ocpp>csms")]


@pytest.mark.parametrize(
    ("board", "needed"), [("tuya", {"route": 10, "sequence": 0}), ("modbus", {"route": 12, "sequence": 2})]
)
def test_columns_have_the_width_that_another_board_needs(board: str, needed: dict[str, int]) -> None:
    assert measure_columns(load_definition([board])) == needed
    assert measure_columns(packaged_definition()) == {}
    widths = {column.name: column.width for column in choose_columns(120, 1, None, needed)}
    assert [widths.get(name, 0) for name in needed] == [*needed.values()]


def test_names_are_written_in_full_in_a_wide_list() -> None:
    widths = {width: {column.name: column.width for column in choose_columns(width, 1)} for width in (109, 110, 200)}
    assert [widths[width]["name"] for width in widths] == [17, 25, 25]


def test_number_grows_with_the_last_number() -> None:
    widths = {last: choose_columns(120, last)[0].width for last in (1, 9999, 10_000, 1_234_567)}
    assert widths == {1: 4, 9999: 4, 10_000: 5, 1_234_567: 7}


def test_indent_is_where_the_marks_are() -> None:
    shown = choose_columns(120, 1)
    before = shown[: [column.name for column in shown].index("mark")]
    assert event_indent(shown) == sum(column.width + 1 for column in before) > 0
    assert event_indent(choose_columns(20, 1)) == 0


def test_delta_is_signed_and_absent_where_a_time_is() -> None:
    record = only(records_of(Chunk(parameter(1), 5 * SECOND)))
    assert cell_texts(record, before=4 * SECOND)["delta"] == "+1.000"
    assert cell_texts(record, before=7 * SECOND)["delta"] == "-2.000"
    assert cell_texts(record, before=None)["delta"] == ""
    untimed = only(records_of(Chunk(parameter(1))))
    assert cell_texts(untimed, before=4)["delta"] == ""
    assert cell_texts(untimed, before=4)["time"] == "-"


def test_time_is_shown_in_three_ways() -> None:
    record = only(records_of(Chunk(parameter(1), 3723 * SECOND + 4_000_000)))
    before = 3700 * SECOND
    assert cell_texts(record, before)["time"] == "01:02:03.004"
    assert cell_texts(record, before, "relative")["time"] == "+1:02:02.004"
    assert cell_texts(record, before, "delta")["time"] == "+23.004"
    earlier = only(records_of(Chunk(parameter(1), SECOND // 2)))
    assert cell_texts(earlier, None, "relative")["time"] == "-0:00:00.500"


def test_hidden_column_gives_its_room_away() -> None:
    shown = choose_columns(120, 1, ("number", "name"))
    assert [column.name for column in shown] == ["number", "mark", "name", "summary"]
    assert sum(column.width for column in shown) + len(shown) - 1 == 120


@pytest.mark.parametrize("text", ["", "short", "a longer text", "漢字漢字", "漢字漢字漢字漢字"])
@pytest.mark.parametrize("width", range(12))
def test_fit_is_exact(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, right=True)) == width
