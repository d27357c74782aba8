"""Text that flows into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from sniffer.tui.content import GAP, fit, fit_path, flow, wrap_hanging


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


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("abc", 5, "abc  "),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("漢字", 3, "漢…"),
        ("漢字", 5, "漢字 "),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 2, "  "),
    ],
)
def test_a_text_takes_exactly_its_width(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted


def test_a_text_may_stand_at_the_right() -> None:
    assert (fit("7", 3, right=True), fit("1234", 3, right=True)) == ("  7", "12…")


def test_a_line_is_filled_to_its_last_cell() -> None:
    assert [line.plain for line in flow(["abc", "def"], 10)] == ["  abc  def"]
    assert [line.plain for line in flow(["abc", "def"], 9)] == ["  abc", "  def"]
    assert [line.plain for line in flow(["ab", "cd", "ef"], 12)] == ["  ab  cd  ef"]
    assert [line.plain for line in flow(["ab", "cd", "ef"], 11)] == ["  ab  cd", "  ef"]


def test_a_part_wider_than_a_line_stands_alone_and_uncut() -> None:
    assert [line.plain for line in flow(["a", "longer than that", "b"], 8, ">")] == [">a", ">longer than that", ">b"]


def test_a_narrow_panel_still_shows_eight_cells_of_text() -> None:
    assert [line.plain for line in wrap_hanging("≠ ", "abcd efgh i", "", 3)] == ["≠ abcd", "  efgh i"]


@pytest.mark.parametrize(
    ("path", "width", "shown"),
    [
        ("captures/mains-sag.pcapng", 25, "captures/mains-sag.pcapng"),
        ("captures/mains-sag.pcapng", 27, "captures/mains-sag.pcapng  "),
        ("captures/mains-sag.pcapng", 24, "…/mains-sag.pcapng      "),
        ("/home/me/logs/today/a.pcapng", 20, "…/today/a.pcapng    "),
        ("/home/me/logs/today/a.pcapng", 10, "…/a.pcapng"),
        ("/home/me/logs/today/a.pcapng", 9, "…a.pcapng"),
        ("/home/me/logs/today/a.pcapng", 5, "…apng"),
        (r"C:\logs\today\a.pcapng", 16, r"…\today\a.pcapng"),
        ("/dev/漢字/漢字.log", 9, "…漢字.log"),
        ("workbench", 6, "workb…"),
        ("given", 1, "…"),
        ("given", 0, ""),
    ],
)
def test_a_path_is_cut_on_the_left(path: str, width: int, shown: str) -> None:
    assert fit_path(path, width) == shown
    assert cell_len(fit_path(path, width)) == width
