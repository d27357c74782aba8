"""The sink that learns: records of one session after another in, what they show out (`LearningResult`).

It hands each record to what collects from it and keeps what the definition has names for: the named values of the
same message and, as `last ...`, those that the session told before. Memory is bounded (`sniffer.commands.learn.payload_stats`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sniffer.commands.learn.byte_evidence import EARLIER_PREFIX
from sniffer.commands.learn.code_cooccurrence import LARGEST_CODE, CooccurrenceCounts, EpisodeCounter
from sniffer.commands.learn.payload_stats import MOST_LAYOUTS, Layout, PairBudget
from sniffer.core.charger.events import Booted
from sniffer.core.protocol.conversions import Named, as_number
from sniffer.core.protocol.definition import Definition, Field
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.links import Route

MOST_UNNAMED = 100
"""How many numbers without a name are told apart."""


@dataclass(slots=True)
class SourceCounts:
    """What was read. `skipped`: frames whose payloads were not looked at, as there were too many kinds of them."""

    sources: list[str] = field(default_factory=list)
    frames: int = 0
    noise: int = 0
    lines: int = 0
    boots: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class LearningResult:
    """What all sessions together show.

    `layouts` are the payloads with unknown bytes, and those of unknown commands. `unnamed` counts the numbers that an
    enumeration has no name for, by its label.
    """

    counts: SourceCounts
    codes: CooccurrenceCounts
    layouts: Sequence[Layout]
    unnamed: Mapping[tuple[str, int], int]


class Learner:
    """Learns from one session after another: `begin` each, then let it `receive`."""

    def __init__(self, definition: Definition) -> None:
        self._counts = SourceCounts()
        self._episodes = EpisodeCounter(definition.ocpp_errors.number_of("NoError"))
        self._layouts: dict[tuple[Route, int, int], Layout | None] = {}
        self._budget = PairBudget()
        self._earlier: dict[str, int] = {}
        self._unnamed: Counter[tuple[str, int]] = Counter()

    def begin(self, source: str) -> None:
        """A session of this name begins: nothing of the one before it goes on."""
        self._end()
        self._counts.sources.append(source)

    def receive(self, records: Sequence[Record]) -> None:
        for record in records:
            self._counts.boots += sum(isinstance(event, Booted) for event in record.events)
            self._episodes.add(record)
            if isinstance(record.item, Message):
                self._add_message(record.item)
            elif isinstance(record.item, TextMessage):
                self._counts.lines += 1
                self._earlier |= self._named_values_of(record.item)
            elif record.item is not None:
                self._counts.noise += 1

    def result(self) -> LearningResult:
        """What all that was received shows; the last session ends with it."""
        self._end()
        layouts = [layout for layout in self._layouts.values() if layout]
        return LearningResult(self._counts, self._episodes.counts(), layouts, dict(self._unnamed))

    def _end(self) -> None:
        self._episodes.end()
        self._earlier.clear()
        for layout in self._layouts.values():
            if layout:
                layout.end()

    def _add_message(self, message: Message) -> None:
        self._counts.frames += 1
        named = self._named_values_of(message)
        route = message.command.route if message.command else message.frame.route
        payload = message.frame.payload
        key = (route, message.frame.command, len(payload))
        if key in self._layouts:
            layout = self._layouts[key]
        elif len(self._layouts) < MOST_LAYOUTS:
            layout = Layout(message)
            # One whose bytes are all known has nothing to be learnt; it is remembered as that.
            if layout.command and not layout.unknown:
                layout = None
            self._layouts[key] = layout
        else:
            self._counts.skipped += 1
            layout = None
        if layout:
            before = {EARLIER_PREFIX + name: number for name, number in self._earlier.items() if name not in named}
            layout.add(payload, named | before, self._budget)
        self._earlier |= named

    def _named_values_of(self, item: Message | TextMessage) -> dict[str, int]:
        """The numbers that this item tells and whose meaning is known; what has no name is counted."""
        named = {}
        for known, raw in _fields_of(item):
            number = as_number(raw)
            if known.provenance is None or not known.numeric or number > LARGEST_CODE:
                continue
            named[known.name] = number
            if isinstance(known.conversion, Named) and number not in known.conversion.enumeration.names:
                seen = (known.conversion.enumeration.label, number)
                if seen in self._unnamed or len(self._unnamed) < MOST_UNNAMED:
                    self._unnamed[seen] += 1
        return named


def _fields_of(item: Message | TextMessage) -> list[tuple[Field, int | bytes]]:
    if isinstance(item, TextMessage):
        return [*item.fields.values()]
    return [*zip(item.command.fields, item.values, strict=False)] if item.command else []
