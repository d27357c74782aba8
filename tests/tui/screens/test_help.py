"""Tests of the help dialog."""

import pytest
from rich.cells import cell_len
from textual.binding import Binding

from sniffer.text.marks import MARKS
from sniffer.tui.detail.record_view import PROVENANCES
from sniffer.tui.screens.help import Help, format_key
from sniffer.tui.screens.monitor import Monitor
from tests.tui.helpers import replayed, screen, until


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ctrl+s", "Ctrl+S"),
        ("shift+tab", "Shift+Tab"),
        ("question_mark", "?"),
        ("slash", "/"),
        ("up", "↑"),
        ("g", "g"),
        ("G", "G"),
    ],
)
def test_key_is_written_as_on_the_keyboard(key: str, text: str) -> None:
    assert format_key(key) == text


def test_sections_come_first_then_marks_and_provenances() -> None:
    bindings = [Binding("k,up", "up", "up", tooltip="Move up"), Binding("q", "quit", "leave")]
    lines = [line.plain for line in Help([("In the list", bindings)]).lines(200)]
    assert lines[:5] == ["In the list", f"  {'k ↑':<16}Move up", f"  {'q':<16}leave", "", "Marks"]
    assert lines[5 : 5 + len(MARKS)] == [f"  {mark:<16}{meaning}" for mark, meaning in MARKS.items()]
    assert lines[5 + len(MARKS) :] == [
        "",
        "How well a fact is known",
        *(f"  {word:<16}{meaning}" for word, meaning in PROVENANCES.items()),
    ]


def test_a_long_effect_is_wrapped_under_itself_and_no_line_is_too_wide() -> None:
    about = "Go to the previous restart, boot loop or first announcement"
    lines = [line.plain for line in Help([("Go to", [Binding("R", "go", about, tooltip=about)])]).lines(50)]
    assert lines[:3] == [
        "Go to",
        f"  {'R':<16}Go to the previous restart, boot",
        " " * 18 + "loop or first announcement",
    ]
    assert max(map(cell_len, lines)) <= 50


async def test_typed_text_selects_the_lines_that_contain_it() -> None:
    async with replayed((80, 24)) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: "type to search" in screen(pilot))
        await pilot.press(*"Previous fa")
        await until(pilot, lambda: "search: Previous fa" in screen(pilot))
        assert "Go to the previous fault" in screen(pilot)
        assert "Go to the next fault" not in screen(pilot)
        await pilot.press("backspace", "backspace", "backspace", "q", "q")
        await until(pilot, lambda: "no line here has 'Previousqq'" in screen(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "type to search" in screen(pilot))
        assert "In the list (you are here)" in screen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Monitor))
