"""The title of the terminal's window."""

import pytest

from sniffer.core.charger.health.link_health import Health, LinkHealth
from sniffer.core.wire.items import Chunk
from sniffer.tui.state.view_state import SourceState, Status, View
from sniffer.tui.window_title import encode_title, format_title, shows_title
from tests.tui.helpers import FakeSource, running, status_report


@pytest.mark.parametrize(
    ("terminal", "shows"),
    [
        ("xterm-256color", True),
        ("tmux-256color", True),
        ("linux", False),
        ("vt220", False),
        ("dumb", False),
        ("", False),
    ],
)
def test_only_terminals_that_are_known_to_show_a_title_get_one(terminal: str, shows: bool) -> None:
    assert shows_title({"TERM": terminal}) is shows
    assert not shows_title({})


def test_the_title_begins_with_the_verdict_on_the_link() -> None:
    status = Status("/dev/ttyUSB0", (9600,), SourceState.LIVE, health=LinkHealth(Health.SILENT, "", 0))
    assert format_title(View(now=12_000_000_000), status) == "SILENT 12 s · /dev/ttyUSB0"


def test_nothing_from_outside_ends_the_sequence_early() -> None:
    assert encode_title("a\x07b\x1b\\c\x9cd") == "\x1b]2;a\\x07b\\x1b\\c\\x9cd\x07"


async def test_the_title_has_the_faults_and_the_statuses() -> None:
    reports = [
        status_report("Faulted", connector=number, ocpp_error="UnderVoltage", m4_error=4, sequence=number)
        for number in (1, 2)
    ]
    source = FakeSource(*(Chunk(report, 5) for report in reports), ends=False)
    titles: list[str] = []
    async with running(source) as pilot:
        app = pilot.app
        app.set_window_title = titles.append  # type: ignore[attr-defined]
        while not any("Faulted" in title for title in titles):
            await pilot.pause()
    assert titles[-1].endswith("2 faults · Faulted · Faulted · given")
