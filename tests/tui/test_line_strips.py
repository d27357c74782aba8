"""The drawn lines of a widget: in its style, no wider than it is, and drawn once only."""

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.selection import Selection
from textual.widget import Widget

from sniffer.tui import line_strips
from sniffer.tui.line_strips import LineStrips


class Selectable(Widget):
    """A widget whose text can be selected."""

    DEFAULT_CSS = "Selectable, Plain { color: #102030; background: #405060; height: 1; text-wrap: nowrap; }"


class Plain(Selectable):
    """A widget whose text cannot be selected."""

    ALLOW_SELECT = False


class Program(App[None]):
    """A program with both."""

    def compose(self) -> ComposeResult:
        yield Selectable()
        yield Plain()


LINE = Content.assemble("a ", ("bold", "bold"), (" red", "#ff0000"))


@pytest.mark.parametrize("kind", [Selectable, Plain])
async def test_a_line_is_drawn_in_its_styles_over_that_of_the_widget(kind: type[Widget]) -> None:
    async with Program().run_test() as pilot:
        strip = LineStrips(pilot.app.query_one(kind)).draw(LINE, 20)
        assert strip.text.rstrip() == "a bold red"
        styles = [style for text, style, _ in strip if text.strip() and style]
        assert [style.bold for style in styles] == [None, True, None]
        assert [style.color.name for style in styles if style.color] == ["#102030", "#102030", "#ff0000"]
        assert {style.bgcolor.name for style in styles if style.bgcolor} == {"#405060"}


async def test_only_text_that_can_be_selected_has_the_marks_for_it() -> None:
    async with Program().run_test() as pilot:
        marked, plain = (LineStrips(pilot.app.query_one(kind)).draw(LINE, 20) for kind in (Selectable, Plain))
        assert all(style and style.meta.get("offset") for text, style, _ in marked if text.strip())
        assert not any(style and style.meta for _, style, _ in plain)


@pytest.mark.parametrize("kind", [Selectable, Plain])
async def test_a_long_line_is_cut_off(kind: type[Widget]) -> None:
    async with Program().run_test() as pilot:
        strip = LineStrips(pilot.app.query_one(kind)).draw(Content("one two three"), 8)
        assert strip.cell_length <= 8
        assert strip.text.startswith("one two")


async def test_a_line_is_drawn_once_and_anew_when_it_looks_different(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_strips, "MOST_KEPT", 3)
    async with Program().run_test() as pilot:
        widget = pilot.app.query_one(Plain)
        strips = LineStrips(widget)
        first = strips.draw(LINE, 20)
        assert strips.draw(Content.assemble("a ", ("bold", "bold"), (" red", "#ff0000")), 20) is first
        assert strips.draw(Content(LINE.plain), 20) is not first
        widget.styles.color = "#0000ff"
        assert strips.draw(LINE, 20) is not first
        for text in "abcd":
            strips.draw(Content(text), 20)
        assert strips.draw(LINE, 20) is not first


async def test_selected_text_is_highlighted_and_not_kept() -> None:
    async with Program().run_test() as pilot:
        widget = pilot.app.query_one(Selectable)
        strips = LineStrips(widget)
        before = strips.draw(LINE, 20)
        pilot.app.screen.selections = {widget: Selection(Offset(0, 0), Offset(3, 0))}
        during = strips.draw(LINE, 20)
        assert [style.bgcolor for _, style, _ in during if style] != [style.bgcolor for _, style, _ in before if style]
        pilot.app.screen.selections = {}
        assert strips.draw(LINE, 20) is before
