"""The status of a session for scripts and monitoring: one line, one JSON object, one exit status.

In: a source, which is read to its end or for some seconds. Out: a `SessionStatus`. A saved session is judged at the
time of its last bytes, so that it is not silent because it ended; a live one is judged at the present time.
"""

import asyncio

from sniffer.base.errors import CutOffError, NothingReadError, SourceError
from sniffer.base.sanitize import printable
from sniffer.base.stop_signals import run_until_stopped
from sniffer.base.times import format_seconds
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.consistency_rules import STATION
from sniffer.core.charger.health.freshness import find_fault_age
from sniffer.core.charger.health.link_health import Health, assess_link
from sniffer.core.protocol.definition import Definition
from sniffer.formats.jsonl.status_object import SessionStatus, find_report_age
from sniffer.session import Session
from sniffer.text.describe import describe_no_fault, format_meaning
from sniffer.text.event_text import describe_event
from sniffer.text.link_health import format_health
from sniffer.text.mended_text import RESTS_ON_MENDED


async def read_status(session: Session, seconds: float | None) -> tuple[SessionStatus, SourceError | None]:
    """Read a session to its end, or for `seconds`, and return its status and the error that ended it early, if any.

    A source that fails while it is read is a lost link, and no error of the command. Raises `NothingReadError` for a
    file without anything that is read, and no other `SourceError`.
    """
    source, ended = session.source, asyncio.Event()
    error: SourceError | None = None
    if seconds is not None:
        asyncio.get_running_loop().call_later(seconds, ended.set)
    try:
        await run_until_stopped(session.run(), ended)
    except NothingReadError:
        raise
    except SourceError as raised:
        error = raised
    snapshot = session.snapshot()
    now = source.now() if source.is_live else snapshot.link.last
    return SessionStatus(snapshot, assess_link(snapshot.link, now), now), error if isinstance(
        error, CutOffError
    ) else None


def format_status(status: SessionStatus, definition: Definition) -> str:
    """Return the status as one line: the health of the link, the connectors, the faults, and what is implausible."""
    snapshot, link = status.snapshot, status.link
    reason = "" if link.health in (Health.ALIVE, Health.ONE_SIDE) else f" ({link.reason})"
    connectors = [_format_connector(status, one, definition) for one in snapshot.connectors]
    if not connectors:
        connectors = ["state unknown" if definition.states else "states not known for this definition"]
    parts = [f"{format_health(link, status.now)}{reason}", ", ".join(connectors), _format_faults(status, definition)]
    # A current that flows while nothing charges is no fault of the charger's, and yet no all-clear.
    if implausible := snapshot.measurements.implausible:
        more = f" and {len(implausible) - 1:,} more" if len(implausible) > 1 else ""
        parts.append(describe_event(implausible[0], definition) + more)
    return printable(" · ".join(parts))


def _format_connector(status: SessionStatus, connector: Connector, definition: Definition) -> str:
    name = "station" if connector.number == STATION else f"connector {connector.number}"
    age = find_report_age(status, connector, definition)
    remarks = [] if age is None else [f"{format_seconds(age)} ago"]
    if connector.is_mended:
        remarks.append(RESTS_ON_MENDED)
    return f"{name} {connector.status} ({', '.join(remarks)})" if remarks else f"{name} {connector.status}"


def _format_faults(status: SessionStatus, definition: Definition) -> str:
    """Return the active faults, or that there is none, or that nobody knows."""
    snapshot = status.snapshot
    if snapshot.faults:
        mended = [f" ({RESTS_ON_MENDED})" if fault.is_mended else "" for fault in snapshot.faults]
        return "fault: " + ", ".join(
            format_meaning(fault) + remark for fault, remark in zip(snapshot.faults, mended, strict=True)
        )
    if not definition.tells_faults:
        return "faults not known for this definition"
    if not snapshot.says_faults:
        return "faults unknown"
    age, earlier = find_fault_age(snapshot, definition, status.now), snapshot.earlier_faults
    known = describe_no_fault(age)
    return f"{known}, {earlier:,} earlier" if earlier else known
