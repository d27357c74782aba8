"""The progress bars of a replay and of an export: shown while there is something to show, and as wide as the screen."""

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from sniffer.base.times import SECOND
from sniffer.tui.bars.progress_bars import ExportBar, ReplayBar
from sniffer.tui.state.playback import ReplayProgress
from sniffer.tui.state.time_formatter import TimeFormatter

HALF = ReplayProgress(50, 100, True, 1.0, 3 * SECOND, 5 * SECOND, False, True)


class Bars(App[None]):
    """An app with both bars, which keeps where a replay was asked to go."""

    def __init__(self) -> None:
        super().__init__()
        self.sought: list[int] = []

    def compose(self) -> ComposeResult:
        yield ReplayBar()
        yield ExportBar()

    def on_replay_bar_sought(self, message: ReplayBar.Sought) -> None:
        self.sought.append(message.number)


def shown(app: Bars, bar: type[ReplayBar] | type[ExportBar]) -> str:
    return str(app.query_one(bar).render())


@pytest.mark.parametrize("width", [40, 80, 120])
async def test_a_replay_shows_its_place_and_fills_the_width(width: int) -> None:
    app = Bars()
    async with app.run_test(size=(width, 5)) as pilot:
        app.query_one(ReplayBar).show(HALF, TimeFormatter())
        await pilot.pause()
        text = shown(app, ReplayBar)
        assert "#50 of 100" in text
        assert "next 5.00 s later" in text
        assert "▶ 1 x" in text
        assert abs(text.count("━") - text.count("╌")) <= 1
        assert len(text) == width or text.count("━") + text.count("╌") == 8


async def test_a_file_without_a_replay_has_no_bar() -> None:
    app = Bars()
    async with app.run_test(size=(80, 5)):
        bar = app.query_one(ReplayBar)
        bar.show(replace(HALF, playing=False, is_replaying=False), TimeFormatter())
        assert not bar.display
        bar.show(replace(HALF, playing=False), TimeFormatter())
        assert bar.display
        assert "‖" in shown(app, ReplayBar)
        bar.show(None, TimeFormatter())
        assert not bar.display
        assert shown(app, ReplayBar) == ""


async def test_a_click_seeks_the_record_at_this_place() -> None:
    app = Bars()
    async with app.run_test(size=(100, 5)) as pilot:
        app.query_one(ReplayBar).show(HALF, TimeFormatter())
        await pilot.pause()
        text = shown(app, ReplayBar)
        first, last = text.index("━"), text.rindex("╌")
        await pilot.click(ReplayBar, offset=(first, 0))
        await pilot.click(ReplayBar, offset=(last, 0))
        await pilot.click(ReplayBar, offset=(0, 0))
        assert app.sought == [1, 100]


async def test_an_export_shows_its_file_and_share_until_it_ends() -> None:
    app = Bars()
    async with app.run_test(size=(80, 5)) as pilot:
        bar = app.query_one(ExportBar)
        assert not bar.display
        bar.show_progress("a\x1bb.csv", 0.5)
        await pilot.pause()
        text = shown(app, ExportBar)
        assert bar.display
        assert "\x1b" not in text
        assert " 50 %   x stops" in text
        assert len(text) == 80
        assert abs(text.count("━") - text.count("╌")) <= 1
        bar.hide()
        assert not bar.display
