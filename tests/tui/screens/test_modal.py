"""A dialog with a scrolling text: its width, its keys, and how it closes."""

from collections.abc import Sequence

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.content import Content

from sniffer.tui.screens.modal import MAX_WIDTH, Modal
from sniffer.tui.theme import CALM
from tests.tui.helpers import screen

LINES = 50


class Numbered(Modal):
    """A dialog of fifty numbered lines, each as wide as the text may be."""

    def lines(self, width: int) -> Sequence[Content]:
        return [Content(f"{number:02} ".ljust(width, "x")) for number in range(LINES)]


class Host(App[None]):
    """An app with nothing but the dialog."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(CALM)
        self.theme = CALM.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return CALM.variables

    def on_mount(self) -> None:
        self.push_screen(Numbered("numbers"))


@pytest.mark.parametrize("width", [30, 60, 87, 88, 200])
async def test_the_text_fills_the_dialog_up_to_its_greatest_width(width: int) -> None:
    async with Host().run_test(size=(width, 20)) as pilot:
        await pilot.pause()
        sheet = pilot.app.screen.query_one(VerticalScroll)
        (line,) = (line for line in screen(pilot).splitlines() if "00 x" in line)
        assert line.count("x") + 3 == sheet.scrollable_content_region.width == min(MAX_WIDTH, width - 7)


async def test_keys_scroll_by_a_line_a_page_and_to_the_ends() -> None:
    async with Host().run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        sheet = pilot.app.screen.query_one(VerticalScroll)
        page = sheet.size.height - 1
        for key, top in (
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("up", 0),
            ("space", page),
            ("space", 2 * page),
            ("G", sheet.max_scroll_y),
            ("g", 0),
            ("end", sheet.max_scroll_y),
            ("home", 0),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert sheet.scroll_offset.y == top, key


@pytest.mark.parametrize("key", ["escape", "q", "enter"])
async def test_each_closing_key_closes_the_dialog(key: str) -> None:
    async with Host().run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert isinstance(pilot.app.screen, Numbered)
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(pilot.app.screen, Numbered)
