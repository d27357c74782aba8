"""Both links tied together: a status report on the power board link, and the notification that passes it on.

In a text log the same report crosses both links with the same sequence (protocol.md, Known good frames). The last few
reports are remembered; a notification with the sequence of one of them is its relay, and what it says must be what was
reported.
"""

from collections import deque
from typing import Literal

from sniffer.core.charger.events import Disagreed, Evidence
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import SPECIAL_SEQUENCES

REPORTS_REMEMBERED = 32
"""How many status reports may lie between a report and its relay."""

COMPARED: tuple[Literal["connector", "status", "ocpp_error"], ...] = ("connector", "status", "ocpp_error")
"""What both of them carry."""


Reported = tuple[Message, int, int | None]
"""A report that a relay may follow, with its record's number and its line in a text log."""


def report_of(relay: Message, reports: deque[Reported]) -> Reported | None:
    """The latest of these reports that this notification can pass on."""
    sequence = relay.frame.sequence
    if sequence in SPECIAL_SEQUENCES:
        return None
    return next((report for report in reversed(reports) if report[0].frame.sequence == sequence), None)


def disagreements(relay: Message, report: Reported) -> list[Disagreed]:
    """Where a relay says other than its report."""
    reported, number, line = report
    connector, seen = relay.raw("connector"), Evidence(number, line, reported.frame.time)
    found = []
    for field in COMPARED:
        said, passed_on = reported.raw(field), relay.raw(field)
        if isinstance(said, int) and isinstance(passed_on, int) and said != passed_on and isinstance(connector, int):
            found.append(Disagreed(relay.frame.time, connector, field, said, passed_on, seen))
    return found
