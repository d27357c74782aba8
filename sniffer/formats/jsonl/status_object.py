"""The status of a session as a JSON object: the health of the link, the connectors and the faults, at one moment.

In: what is known of a session, and the present time of its clock. Out: the keys that `docs/json.md` and the help of
`status` describe. Scripts rely on every key here.
"""

from datetime import tzinfo
from typing import Any

from msgspec import Struct

from sniffer.base.times import SECOND, format_iso
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.health.freshness import find_fault_age, find_stale_age
from sniffer.core.charger.health.link_health import Health, LinkHealth
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.formats.jsonl.event_keys import build_health_keys, build_measure_keys
from sniffer.formats.jsonl.fault_keys import build_fault_object, build_mended_key

FINE, FAULT_ACTIVE, LINK_UNHEALTHY = 0, 4, 5
"""The exit statuses: the link is alive and no fault is active; a fault is; the link is not alive."""


class SessionStatus(Struct, frozen=True):
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
        "faults": [build_fault_object(fault, definition) for fault in snapshot.faults],
        "earlier_faults": snapshot.earlier_faults,
        "implausible": [build_measure_keys(event, zone) for event in snapshot.measurements.implausible],
        "exit_status": status.exit_status,
    }


def find_report_age(status: SessionStatus, connector: Connector, definition: Definition) -> int | None:
    """Return the age of a connector's last report in nanoseconds if it is too old; None if it is fresh."""
    return find_stale_age(connector.last, ("status",), status.snapshot, definition, status.now)


def _build_connector_object(
    status: SessionStatus, connector: Connector, definition: Definition, zone: tzinfo | None
) -> dict[str, Any]:
    """Return a connector; `age` is that of its last report in seconds if it is older than it should be, else None."""
    age = find_report_age(status, connector, definition)
    return {
        "connector": connector.number,
        "status": connector.status,
        "since": format_iso(connector.since, zone),
        "last": format_iso(connector.last, zone),
        "age": None if age is None else age / SECOND,
    } | build_mended_key(connector.is_mended)
