"""The zone of the charger's clock: the time stamps of the log against the times in its OCPP messages.

The time stamps of a log are local times with a label of the zone, and the label can be wrong (protocol.md, The
charger's text log). OCPP messages state the time in UTC. If both differ by whole quarters of an hour, the label is
wrong. The first message whose time fits the line's, with or without such a difference, decides for the session.
"""

from collections.abc import Iterator
from datetime import datetime

from sniffer.base.times import HOUR, MINUTE, SECOND, nanoseconds_of
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.ocpp.events import ClockOffset
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.ocpp_message import OcppMessage

QUARTER = 15 * MINUTE
"""The zones of the world differ by multiples of this time, in nanoseconds."""

LARGEST = 14 * HOUR
"""The largest difference of a zone from UTC, in nanoseconds."""

TOLERANCE = 5 * SECOND
"""The longest time between the event that a message dates and the line of the message, in nanoseconds."""


class ClockCheck:
    """The check of one session's clock."""

    def __init__(self) -> None:
        self._is_settled = False

    def check(self, message: OcppMessage, line: LogLine, seen: Evidence) -> list[ClockOffset]:
        """Return the event of a zone label that this message shows to be wrong; there is one in a session at most."""
        if self._is_settled or line.time is None or line.zone is None:
            return []
        for stamp in _find_stamps(message):
            quarters = round((line.time - stamp) / QUARTER)
            if abs(line.time - stamp - quarters * QUARTER) <= TOLERANCE and abs(quarters * QUARTER) <= LARGEST:
                self._is_settled = True
                difference = quarters * QUARTER // SECOND
                return [ClockOffset(line.time, difference, line.zone, seen)] if quarters else []
        return []


def _find_stamps(message: OcppMessage) -> Iterator[int]:
    """Yield the times, in nanoseconds since the Unix epoch, that say when the message was made."""
    payload = message.payload
    if message.kind == "result" and message.direction == "csms>ocpp":
        yield from _parse_time(payload.get("currentTime"))
    elif message.direction == "ocpp>csms" and message.action == "StatusNotification":
        yield from _parse_time(payload.get("timestamp"))
    elif message.direction == "ocpp>csms" and message.action == "MeterValues":
        values = payload.get("meterValue")
        last = values[-1] if isinstance(values, list) and values else None
        yield from _parse_time(last.get("timestamp") if isinstance(last, dict) else None)


def _parse_time(text: object) -> Iterator[int]:
    """Yield the time of a text in ISO 8601 with a zone; nothing if it is anything else."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return
    if moment and moment.tzinfo and (time := nanoseconds_of(moment)) is not None:
        yield time
