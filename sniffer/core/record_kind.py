"""What records have in common: enough to tell many of them apart without decoding one.

In: a record. Out: its `RecordKind`. A session has few shapes, as many as the definition has commands and lines, and a few
more; so what is asked of a million records is asked of their shapes first.
"""

from dataclasses import dataclass
from typing import Literal

from sniffer.core.protocol.definition import Command, LogLinePattern
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.links import Route

Kind = Literal["frame", "noise", "text", "event"]
"""What a record is; `event` where nothing was read, and only something is told."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What is the same in all records of one shape.

    `route` and `command` are a frame's, the command None where the definition has none; `reason` is that of noise,
    `line` what a log line was understood as.
    """

    kind: Kind
    route: Route | None = None
    command: Command | None = None
    reason: Reason | None = None
    line: LogLinePattern | None = None


def shape_of(record: Record) -> RecordKind:
    """The shape of a record."""
    item = record.item
    if isinstance(item, Message):
        return RecordKind("frame", item.frame.route, item.command)
    if item is None:
        return RecordKind("event")
    if isinstance(item, TextMessage):
        return RecordKind("text", line=item.meaning)
    return RecordKind("noise", reason=item.reason)
