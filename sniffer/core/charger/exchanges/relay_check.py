"""The relay check: a status report on one link against the notification that passes it on to the other link.

In a text log the same report crosses both links with the same sequence (protocol.md, Known good frames). The last
reports and notifications are kept. A notification with the sequence of a report is its relay, and must have the same
content, whichever of both the log prints first.
"""

from collections import deque
from typing import Literal

from sniffer.core.charger.events import Disagreed
from sniffer.core.charger.evidence import Evidence
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import SPECIAL_SEQUENCES

REPORTS_REMEMBERED = 32
"""The number of status reports and notifications that may lie between a report and its relay."""

COMPARED: tuple[Literal["connector", "status", "ocpp_error"], ...] = ("connector", "status", "ocpp_error")
"""The fields that both have."""


FrameReport = tuple[Message, int, int | None]
"""A report or a notification, with the number of its record and its line in a text log."""


def find_counterpart(message: Message, reports: deque[FrameReport]) -> FrameReport | None:
    """Return the latest of these reports that has the sequence of this message and is of the other link.

    Returns None if there is none. It is the report that the message passes on, or was passed on as.
    """
    sequence, link = message.frame.sequence, message.frame.link
    if sequence in SPECIAL_SEQUENCES:
        return None
    for report in reversed(reports):
        frame = report[0].frame
        if frame.link is not link and frame.sequence == sequence:
            return report
    return None


def find_disagreements(relay: Message, report: FrameReport, time: int | None) -> list[Disagreed]:
    """Return an event at `time` for each field in which a relay differs from its report."""
    reported, number, line = report
    connector, seen = relay.raw("connector"), Evidence(number, line, reported.frame.time)
    found = []
    for field in COMPARED:
        sent, passed_on = reported.raw(field), relay.raw(field)
        if isinstance(sent, int) and isinstance(passed_on, int) and sent != passed_on and isinstance(connector, int):
            found.append(Disagreed(time, connector, field, sent, passed_on, seen))
    return found
