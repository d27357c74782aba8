"""The retained status of a bench: the present link, connectors and faults, or that the bench is gone.

In: the session as it is now. Out: a message, if it differs from the last one or that was `REPEATED` ago.
"""

from datetime import UTC
from typing import Any

from sniffer.base.times import SECOND
from sniffer.core.charger.health.link_health import assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.fleet.mqtt.messages.message import STATUS, OutboxMessage, encode_object
from sniffer.formats.jsonl.status_object import SessionStatus, build_status_object
from sniffer.recording.recorder import RecordingState
from sniffer.sources.source import Source

REPEATED = 60 * SECOND
"""The time in nanoseconds after which a status that is the same is published again, with its present times."""

LOST, ENDED = "the bench is gone", "the session has ended"

_MOVING = ("time", "last", "age", "reason")
"""Keys whose values change although the status is the same."""


class BenchStatus:
    """The status of one bench while a session runs on it."""

    def __init__(self, bench: str, source: Source, definition: Definition) -> None:
        self._bench = bench
        self._source = source
        self._definition = definition
        self._last: object = None
        self._sent = 0

    def update(self, snapshot: Snapshot, recording: RecordingState | None) -> OutboxMessage | None:
        """Return the status as a message; None if the last one still says the same and is not old."""
        now = self._source.now()
        status = SessionStatus(snapshot, assess_link(snapshot.link, now), now)
        zone = self._source.zone or UTC
        found = build_status_object(status, self._source.name, self._definition, zone)
        del found["exit_status"]
        found |= {"bench": self._bench, "online": True} | _build_recording_keys(recording)
        fixed = _drop_moving_keys(found)
        if fixed == self._last and now is not None and 0 <= now - self._sent < REPEATED:
            return None
        self._last, self._sent = fixed, now or 0
        return OutboxMessage(STATUS, encode_object(found), (("bench", self._bench),), is_retained=True)


def build_absence(bench: str, reason: str) -> OutboxMessage:
    """Return the status of a bench that is gone, for this reason."""
    found = {"type": "status", "bench": bench, "online": False, "reason": reason}
    return OutboxMessage(STATUS, encode_object(found), (("bench", bench),), is_retained=True)


def _build_recording_keys(recording: RecordingState | None) -> dict[str, Any]:
    """Return why nothing can be recorded, and so published, at present, and how many packets are lost for ever."""
    if recording is None:
        return {}
    return {"not_recorded": recording.failure or None, "lost_packets": recording.lost}


def _drop_moving_keys(value: Any) -> Any:
    """Return a JSON value without what changes by itself."""
    if isinstance(value, dict):
        return {key: _drop_moving_keys(one) for key, one in value.items() if key not in _MOVING}
    return [_drop_moving_keys(one) for one in value] if isinstance(value, list) else value
