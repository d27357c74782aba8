"""Registration and restarts in words: who announces itself, what is waited for, and what to check."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import (
    Announcement,
    Booted,
    BootLoop,
    BootLoopEnded,
    RegistrationChanged,
    Restarted,
)
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.text.registration_text import (
    format_accepted,
    format_announced,
    format_announcement,
    format_checks,
    format_loop,
    format_pending,
    format_restarts,
    format_startup_event,
    format_waiting,
)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (52 * SECOND, "registration pending for 42 s: the central system has not accepted"),
        (52 * SECOND - 1, "registration pending for 41 s: the central system has not accepted"),
        (10 * SECOND, "registration pending for 0 s: the central system has not accepted"),
        (197 * SECOND, "registration pending for 3 min 07 s: the central system has not accepted"),
        (9 * SECOND, "registration pending: the central system has not accepted"),
        (None, "registration pending: the central system has not accepted"),
    ],
)
def test_a_pending_registration_says_what_is_waited_for(now: int | None, text: str) -> None:
    registration = Registration("pending", 1, 10 * SECOND, 4)
    assert format_pending(registration, now) == text
    assert text.startswith(f"registration pending{format_waiting(registration, now)}:")


@pytest.mark.parametrize(
    ("announcements", "period", "text"),
    [
        (4, 5 * SECOND, "the power board announces itself (4 times, every 5.00 s)"),
        (1, None, "the power board announces itself (once)"),
        (0, None, ""),
    ],
)
def test_announcements_say_who_announces_itself(announcements: int, period: int | None, text: str) -> None:
    assert format_announced(announcements, period) == text


@pytest.mark.parametrize(
    ("took", "announcements", "text"),
    [
        (21 * SECOND, 4, "registered within 21.00 s, after 4 announcements"),
        (None, 1, "registered after 1 announcement"),
        (21 * SECOND, 0, "registered within 21.00 s"),
        (None, 0, "registered"),
    ],
)
def test_an_accepted_charger_is_registered(took: int | None, announcements: int, text: str) -> None:
    assert format_accepted(took, announcements) == text


def test_what_to_check_names_the_charge_point_id_if_it_is_known() -> None:
    assert format_checks(None) == "check the network, the server address, and charge point id at the central system"
    assert (
        format_checks("1000") == "check the network, the server address, and charge point id 1000 at the central system"
    )


@pytest.mark.parametrize(
    ("announcement", "text"),
    [
        (None, ""),
        (Announcement("", "", "", ""), ""),
        (Announcement("StarCharge", "", "20000001", "107"), "StarCharge, serial 20000001, firmware 107"),
        (Announcement("StarCharge", "Aurora", "", ""), "StarCharge Aurora"),
        (Announcement("", "", "", "107"), "firmware 107"),
    ],
)
def test_what_the_board_says_about_itself(announcement: Announcement | None, text: str) -> None:
    assert format_announcement(announcement) == text


def test_the_events_of_a_registration() -> None:
    pending = RegistrationChanged(10 * SECOND, "pending", 10 * SECOND, 1, None)
    assert format_startup_event(pending) == "registration pending: the central system has not accepted"
    accepted = RegistrationChanged(31 * SECOND, "accepted", 10 * SECOND, 4, 5 * SECOND, "it says so")
    assert format_startup_event(accepted) == "registered within 21.00 s, after 4 announcements: it says so"


def test_the_events_of_restarts() -> None:
    board = Announcement("StarCharge", "Aurora", "", "")
    assert format_startup_event(Booted(None, 1)) == "the power board announces itself"
    assert format_startup_event(Booted(None, 1, board)) == "the power board announces itself: StarCharge Aurora"
    assert format_startup_event(Restarted(None, "ocpp module", "no answer")) == "restart of the OCPP module: no answer"
    loop = BootLoop(None, "power board", None, 3, None)
    assert format_startup_event(loop) == format_loop(loop)
    assert format_startup_event(BootLoopEnded(None, loop)) == f"end of the {format_loop(loop)}"


def test_restarts_and_loops_name_the_part() -> None:
    assert format_restarts(Restarts("ocpp module", 1)) == "the OCPP module restarted once"
    assert format_restarts(Restarts("power board", 3)) == "the power board restarted 3 times"
    loop = BootLoop(None, "ocpp module", None, 3, 20 * SECOND)
    assert format_loop(loop) == "boot loop of the OCPP module: 3 restarts, 20.00 s apart"
    assert format_loop(BootLoop(None, "power board", None, 3, None)) == "boot loop of the power board: 3 restarts"
