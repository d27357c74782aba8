"""The status of a session for scripts and monitoring: one line, one JSON object, one exit status.

In: a source, which is read to its end or for some seconds. Out: a `SessionStatus`. A saved session is judged at its
last bytes, so that one which ends in quiet is not silent; a live one at the present time.
"""

import asyncio
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sniffer.base.errors import CutOffError, SourceError
from sniffer.base.sanitize import printable
from sniffer.base.stop_signals import run_until_stopped
from sniffer.base.times import SECOND, format_iso
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.consistency_rules import STATION
from sniffer.core.charger.health.freshness import find_fault_age, find_stale_age
from sniffer.core.charger.health.link_health import Health, LinkHealth, assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.formats.jsonl.event_keys import build_health_keys, build_mended_key, fault_object
from sniffer.session import Session
from sniffer.text.describe import meaning_text, no_fault_text
from sniffer.text.link_health import format_age, format_health
from sniffer.text.mended_text import RESTS_ON_MENDED

FINE, FAULT_ACTIVE, LINK_UNHEALTHY = 0, 4, 5
"""The exit statuses: both sides are heard and no fault is active; a fault is; the link is not alive."""


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """The status of a session at `now`, in nanoseconds on the source's clock; None if the source has no times."""

    snapshot: Snapshot
    link: LinkHealth
    now: int | None

    @property
    def exit_status(self) -> int:
        """The exit status of the command."""
        if self.snapshot.faults:
            return FAULT_ACTIVE
        return FINE if self.link.health is Health.ALIVE else LINK_UNHEALTHY


async def read_status(session: Session, seconds: float | None) -> tuple[SessionStatus, SourceError | None]:
    """Read a session to its end, or for so many seconds, and return its status and what ended it early, if anything.

    A source that fails while it is read is a lost link, and no error of the command. Raises no `SourceError`.
    """
    source, ended = session.source, asyncio.Event()
    error: SourceError | None = None
    if seconds is not None:
        asyncio.get_running_loop().call_later(seconds, ended.set)
    try:
        await run_until_stopped(session.run(), ended)
    except SourceError as raised:
        error = raised
    snapshot = session.snapshot()
    now = source.now() if source.is_live else snapshot.link.last
    return SessionStatus(snapshot, assess_link(snapshot.link, now), now), error if isinstance(
        error, CutOffError
    ) else None


def format_status(status: SessionStatus, definition: Definition) -> str:
    """Return the status as one line: the health of the link, the connectors, and the faults."""
    snapshot, link = status.snapshot, status.link
    reason = "" if link.health in (Health.ALIVE, Health.ONE_SIDE) else f" ({link.reason})"
    connectors = [_format_connector(status, one, definition) for one in snapshot.connectors]
    if not connectors:
        connectors = ["state unknown" if definition.states else "states not known for this definition"]
    parts = [f"{format_health(link, status.now)}{reason}", ", ".join(connectors), _format_faults(status, definition)]
    return printable(" · ".join(parts))


def build_status_object(
    status: SessionStatus, name: str, definition: Definition, zone: tzinfo | None
) -> dict[str, Any]:
    """Return the status as a JSON object.

    `fault_active` is None if nobody knows: no status report was received, or the last one is too old.
    """
    snapshot = status.snapshot
    is_known = snapshot.says_faults and find_fault_age(snapshot, definition, status.now) is None
    return {
        "type": "status",
        "source": name,
        "time": format_iso(status.now, zone),
        **build_health_keys(status.link, zone),
        "charge_point_id": snapshot.charge_point_id,
        "connectors": [_build_connector_object(status, one, definition, zone) for one in snapshot.connectors],
        "fault_active": bool(snapshot.faults) if is_known or snapshot.faults else None,
        "faults": [fault_object(fault, definition) for fault in snapshot.faults],
        "earlier_faults": _count_earlier(snapshot),
        "exit_status": status.exit_status,
    }


def _find_age(status: SessionStatus, connector: Connector, definition: Definition) -> int | None:
    """Return the age of a connector's last report in nanoseconds if it is too old; None if it is fresh."""
    return find_stale_age(connector.last, ("status",), status.snapshot, definition, status.now)


def _format_connector(status: SessionStatus, connector: Connector, definition: Definition) -> str:
    name = "station" if connector.number == STATION else f"connector {connector.number}"
    age = _find_age(status, connector, definition)
    remarks = [] if age is None else [f"{format_age(age)} ago"]
    if connector.is_mended:
        remarks.append(RESTS_ON_MENDED)
    return f"{name} {connector.status} ({', '.join(remarks)})" if remarks else f"{name} {connector.status}"


def _format_faults(status: SessionStatus, definition: Definition) -> str:
    """Return the active faults, or that there is none, or that nobody knows."""
    snapshot = status.snapshot
    if snapshot.faults:
        mended = [f" ({RESTS_ON_MENDED})" if fault.is_mended else "" for fault in snapshot.faults]
        return "fault: " + ", ".join(
            meaning_text(fault) + remark for fault, remark in zip(snapshot.faults, mended, strict=True)
        )
    if not definition.tells_faults:
        return "faults not known for this definition"
    if not snapshot.says_faults:
        return "faults unknown"
    age, earlier = find_fault_age(snapshot, definition, status.now), _count_earlier(snapshot)
    known = no_fault_text(age)
    return f"{known}, {earlier:,} earlier" if earlier else known


def _count_earlier(snapshot: Snapshot) -> int:
    return sum(history.count for history in snapshot.past_faults)


def _build_connector_object(
    status: SessionStatus, connector: Connector, definition: Definition, zone: tzinfo | None
) -> dict[str, Any]:
    """Return a connector; `age` is that of its last report in seconds if it is older than it should be, else None."""
    age = _find_age(status, connector, definition)
    return {
        "connector": connector.number,
        "status": connector.status,
        "since": format_iso(connector.since, zone),
        "last": format_iso(connector.last, zone),
        "age": None if age is None else age / SECOND,
    } | build_mended_key(connector.is_mended)
