"""The registration and the restarts of a charger in words, for the screen, `dump`, the report and the rig.

In: values of `sniffer.core.charger.startup.registration` and `restarts`. Out: single lines. Text from the wire stays as
it came: the caller passes it through `sniffer.base.sanitize`.
"""

from collections.abc import Mapping

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.times import duration_between, format_duration, format_seconds
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import (
    Announcement,
    Booted,
    BootLoop,
    BootLoopEnded,
    ChargerPart,
    RegistrationChanged,
    Restarted,
)
from sniffer.core.charger.startup.restarts import Restarts

PART_NAMES: Mapping[ChargerPart, str] = {"power board": "power board", "ocpp module": "OCPP module"}
"""The names of the parts of the charger, for people."""

WAITED_FOR = "the central system has not accepted"
"""The text that says for what a pending registration waits."""

CHECKS = "check network, server, id"
"""The checks to do meanwhile, where there is little room; `format_checks` says them at length."""


def format_pending(registration: Registration, now: int | None) -> str:
    """Return for how long registration is pending, and what is waited for."""
    return f"registration pending{format_waiting(registration, now)}: {WAITED_FOR}"


def format_waiting(registration: Registration, now: int | None) -> str:
    """Return for how long the charger has waited, after a space; an empty text if that is not known."""
    waited = duration_between(registration.since, now)
    return "" if waited is None else f" for {format_seconds(waited)}"


def format_announced(announcements: int, period: int | None) -> str:
    """Return that the power board announces itself: how often, and the time between two announcements if known.

    The text is empty if no announcement was seen.
    """
    if not announcements:
        return ""
    every = "" if period is None else f", every {format_duration(period)}"
    return f"the power board announces itself ({format_times(announcements)}{every})"


def format_accepted(took: int | None, announcements: int) -> str:
    """Return that the charger is registered: within which time and after how many announcements, as far as known.

    The time is the longest that fits: if no message says that the charger was accepted, it is seen only later.
    """
    within = "" if took is None else f" within {format_duration(took)}"
    count = f" after {format_count(announcements, 'announcement')}" if announcements else ""
    return f"registered{within}{',' if within and count else ''}{count}"


def format_checks(charge_point_id: str | None) -> str:
    """Return the checks to do while registration is pending."""
    named = f" {charge_point_id}" if charge_point_id else ""
    return f"check the network, the server address, and charge point id{named} at the central system"


def format_announcement(announcement: Announcement | None) -> str:
    """Return the statements of the power board about itself; an empty text if there are none."""
    if announcement is None:
        return ""
    model = " ".join(filter(None, (announcement.vendor, announcement.model)))
    labels = (("serial", announcement.serial), ("firmware", announcement.firmware))
    return ", ".join(filter(None, (model, *(f"{label} {text}" for label, text in labels if text))))


def format_startup_event(event: RegistrationChanged | Booted | Restarted | BootLoop | BootLoopEnded) -> str:
    """Return the line that describes an event of the registration or of a restart."""
    match event:
        case RegistrationChanged(state="pending"):
            return f"registration pending: {WAITED_FOR}"
        case RegistrationChanged():
            return (
                f"{format_accepted(duration_between(event.since, event.time), event.announcements)}: {event.evidence}"
            )
        case Booted():
            about = format_announcement(event.announcement)
            return f"the power board announces itself{f': {about}' if about else ''}"
        case Restarted():
            return f"restart of the {PART_NAMES[event.part]}: {event.evidence}"
        case BootLoop():
            return format_loop(event)
        case BootLoopEnded(loop=loop):
            return f"end of the {format_loop(loop)}"


def format_restarts(restarts: Restarts) -> str:
    """Return the number of restarts of a part of the charger, in words."""
    return f"the {PART_NAMES[restarts.part]} restarted {format_times(restarts.count)}"


def format_loop(loop: BootLoop) -> str:
    """Return the boot loop of a part: the number of restarts, and the time between two of them if it is known."""
    return f"boot loop of the {PART_NAMES[loop.part]}: {format_loop_size(loop)}"


def format_loop_size(loop: BootLoop) -> str:
    """Return the number of restarts in a boot loop, and the time between two of them if it is known."""
    apart = "" if loop.period is None else f", {format_duration(loop.period)} apart"
    return f"{format_count(loop.boots, 'restart')}{apart}"
