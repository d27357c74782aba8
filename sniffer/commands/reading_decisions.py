"""The decisions of the tool while it reads a session, in words, for `--verbose`.

In: an open source, and the records of its session. Out: a line on how the source is read, and one for each event of a
tap: the rate and its evidence, how late its times may be, when it was lost and found, and wrong wiring.
"""

from collections.abc import Callable, Sequence

from sniffer.core.charger.tap_events import (
    LatenessKnown,
    Miswired,
    MiswiringEnded,
    RateFound,
    SourceBack,
    SourceLost,
    SourceShared,
)
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.sources.source import Source
from sniffer.text.event_text import describe_event

_DECISIONS = (LatenessKnown, Miswired, MiswiringEnded, RateFound, SourceBack, SourceLost, SourceShared)


class DecisionSink:
    """The sink that hands a line to `explain` for each decision."""

    def __init__(self, definition: Definition, explain: Callable[[str], None]) -> None:
        self._definition = definition
        self._explain = explain

    def receive(self, records: Sequence[Record]) -> None:
        """Explain the decisions in these records."""
        for record in records:
            for event in record.events:
                if isinstance(event, _DECISIONS):
                    self._explain(f"record {record.number}: {describe_event(event, self._definition)}")


def describe_source(source: Source) -> str:
    """Return the way in which a source is read: its format, live or saved, and the rate."""
    parts = [source.about, "live" if source.is_live else "read to its end"]
    if source.taps and not source.baud:
        parts.append("the rate is found by valid frames")
    elif source.baud:
        parts.append(f"{source.baud} baud")
    return f"{source.name}: {', '.join(parts)}"
