"""The freshness of the reports of the power board: fresh, or older than they should be.

In: the time of a report, the roles of its commands, and a snapshot. Out: its age if it is too old. It is too old when
2.5 learnt periods of its command have passed, or when the power board is not received any more. Connectors that are
reported in turn at equal distances look like one period, of which each connector has every second or third one. A text
log may lack pieces, so nothing in one is too old. While the status reports are too old, nobody knows whether a fault is
active.
"""

from collections.abc import Collection, Iterable

from sniffer.core.charger.exchanges.periods import LearntPeriod, compute_wait
from sniffer.core.charger.health.link_health import is_missed, is_silent
from sniffer.core.charger.measurements.measurement import measures
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.wire.links import PWR_TO_COM


def find_stale_age(
    last: int | None, roles: Collection[str], snapshot: Snapshot, definition: Definition, now: int | None
) -> int | None:
    """Return the age of a report in nanoseconds if it is older than it should be; None if it is fresh or has no time.

    `last` is the time of the last report on a connector by a command with one of these roles, `now` the present time of
    the source. If several commands report the same, the one with the longest period decides.
    """
    return _find_age(last, (one for one in definition.commands if one.role in roles), snapshot, now)


def find_stale_measurement_age(
    last: int | None, snapshot: Snapshot, definition: Definition, now: int | None
) -> int | None:
    """Return the age of a measured value in nanoseconds; None if it is fresh or has no time."""
    return _find_age(last, filter(measures, definition.commands), snapshot, now)


def _find_age(
    last: int | None, reports: Iterable[Command], snapshot: Snapshot, now: int | None, *, is_of_any: bool = False
) -> int | None:
    """Return the age of the last of these reports if it is older than it should be; else None.

    `is_of_any` is True if it is the last report on any connector, and False if it is that on one of them.
    """
    if last is None or now is None or snapshot.is_text_log or now <= last:
        return None
    link, age = snapshot.link, now - last
    is_unheard = any(side.route is PWR_TO_COM and is_missed(side, link, now) for side in link.sides)
    if link.lost or is_unheard or is_silent(link, now):
        return age
    commands = {(command.route, command.code) for command in reports}
    waits = [
        compute_wait(one.period) * (1 if is_of_any else _count_turns(one, snapshot, now))
        for one in snapshot.periods
        if (one.route, one.command) in commands
    ]
    return age if waits and age >= max(waits) else None


def _count_turns(learnt: LearntPeriod, snapshot: Snapshot, now: int) -> int:
    """Return the number of learnt periods after which it is the turn of the same connector again.

    Only connectors that are still reported take a turn: those whose report is not too old for that number.
    """
    ages = sorted(now - one.last for one in snapshot.connectors if one.last is not None)
    wait = compute_wait(learnt.period)
    reported = max((count for count, age in enumerate(ages, 1) if age * learnt.turns < wait * count), default=1)
    return -(-reported // learnt.turns)


def find_fault_age(snapshot: Snapshot, definition: Definition, now: int | None) -> int | None:
    """Return the age of the newest report that says whether there is a fault if it is too old.

    Returns None if it is fresh or its age is unknown.
    """
    reported = (one.last for one in snapshot.connectors if one.reports_faults and one.last is not None)
    status, fault = max(reported, default=None), snapshot.fault_reports.last
    ages = [
        _find_age(last, (one for one in definition.commands if one.role == role), snapshot, now, is_of_any=True)
        for last, role in ((status, "status"), (fault, "fault"))
        if last is not None
    ]
    found = [age for age in ages if age is not None]
    return min(found) if found and len(found) == len(ages) else None
