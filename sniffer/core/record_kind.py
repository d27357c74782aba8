"""Classify records by what they have in common, so that many can be filtered without decoding each.

In: a record. Out: its `RecordKind`. A session has only few kinds: about as many as the definition has commands and log
lines. A condition on a million records is therefore evaluated for their kinds first.
"""

from typing import Literal

from msgspec import Struct

from sniffer.core.protocol.definition import Command, LogLinePattern
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.link import Route

KindName = Literal["frame", "noise", "text", "ocpp", "event"]
"""The content of a record. An `ocpp` record is a line of a text log that prints an OCPP message, a `text` record is any
other line. An `event` record holds no bytes and no text, only events.
"""


class RecordKind(Struct, frozen=True):
    """The properties that all records of one kind share.

    `route` and `command` belong to frames; `command` is None if the definition has no entry for it. `reason` belongs to
    noise. `line` is the pattern that a log line matched, or None.
    """

    kind: KindName
    route: Route | None = None
    command: Command | None = None
    reason: Reason | None = None
    line: LogLinePattern | None = None


def classify_record(record: Record) -> RecordKind:
    """Return the kind of a record."""
    item = record.item
    if isinstance(item, Message):
        return RecordKind("frame", item.frame.route, item.command)
    if item is None:
        return RecordKind("event")
    if isinstance(item, TextMessage):
        return RecordKind("ocpp" if item.ocpp else "text", line=item.meaning)
    return RecordKind("noise", reason=item.reason)
