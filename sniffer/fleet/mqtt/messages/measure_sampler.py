"""The measured values of a session, at most once a second and when one has changed.

In: the records of a session, one by one. Out: the values to publish after a record, if there are any. A second is one
of the session and not of the clock, so a session that is read again gives the same values at the same records.
"""

from operator import attrgetter

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event
from sniffer.core.charger.measurements.measurement import Measurement
from sniffer.core.charger.measurements.tracker import MeasurementTracker
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record

INTERVAL = SECOND
"""The least time between two sets of values, in nanoseconds."""

SampledValues = tuple[Measurement, ...]


class MeasureSampler:
    """The sampler of one session. Sessions without times have no seconds, and give no values."""

    def __init__(self) -> None:
        # The events of implausible values come with the records: they are concluded a second time here, and left out.
        self._events: list[Event] = []
        self._tracker = MeasurementTracker(self._events)
        self._due: int | None = None
        self._last: dict[tuple[int | None, str], float] = {}
        self._latest: int | None = None

    def add(self, record: Record) -> SampledValues:
        """Add a record; return the values to publish after it, none if it is not time or nothing has changed."""
        item = record.item
        if isinstance(item, Message):
            self._tracker.apply(item, record.number, record.line)
        elif isinstance(item, TextMessage):
            self._tracker.add_line(item, record.number, record.line)
        else:
            return ()
        self._events.clear()
        time = self._latest = record.time
        if time is None or (self._due is not None and self._due - INTERVAL <= time < self._due):
            return ()
        self._due = time + INTERVAL
        return self.end()

    def end(self) -> SampledValues:
        """Return the values if one has changed since the last ones, as when the session ends."""
        if self._latest is None:
            return ()
        values = sorted(self._tracker.find_recent(self._latest, None), key=attrgetter("number"))
        # Several sources may report one value: the latest one counts.
        present = {(one.connector, one.name): one for one in values}
        changed = {key: one.value for key, one in present.items() if self._last.get(key) != one.value}
        self._last |= changed
        return tuple(present.values()) if changed else ()
