"""Count which error codes occur together: records in, counts of (M4, OCPP, vendor) and of (M4, index, vendor) out.

The log reports one fault in several places, in this order (protocol.md, The charger's text log): the status report, up
to three lines, and the relay of the report on the other link, with the same sequence number. Such a group is an episode
here:

- It begins with a status report, or with a relay or a line that fits no episode. A report joins the relay that has its
  sequence number and was printed shortly before it.
- A line joins the newest episode if that has no line of its kind yet, and began at most `LONGEST_EPISODE` and at most
  `MOST_RECORDS` records ago. So another status report, a second line of the same kind, or time ends an episode.
- A relay joins the report with its sequence number, among the newest `MOST_EPISODES` episodes. A relay with one of the
  special sequence numbers joins as a line does. A relay whose sequence number fits no report joins only an episode
  without a sequence number.

If the parts of an episode have different numbers for one code, it is not known which belong together: the episode is
counted as disagreeing and pairs nothing. A line that prints an M4 code with an index pairs these two as well
(`sniffer.commands.learn.index_evidence`). NoError, and a zero of the other two codes, mean that there is no fault. A
fault that is reported again and again is one episode each time.
"""

from collections import Counter, deque
from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.links import PWRBOARD, SPECIAL_SEQUENCES

LONGEST_EPISODE = 2 * SECOND
"""The longest time between the first and the last line of an episode, in nanoseconds. The log's times are whole
seconds.
"""

MOST_RECORDS = 20
"""The largest number of records over which an episode may spread: other traffic may stand in between."""

MOST_EPISODES = 32
"""The largest number of episodes that wait for their relay."""

MOST_COMBINATIONS = 1000
"""The largest number of different combinations of codes that are counted; it bounds the memory."""

LARGEST_CODE = 0xFFFFFFFF
"""The largest number that a definition accepts as a code; only a damaged line can print a larger one."""

_REPORT, _RELAY = "status report", "relay"


class CodeCooccurrence(NamedTuple):
    """The codes of one episode. A code is None if it was not reported, or if it means that there is no fault."""

    m4: int | None
    ocpp: int | None
    vendor: int | None


class IndexedCode(NamedTuple):
    """The M4 code and the index of one line, and the vendor code of the same episode: None if there was none.

    `place` is the index: the row of the packaged error table, counted from 1; 0 is no fault.
    """

    m4: int
    place: int
    vendor: int | None


class CooccurrenceCounts(Struct, frozen=True):
    """The number of episodes with each combination of at least two codes, and of those without one.

    `indexed` counts the episodes with an index, those without a fault among them.
    `single` counts faults with one code only, `disagreeing` those whose parts have different numbers for one code, and
    `left_out` those beyond `MOST_COMBINATIONS`.
    """

    counts: Mapping[CodeCooccurrence, int]
    single: int = 0
    disagreeing: int = 0
    left_out: int = 0
    indexed: Mapping[IndexedCode, int] = field(default_factory=dict)


class _Episode(Struct):
    """A group of reports of one fault. `number` and `time` are those of the record with which it began."""

    number: int
    time: int | None
    sequence: int | None
    kinds: set[str] = field(default_factory=set)
    codes: dict[str, set[int]] = field(default_factory=dict)
    index: int | None = None

    def reaches(self, record: Record) -> bool:
        """Return True if this record is near enough, in time and in number, to belong to the episode."""
        is_near = record.number - self.number <= MOST_RECORDS
        return is_near and (record.time is None or self.time is None or abs(record.time - self.time) <= LONGEST_EPISODE)


class EpisodeCounter:
    """The counter of episodes over one session after another. `no_error` is the OCPP code for "no fault"."""

    def __init__(self, no_error: int | None) -> None:
        self._no_error = no_error
        self._episodes: deque[_Episode] = deque()
        self._counts: Counter[CodeCooccurrence] = Counter()
        self._indexed: Counter[IndexedCode] = Counter()
        self._single = self._disagreeing = self._left_out = 0

    def add(self, record: Record) -> None:
        """Add the next record of the session. Only status reports, their relays and log lines on faults count.

        An episode is counted when it is pushed out by newer ones, or at `end`.
        """
        item = record.item
        if isinstance(item, Message) and item.command and item.command.role == "status":
            kind = _REPORT if item.frame.link is PWRBOARD else _RELAY
            sequence = None if item.frame.sequence in SPECIAL_SEQUENCES else item.frame.sequence
        elif isinstance(item, TextMessage) and item.meaning and item.meaning.role == "fault":
            kind, sequence = item.meaning.pattern, None
        else:
            return
        episode = self._choose_episode(kind, sequence, record)
        episode.kinds.add(kind)
        for name in ("m4_error", "ocpp_error", "vendor_error"):
            code = item.number(name)
            if code is not None and code <= LARGEST_CODE:
                episode.codes.setdefault(name, set()).add(code)
        index, code = item.raw("index"), item.number("m4_error")
        if isinstance(item, TextMessage) and isinstance(index, int) and code is not None:
            episode.index = index

    def end(self) -> None:
        """End the session: later records belong to none of its episodes."""
        while self._episodes:
            self._close(self._episodes.popleft())

    def counts(self) -> CooccurrenceCounts:
        """Return the counts of all sessions that have ended."""
        counts, indexed = dict(self._counts), dict(self._indexed)
        return CooccurrenceCounts(counts, self._single, self._disagreeing, self._left_out, indexed)

    def _choose_episode(self, kind: str, sequence: int | None, record: Record) -> _Episode:
        """Return the episode that a report joins, by the rules above. It is a new one if the report fits no other.

        `sequence` is None if the report has no sequence number of its own.
        """
        if kind == _RELAY and sequence is not None:
            for episode in reversed(self._episodes):
                if episode.sequence == sequence:
                    return episode
        if kind == _REPORT and sequence is not None:
            # The log may print the relay first: other processes write it (protocol.md, The charger's text log).
            for episode in reversed(self._episodes):
                if episode.sequence == sequence and kind not in episode.kinds and episode.reaches(record):
                    return episode
        newest = self._episodes[-1] if self._episodes else None
        may_join = newest is not None and (sequence is None or newest.sequence is None)
        if newest and may_join and kind != _REPORT and kind not in newest.kinds and newest.reaches(record):
            return newest
        if len(self._episodes) == MOST_EPISODES:
            self._close(self._episodes.popleft())
        episode = _Episode(record.number, record.time, sequence)
        self._episodes.append(episode)
        return episode

    def _close(self, episode: _Episode) -> None:
        """Count an episode that has ended. One without any code is not counted."""
        if any(len(numbers) > 1 for numbers in episode.codes.values()):
            self._disagreeing += 1
            return
        m4, ocpp, vendor = (
            next(iter(episode.codes.get(name, ())), None) for name in ("m4_error", "ocpp_error", "vendor_error")
        )
        if episode.index is not None and m4 is not None and episode.index <= LARGEST_CODE:
            indexed = IndexedCode(m4, episode.index, vendor or None)
            if indexed in self._indexed or len(self._indexed) < MOST_COMBINATIONS:
                self._indexed[indexed] += 1
            else:
                self._left_out += 1
        codes = CodeCooccurrence(m4 or None, None if ocpp == self._no_error else ocpp, vendor or None)
        known_codes = len(codes) - codes.count(None)
        if known_codes == 1:
            self._single += 1
        elif known_codes > 1 and (codes in self._counts or len(self._counts) < MOST_COMBINATIONS):
            self._counts[codes] += 1
        elif known_codes > 1:
            self._left_out += 1
