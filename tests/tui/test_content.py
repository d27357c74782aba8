"""Text that flows into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from sniffer.tui.content import GAP, flow, wrap_hanging


def test_as_many_parts_on_a_line_as_fit() -> None:
    assert [line.plain for line in flow(["one", ("two", "bold"), "", Content("three")], 12)] == [
        "  one  two",
        "  three",
    ]


@given(st.lists(st.text("abc漢", min_size=1, max_size=9)), st.integers(22, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(parts: list[str], width: int) -> None:
    lines = flow(parts, width)
    assert all(line.cell_length <= width for line in lines)
    assert GAP.join(line.plain.strip() for line in lines).split() == parts


@pytest.mark.parametrize("width", [12, 20, 60])
def test_text_goes_on_under_itself(width: int) -> None:
    lines = [line.plain for line in wrap_hanging("≠ ", "one two three four", "", width, " ")]
    assert lines[0].startswith(" ≠ one")
    assert all(line.startswith("   ") for line in lines[1:])
    assert " ".join(line.strip(" ≠") for line in lines) == "one two three four"
