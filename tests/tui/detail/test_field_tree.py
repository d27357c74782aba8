"""The field tree: headings with their size, the chosen field, changed values, and a width that is never exceeded."""

import pytest

from sniffer.tui.detail.diff import Changes
from sniffer.tui.detail.field_tree import CURSOR, ROOMY, WITH_BYTES, draw_fields, format_previous
from sniffer.tui.detail.record_view import FieldSpan

RAW = bytes(range(8))
FIELDS = [
    FieldSpan("head", "BB", "verified", "", 0, 1, "frame"),
    FieldSpan("sequence", "00 01", "verified", "", 1, 3, "frame"),
    FieldSpan("status", "Faulted", "inferred", "", 3, 4, "payload"),
    FieldSpan("voltage", "228.26 V", "assumed", "", 4, 6, "payload"),
]
CHANGED = Changes("1 field", frozenset({3}), {"status": "Charging", "voltage": ""})


def lines(width: int, *, chosen: int = 2, changes: Changes | None = None) -> list[tuple[str, int | None]]:
    """Return the lines as text, each with the index of its field."""
    return [(line.plain, index) for line, index in draw_fields(FIELDS, RAW, chosen, changes, width)]


def test_each_group_has_a_heading_with_its_size() -> None:
    shown = lines(60)
    assert [index for _, index in shown] == [None, 0, 1, None, 2, 3]
    assert shown[0][0].split() == ["frame", "3", "bytes"]
    assert shown[3][0].split() == ["payload", "3", "bytes"]
    assert [line.plain.split() for line, index in draw_fields(FIELDS[1:3], RAW, 0, None, 60) if index is None] == [
        ["frame", "2", "bytes"],
        ["payload", "1", "byte"],
    ]


def test_the_chosen_field_alone_has_the_cursor() -> None:
    assert [index for text, index in lines(60, chosen=3) if text.startswith(CURSOR)] == [3]


def test_a_field_shows_name_value_and_provenance() -> None:
    (text,) = (text for text, index in lines(60) if index == 3)
    assert text.split() == ["voltage", "228.26", "V", "assumed"]


@pytest.mark.parametrize("width", [12, 30, ROOMY - 1, ROOMY, WITH_BYTES - 1, WITH_BYTES, 160])
def test_no_line_of_a_field_is_wider_than_the_pane(width: int) -> None:
    for text, index in lines(width, changes=CHANGED):
        assert index is None or len(text) <= max(width, 24)


def test_a_wide_pane_shows_the_bytes_of_each_field() -> None:
    wide = {index: text for text, index in lines(WITH_BYTES) if index is not None}
    narrow = {index: text for text, index in lines(WITH_BYTES - 1) if index is not None}
    assert "04 05" in wide[3]
    assert "04 05" not in narrow[3]


@pytest.mark.parametrize("width", [30, ROOMY - 1, ROOMY, WITH_BYTES - 1, WITH_BYTES, WITH_BYTES + 1])
def test_a_long_name_and_a_long_value_fill_the_line(width: int) -> None:
    long = FieldSpan("n" * 200, "v" * 200, "assumed", "", 6, 8, "payload")
    (line,) = (line for line, index in draw_fields([long], RAW, 0, None, width) if index == 0)
    assert line.cell_length == width


def test_a_changed_field_shows_its_earlier_value() -> None:
    shown = {index: text for text, index in lines(80, changes=CHANGED) if index is not None}
    assert "was Charging" in shown[2]
    assert "was not there" in shown[3]
    assert "was" not in shown[0]


def test_without_changes_there_is_no_earlier_value() -> None:
    assert format_previous(FIELDS[2], None) == ""
    assert format_previous(FIELDS[2], Changes("first", frozenset(), None)) == ""
    assert format_previous(FIELDS[0], CHANGED) == ""
    assert format_previous(FIELDS[2], CHANGED) == "was Charging"
