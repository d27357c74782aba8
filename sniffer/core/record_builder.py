"""The records of one session, built in their order.

In: what was decoded, with its tap and line errors, once its place is known. Out: its record, with the events that
follow. Each item is applied to the charger when its record is built, so nothing is built twice.
"""

from collections.abc import Sequence
from itertools import pairwise

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.events import Event
from sniffer.core.charger.handlers import Conclusion
from sniffer.core.log_decoder import DecodedItem
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.tap_merger import TapOrdering
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import LineErrorMark, Reception
from sniffer.core.wiring_monitor import WiringMonitor

PART = 64
"""The number of messages whose wiring is looked at together. Only a part that may show wrong wiring is checked one by
one.
"""


class RecordBuilder:
    """The builder of the records of one session. `count` is the number of the last record.

    A loss of data of a tap ends with its next record.
    """

    def __init__(self, charger: Charger) -> None:
        self.count = 0
        self._charger = charger
        self._wiring_monitor = WiringMonitor()
        self._ordering = TapOrdering()
        self._is_mended = False
        """True if the last line of a text log was misread and mended."""

    def add_tap(self, tap: int, name: str) -> None:
        """Add a tap, counted from 1, or change its name."""
        self._wiring_monitor.add_tap(tap, name)

    def set_lateness(self, tap: int, late: int) -> None:
        """Use this lateness of a tap from now on, in nanoseconds: how long its adapter may hold bytes back."""
        self._ordering.set_lateness(tap, late)

    def build(self, tap: int, item: Message | Noise, marks: tuple[LineErrorMark, ...]) -> Record:
        """Return the record of an item, with its line errors and the evidence for its place."""
        self._charger.end_loss(tap)
        if marks:
            self._charger.count_line_errors(marks)
        self.count = number = self.count + 1
        events, refers = self._charger.apply(item, number, None)
        if wiring_events := self._wiring_monitor.check(number, tap, item, marks):
            events += self._apply_wiring(wiring_events)
        time = item.frame.time if isinstance(item, Message) else item.time
        order = self._ordering.find_order(tap, number, time, refers) if tap else None
        reception = Reception(tap, marks, order) if tap or marks else None
        return Record(number, item, events, None, refers, None, reception)

    def build_single(self, messages: Sequence[Message | Noise]) -> list[Record]:
        """Return the records of items without line errors in a session of one tap: the fast path."""
        if messages:
            self._charger.end_loss(0)
        records = list[Record]()
        for start in range(0, len(messages), PART):
            part = messages[start : start + PART]
            is_ordinary = self._wiring_monitor.add_ordinary(part)
            number = self.count
            for message, (events, refers) in zip(part, self._charger.apply_all(part, number + 1), strict=True):
                number += 1
                if not is_ordinary and (wiring_events := self._wiring_monitor.check(number, 0, message, ())):
                    events += self._apply_wiring(wiring_events)
                records.append(Record(number, message, events, None, refers))
            self.count = number
        return records

    def build_of_taps(self, messages: Sequence[Message | Noise], taps: Sequence[int]) -> list[Record]:
        """Return the records of items without line errors, each with its tap."""
        check, find_order = self._wiring_monitor.check, self._ordering.find_order
        number, records = self.count, list[Record]()
        for message, tap, (events, refers) in zip(messages, taps, self._apply_of_taps(messages, taps), strict=True):
            number += 1
            if wiring_events := check(number, tap, message, ()):
                events += self._apply_wiring(wiring_events)
            time = message.frame.time if isinstance(message, Message) else message.time
            reception = Reception(tap, (), find_order(tap, number, time, refers)) if tap else None
            records.append(Record(number, message, events, None, refers, None, reception))
        self.count = number
        return records

    def _apply_of_taps(self, messages: Sequence[Message | Noise], taps: Sequence[int]) -> list[Conclusion]:
        """Apply messages to the charger. The loss of a tap ends before the first of its messages."""
        begins = sorted(taps.index(tap) for tap in {*taps})
        conclusions: list[Conclusion] = []
        for begin, end in pairwise([*begins, len(taps)]):
            self._charger.end_loss(taps[begin])
            conclusions += self._charger.apply_all(messages[begin:end], self.count + begin + 1)
        return conclusions

    def build_lines(self, decoded: Sequence[DecodedItem]) -> list[Record]:
        """Return the records of what the lines of a text log print."""
        charger, number, size, records = self._charger, self.count, 0, list[Record]()
        has_frames = False
        for item, line, printed in decoded:
            number += 1
            if (line.mended is not None) is not self._is_mended:
                self._is_mended = not self._is_mended
                charger.set_mended(mended=self._is_mended)
            if isinstance(item, TextMessage):
                events, refers = charger.apply_line(item, number, line.number)
            else:
                size += len(item.frame.raw if isinstance(item, Message) else item.raw)
                if not has_frames:
                    has_frames = True
                    charger.set_text_log()
                events, refers = charger.apply_all((item,), number, line.number)[0]
            records.append(Record(number, item, events, line.number, refers, printed))
        self.count = number
        charger.count_read(size)
        return records

    def build_event(self, tap: int, events: tuple[Event, ...]) -> Record:
        """Return a record of events that concern the tap itself."""
        self.count += 1
        return Record(self.count, None, events, reception=Reception(tap) if tap else None)

    def _apply_wiring(self, events: Sequence[Event]) -> tuple[Event, ...]:
        self._charger.apply_wiring(events)
        return tuple(events)
