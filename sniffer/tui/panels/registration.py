"""The registration as lines of a panel: who announces itself, what is waited for and what to check; and restarts.

In: a snapshot and a width. Out: lines.
"""

from sniffer.base.sanitize import printable
from sniffer.base.times import duration_between
from sniffer.core.charger.snapshot import Snapshot
from sniffer.text.registration_text import (
    CHECKS,
    format_accepted,
    format_announced,
    format_announcement,
    format_loop,
    format_pending,
    format_restarts,
)
from sniffer.tui.content import wrap_hanging
from sniffer.tui.panels.panel import Line, format_pair
from sniffer.tui.state.time_formatter import TimeFormatter


def format_registration(snapshot: Snapshot, now: int | None, width: int, clock: TimeFormatter) -> list[Line]:
    """Return the registration with what the power board says about itself, then restarts and boot loops."""
    registration = snapshot.registration
    lines: list[Line] = []
    if registration.state is None:
        lines.append(format_pair("↻", ("no announcement seen", "$quiet"), width=2))
    elif registration.state == "pending":
        lines += wrap_hanging("↻ ", format_pending(registration, now), "bold $warning", width)
        if announced := format_announced(registration.announcements, registration.period):
            lines += wrap_hanging("  ", announced, "$foreground", width)
        lines += wrap_hanging("  ", CHECKS, "$quiet", width)
    else:
        took = duration_between(registration.since, registration.accepted)
        lines += wrap_hanging("↻ ", format_accepted(took, registration.announcements), "$good", width)
    if about := format_announcement(registration.announcement):
        lines += wrap_hanging("  ", printable(about), "$quiet", width)
    for restarts in snapshot.restarts:
        last = f", last {clock.format(restarts.last)}"
        lines += wrap_hanging("↯ ", format_restarts(restarts) + last, "$warning", width)
        if restarts.loop:
            lines += wrap_hanging("∞ ", format_loop(restarts.loop), "bold $background on $fault", width)
    return lines
