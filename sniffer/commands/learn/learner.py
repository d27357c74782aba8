"""The sink that learns: records of one session after another in, a `LearningResult` out.

It passes each record to the collectors, together with the values that the definition has names for: those of the same
message, and, with the prefix `last `, the latest ones of earlier messages. Memory is bounded
(`sniffer.commands.learn.payload_stats`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from sniffer.commands.learn.byte_evidence import EARLIER_PREFIX
from sniffer.commands.learn.code_cooccurrence import LARGEST_CODE, CooccurrenceCounts, EpisodeCounter
from sniffer.commands.learn.payload_stats import MOST_LAYOUTS, Layout, PairBudget
from sniffer.core.charger.startup.registration_events import Booted
from sniffer.core.protocol.conversions import Named
from sniffer.core.protocol.definition import Definition, Field
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.link import Route

MOST_UNNAMED = 100
"""The largest number of different numbers without a name that are counted."""


ANY_SIZE = -1
"""The size in place of all sizes of the payloads of a command with lists, bits or switches."""


@dataclass(slots=True)
class SourceCounts:
    """The counts of the records that were read.

    `skipped` counts frames whose payloads were not examined because there were too many layouts.
    """

    sources: list[str] = field(default_factory=list)
    frames: int = 0
    noise: int = 0
    lines: int = 0
    boots: int = 0
    skipped: int = 0


class LearningResult(Struct, frozen=True):
    """The result of all sessions together.

    `layouts` are the payloads with unknown bytes, and those of unknown commands. `unnamed` counts the numbers for which
    an enumeration has no name, by the label of the enumeration and the number.
    """

    counts: SourceCounts
    codes: CooccurrenceCounts
    layouts: Sequence[Layout]
    unnamed: Mapping[tuple[str, int], int]


class Learner:
    """The sink that learns from one session after another: call `begin` for each, then let it `receive` its records."""

    def __init__(self, definition: Definition) -> None:
        self._counts = SourceCounts()
        self._episodes = EpisodeCounter(definition.ocpp_errors.number_of("NoError"))
        self._layouts: dict[tuple[Route, int, int], Layout | None] = {}
        self._budget = PairBudget()
        self._earlier: dict[str, int] = {}
        self._unnamed: Counter[tuple[str, int]] = Counter()

    def begin(self, source: str) -> None:
        """Begin a session with this name, and end the one before."""
        self._end()
        self._counts.sources.append(source)

    def receive(self, records: Sequence[Record]) -> None:
        """Add the next records of the session."""
        for record in records:
            self._counts.boots += sum(isinstance(event, Booted) for event in record.events)
            self._episodes.add(record)
            if isinstance(record.item, Message):
                self._add_message(record.item)
            elif isinstance(record.item, TextMessage):
                self._counts.lines += 1
                self._earlier |= self._read_named_values(record.item)
            elif record.item is not None:
                self._counts.noise += 1

    def result(self) -> LearningResult:
        """End the session, and return what all sessions so far show."""
        self._end()
        layouts = [layout for layout in self._layouts.values() if layout and layout.is_open]
        return LearningResult(self._counts, self._episodes.counts(), layouts, dict(self._unnamed))

    def _end(self) -> None:
        """End the session for all collectors, and forget its named values."""
        self._episodes.end()
        self._earlier.clear()
        for layout in self._layouts.values():
            if layout:
                layout.end()

    def _add_message(self, message: Message) -> None:
        """Add a frame to the layout of its payload, together with the named values in it and before it.

        Payloads of known commands without unknown bytes have no layout. Beyond `MOST_LAYOUTS`, the frame is counted as
        skipped.
        """
        self._counts.frames += 1
        named = self._read_named_values(message)
        route = message.command.route if message.command else message.frame.route
        payload = message.frame.payload
        is_row = message.command is None or message.command.is_row
        key = (route, message.frame.command, len(payload) if is_row else ANY_SIZE)
        if key in self._layouts:
            layout = self._layouts[key]
        elif len(self._layouts) < MOST_LAYOUTS:
            layout = Layout(message)
            # Without unknown bytes there is nothing to learn; None remembers that.
            if layout.command and is_row and not layout.unknown:
                layout = None
            self._layouts[key] = layout
        else:
            self._counts.skipped += 1
            layout = None
        if layout:
            before = {EARLIER_PREFIX + name: number for name, number in self._earlier.items() if name not in named}
            layout.add(payload, named | before, self._budget)
            if not is_row and (problem := message.problem):
                layout.add_problem(problem)
        self._earlier |= named

    def _read_named_values(self, item: Message | TextMessage) -> dict[str, int]:
        """Return the numbers of known fields in this item, and count those for which an enumeration has no name."""
        named = {}
        for known, raw in _list_fields(item):
            if known.provenance is None or not known.is_numeric:
                continue
            number = known.number_of(raw)
            if number is None or number > LARGEST_CODE:
                continue
            named[known.name] = number
            if isinstance(known.conversion, Named) and number not in known.conversion.enumeration.names:
                seen = (known.conversion.enumeration.label, number)
                if seen in self._unnamed or len(self._unnamed) < MOST_UNNAMED:
                    self._unnamed[seen] += 1
        return named


def _list_fields(item: Message | TextMessage) -> list[tuple[Field, int | bytes]]:
    """Return the fields of an item with their raw values; the result is empty for an unknown command or line."""
    if isinstance(item, TextMessage):
        return [*item.fields.values()]
    fields = item.command.fields if item.command else ()
    return [(field, raw) for field, raw in zip(fields, item.values, strict=False) if raw is not None]
