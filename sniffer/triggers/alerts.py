"""The alerts of a session (`--alert`): filters that fire at records, and stay fired until the user acknowledges them.

In: the records of the session. Out: the alerts that fired and were not acknowledged, the newest last. Nothing is shown
and no bell rings here.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from sniffer.core.charger.events import StatusChanged
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.filter.predicates import Filter
from sniffer.text import describe
from sniffer.text.event_text import describe_event
from sniffer.text.ranks import Rank, rank_of_event, rank_of_events
from sniffer.triggers.filter_watch import FilterWatch


class FiredAlert(Struct, frozen=True):
    """An alert that fired: its filter, and the first record that matched since the last acknowledgement.

    `text` says what the record is; it is safe to show. `rank` is that of its most urgent event. `matches` counts all
    records that matched since then.
    """

    expression: str
    number: int
    time: int | None
    text: str
    rank: Rank
    matches: int = 1


class Alerts:
    """A sink with these filters. `count` is how often an alert fired; a further match of a fired one does not count."""

    def __init__(self, filters: Sequence[Filter], definition: Definition) -> None:
        self.count = 0
        self._watches = [FilterWatch(record_filter) for record_filter in filters]
        self._definition = definition
        self._fired: dict[FilterWatch, FiredAlert] = {}

    @property
    def fired(self) -> tuple[FiredAlert, ...]:
        """The alerts that were not acknowledged, in the order in which they fired."""
        return tuple(self._fired.values())

    def receive(self, records: Sequence[Record]) -> None:
        """Fire the alerts whose filters match these records."""
        for record in records:
            for watch in self._watches:
                if watch.matches(record):
                    self._fire(watch, record)

    def acknowledge(self) -> None:
        """Forget all alerts that fired. The next match fires again."""
        self._fired.clear()

    def _fire(self, watch: FilterWatch, record: Record) -> None:
        """Fire an alert, or count a further match of one that fired already."""
        if fired := self._fired.get(watch):
            self._fired[watch] = replace(fired, matches=fired.matches + 1)
            return
        text, rank = describe_record(record, self._definition), rank_of_events(record.events)
        self._fired[watch] = FiredAlert(watch.text, record.number, record.time, text, rank)
        self.count += 1


def describe_record(record: Record, definition: Definition) -> str:
    """Return a record as one line that is safe to show: its faults, its summary, then its other events."""
    row = describe.format_row(record)
    # The fault says more than the status that it comes with.
    events = sorted(record.events, key=lambda event: isinstance(event, StatusChanged))
    faults = [event for event in events if rank_of_event(event) is Rank.FAULT]
    texts = [
        *(describe_event(event, definition) for event in faults),
        ": ".join(part for part in (row.name, row.summary) if part),
        *(describe_event(event, definition) for event in events if event not in faults),
    ]
    return "; ".join(text for text in texts if text)
