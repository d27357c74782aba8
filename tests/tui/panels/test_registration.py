"""Tests of the lines of the registration: who announces itself, what is waited for, and restarts."""

from datetime import UTC

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import Announcement, BootLoop
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.tui.panels.panel import Line
from sniffer.tui.panels.registration import format_registration
from sniffer.tui.state.time_formatter import TimeFormatter

WIDE = 120
BOARD = Announcement("StarCharge", "", "2000\x1b", "107")


def texts(lines: list[Line]) -> list[str]:
    return [line if isinstance(line, str) else line.plain for line in lines]


def shown(*, width: int = WIDE, now: int | None = 52 * SECOND, **parts: object) -> list[str]:
    return texts(format_registration(Snapshot(**parts), now, width, TimeFormatter(UTC)))  # type: ignore[arg-type]


def test_before_the_first_announcement() -> None:
    assert shown() == ["↻ no announcement seen"]


def test_a_pending_registration_says_who_waits_for_whom_and_what_to_check() -> None:
    pending = Registration("pending", 1, 10 * SECOND, 4, 50 * SECOND, 5 * SECOND, None, BOARD)
    assert shown(registration=pending) == [
        "↻ registration pending for 42 s: the central system has not accepted",
        "  the power board announces itself (4 times, every 5.00 s)",
        "  check network, server, id",
        r"  StarCharge, serial 2000\x1b, firmware 107",
    ]


def test_a_registration_that_only_a_log_line_shows() -> None:
    assert shown(registration=Registration("pending", 0, None, 0)) == [
        "↻ registration pending: the central system has not accepted",
        "  check network, server, id",
    ]


def test_a_registered_charger_is_shown_with_how_long_it_took() -> None:
    accepted = Registration("accepted", 1, 10 * SECOND, 4, 25 * SECOND, 5 * SECOND, 31 * SECOND, BOARD)
    assert shown(registration=accepted) == [
        "↻ registered within 21.00 s, after 4 announcements",
        r"  StarCharge, serial 2000\x1b, firmware 107",
    ]


def test_restarts_and_boot_loops_name_their_part() -> None:
    loop = BootLoop(None, "power board", None, 3, 20 * SECOND)
    restarts = (Restarts("power board", 3, 50 * SECOND, loop), Restarts("ocpp module", 1, None))
    assert shown(restarts=restarts) == [
        "↻ no announcement seen",
        "↯ the power board restarted 3 times, last 00:00:50.000",
        "∞ boot loop of the power board: 3 restarts, 20.00 s apart",
        "↯ the OCPP module restarted once, last -",
    ]


@pytest.mark.parametrize("width", [20, 30, 38])
def test_lines_are_wrapped_under_their_text(width: int) -> None:
    pending = Registration("pending", 1, 10 * SECOND, 4, 50 * SECOND, 5 * SECOND, None, BOARD)
    lines = shown(width=width, registration=pending, restarts=(Restarts("ocpp module", 1, SECOND),))
    assert max(map(len, lines)) <= width
    assert lines[1].startswith("  ")
    assert "".join(lines).count("↻") == 1
