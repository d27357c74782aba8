"""The freshness of the reports of the power board: fresh, or older than they should be.

In: the time of a report, the roles of its commands, and a snapshot. Out: its age if it is too old. It is too old when
2.5 learnt periods of its command have passed, or when the power board is not received any more. A text log may lack
pieces, so nothing in one is too old. While the status reports are too old, nobody knows whether a fault is active.
"""

from collections.abc import Collection, Iterable

from sniffer.core.charger.exchanges.periods import compute_wait
from sniffer.core.charger.health.link_health import is_missed, is_silent
from sniffer.core.charger.measurements.measurement import measures
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.wire.links import PWR_TO_COM


def find_stale_age(
    last: int | None, roles: Collection[str], snapshot: Snapshot, definition: Definition, now: int | None
) -> int | None:
    """Return the age of a report in nanoseconds if it is older than it should be; None if it is fresh or has no time.

    `last` is the time of the last report of a command with one of these roles, `now` the present time of the source. If
    several commands report the same, the one with the longest period decides.
    """
    return _find_age(last, (one for one in definition.commands if one.role in roles), snapshot, now)


def find_stale_measurement_age(
    last: int | None, snapshot: Snapshot, definition: Definition, now: int | None
) -> int | None:
    """Return the age of a measured value in nanoseconds; None if it is fresh or has no time."""
    return _find_age(last, filter(measures, definition.commands), snapshot, now)


def _find_age(last: int | None, reports: Iterable[Command], snapshot: Snapshot, now: int | None) -> int | None:
    """Return the age of the last of these reports if it is older than it should be; else None."""
    if last is None or now is None or snapshot.is_text_log or now <= last:
        return None
    link, age = snapshot.link, now - last
    is_unheard = any(side.route is PWR_TO_COM and is_missed(side, link, now) for side in link.sides)
    if link.lost or is_unheard or is_silent(link, now):
        return age
    commands = {(command.route, command.code) for command in reports}
    periods = [one.period for one in snapshot.periods if (one.route, one.command) in commands]
    return age if periods and age >= compute_wait(max(periods)) else None


def find_fault_age(snapshot: Snapshot, definition: Definition, now: int | None) -> int | None:
    """Return the age of the newest report that says whether there is a fault if it is too old.

    Returns None if it is fresh or its age is unknown.
    """
    reported = (one.last for one in snapshot.connectors if one.reports_faults and one.last is not None)
    status, fault = max(reported, default=None), snapshot.fault_reports.last
    ages = [
        find_stale_age(last, (role,), snapshot, definition, now)
        for last, role in ((status, "status"), (fault, "fault"))
        if last is not None
    ]
    found = [age for age in ages if age is not None]
    return min(found) if found and len(found) == len(ages) else None
