"""The panes show times as the list does, except for the time since the row before."""

from datetime import UTC

import pytest

from sniffer.base.times import SECOND, UNTIMED
from sniffer.config.settings import TimeMode
from sniffer.tui.state.time_formatter import TimeFormatter, format_since_beginning
from tests.tui.helpers import part, replayed, sees, until


@pytest.mark.parametrize(
    ("mode", "text"),
    [("absolute", "00:01:05.250"), ("relative", "+0:00:55.250"), ("delta", "00:01:05.250")],
)
def test_time_is_shown_in_the_form_of_the_mode(mode: TimeMode, text: str) -> None:
    clock = TimeFormatter(UTC, 10 * SECOND, mode)
    assert clock.format(65 * SECOND + SECOND // 4) == text
    assert clock.format(None) == UNTIMED


def test_time_before_the_beginning_is_negative() -> None:
    assert format_since_beginning(0, 3661 * SECOND) == "-1:01:01.000"
    assert format_since_beginning(0, None) == UNTIMED


async def test_every_pane_shows_times_in_the_chosen_form() -> None:
    async with replayed((200, 60)) as pilot:
        panes = {"traffic": "", "faults": "since ", "connector": "", "timeline": ""}
        for name, before in panes.items():
            await sees(pilot, name, f"{before}00:00:49.000" if name != "timeline" else "00:00:4")
        await pilot.press("A", "t")
        for name, before in panes.items():
            await sees(pilot, name, f"{before}+0:00:07.000")
        await until(pilot, lambda: "00:00:49" not in part(pilot, "timeline"))
