"""The messages of one session: events, measured values and, if wanted, all frames, in the order of their records.

In: the records of a session from its beginning. Out: messages, those of records that were confirmed earlier left out.
The same session gives the same messages each time it is read, so one that is sent again can be known as the same.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, tzinfo

from sniffer.base.times import format_iso
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Note
from sniffer.fleet.mqtt.messages.frame_batches import FrameBatches
from sniffer.fleet.mqtt.messages.measure_sampler import MeasureSampler, SampledValues
from sniffer.fleet.mqtt.messages.message import EVENT, MEASURE, OutboxMessage, SessionKey, encode_object
from sniffer.fleet.mqtt.messages.session_key import name_session
from sniffer.formats.jsonl.writer import format_late_note, format_lines

SessionItem = Record | Note
"""The items of a session. A note comes before its record, or names the number of an earlier one."""


class SessionMessages:
    """The messages of one session of the bench `bench`, beginning after the record with the number `confirmed`.

    `has_frames` is True if frames, noise and lines are published as well. `read_digest` is for naming a session that is
    complete (`name_session`). `session` is the name of the session; it is empty before its first record.
    """

    def __init__(
        self,
        bench: str,
        definition: Definition,
        *,
        confirmed: int = 0,
        has_frames: bool = False,
        read_digest: Callable[[], str] | None = None,
    ) -> None:
        self.session = ""
        self._read_digest = read_digest
        self._bench = bench
        self._definition = definition
        self._confirmed = confirmed
        self._frames = FrameBatches() if has_frames else None
        self._sampler = MeasureSampler()
        self._notes: dict[int, str] = {}
        self._last: Record | None = None

    @property
    def complete_up_to(self) -> int:
        """The number of the last record of which all messages were returned."""
        waiting = self._frames.first_waiting if self._frames else None
        return self.last_number if waiting is None else waiting - 1

    @property
    def last_number(self) -> int:
        """The number of the last record; 0 before the first one."""
        return self._last.number if self._last else 0

    @property
    def is_waiting(self) -> bool:
        """True if frames wait for others to share their message."""
        return self._frames is not None and self._frames.first_waiting is not None

    def add(self, items: Iterable[SessionItem], zone: tzinfo | None) -> Sequence[OutboxMessage]:
        """Add the next records of the session; return the messages that they complete.

        `zone` is that of a text log; None stands for UTC, as benches may be in different zones.
        """
        messages: list[OutboxMessage] = []
        for item in items:
            if isinstance(item, Note):
                self._add_note(item)
            else:
                self._add_record(item, zone or UTC, messages)
            if self._frames and self._frames.is_full:
                messages.append(self._frames.take(self._key))
        return messages

    def flush(self) -> Sequence[OutboxMessage]:
        """Return the frames that wait as a message: no others came for a while."""
        return [self._frames.take(self._key)] if self._frames and self.is_waiting else []

    def end(self, zone: tzinfo | None) -> Sequence[OutboxMessage]:
        """Return the last messages, as the session has ended."""
        messages = [*self.flush()]
        values, last = self._sampler.end(), self._last
        if values and last and last.number > self._confirmed:
            messages.append(self._build_measure(last, values, zone or UTC))
        return messages

    @property
    def _key(self) -> SessionKey:
        return SessionKey(self._bench, self.session)

    def _add_note(self, note: Note) -> None:
        """Keep a note of the next record, or add that of an earlier one to the frames."""
        following = self._last.number + 1 if self._last else 1
        number = following if note.number is None else note.number
        if number >= following:
            self._notes[number] = note.text
        elif self._frames and following > self._confirmed:
            self._frames.add(following - 1, self._key.add_to(format_late_note(number, note.text)))

    def _add_record(self, record: Record, zone: tzinfo, messages: list[OutboxMessage]) -> None:
        """Append the messages of a record."""
        self.session = self.session or name_session(record, self._read_digest)
        self._last = record
        note = self._notes.pop(record.number, "") if self._notes else ""
        values = self._sampler.add(record)
        if record.number <= self._confirmed:
            return
        if record.events or self._frames:
            lines = [*format_lines(record, self._definition, zone, note)]
            events = lines[1:] if record.item is not None else lines
            for place, line in enumerate(events):
                messages.append(self._build_event(record, place, line))
            if self._frames and record.item is not None:
                self._frames.add(record.number, self._key.add_to(lines[0]))
        if values:
            messages.append(self._build_measure(record, values, zone))

    def _build_event(self, record: Record, place: int, line: str) -> OutboxMessage:
        """Return the message of an event. `place` is its place among those of its record, from 0."""
        text = f'{self._key.add_to(line)[:-1]}, "index": {place}}}'
        numbers = ("number", str(record.number)), ("index", str(place))
        return OutboxMessage(EVENT, text.encode(), (*self._key.properties, *numbers))

    def _build_measure(self, record: Record, values: SampledValues, zone: tzinfo) -> OutboxMessage:
        """Return the message of measured values, in the order of their names as they were reported."""
        key = self._key
        found = {
            "type": "measure",
            "time": format_iso(record.time, zone),
            "number": record.number,
            "values": [
                {"name": one.name, "connector": one.connector, "value": one.value, "unit": one.unit} for one in values
            ],
            "bench": key.bench,
            "session": key.session,
        }
        return OutboxMessage(MEASURE, encode_object(found), (*key.properties, ("number", str(record.number))))
