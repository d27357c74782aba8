"""What a report tells, as values: everything is worked out once, and the forms (text, HTML, JSON) only write it.

Moments are places on the session's axis, as in `sniffer.history.session_timeline`: nanoseconds since the Unix epoch where
the source has times, numbers of records where it has none. Durations are nanoseconds. Texts are as the wire told them:
each form makes them safe for where it writes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby
from typing import Literal, NamedTuple

from sniffer.base.phrasing import format_count
from sniffer.base.times import format_clock, format_duration
from sniffer.commands.report.latency_histogram import LatencyHistogram
from sniffer.core.charger.boots import Boots
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.command_stats import CommandStats
from sniffer.core.charger.events import BootLoop, Evidence, Fault
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.protocol.definition import Definition

Phase = Literal["l1", "l2", "l3"]
PHASES: tuple[Phase, ...] = ("l1", "l2", "l3")
PHASE_NAMES = ("L1", "L2", "L3")


class VoltageSpan(NamedTuple):
    """The voltages of one phase over a span: the lowest, the mean and the highest, in volts."""

    low: float
    mean: float
    high: float


@dataclass(frozen=True, slots=True)
class Span:
    """A connector's state from one moment to another; None before its first report.

    `number` is the record that told of it; `is_legal`: OCPP 1.6 allows the move that led here.
    """

    state: str | None
    begins: int
    ends: int
    number: int
    is_legal: bool = True


@dataclass(frozen=True, slots=True)
class Lane:
    """A connector over the whole session: spans without a hole between them, in order. `reports` counts its reports.

    Of a lane of faults, the states are what the fault means, None where there was none; its connector is None while
    only log lines told of it.
    """

    connector: int | None
    spans: tuple[Span, ...]
    reports: int

    @property
    def known_spans(self) -> tuple[Span, ...]:
        """The spans whose state is known."""
        return tuple(span for span in self.spans if span.state is not None)

    @property
    def states(self) -> list[str]:
        """The states in the order in which they came."""
        return [span.state for span in self.spans if span.state is not None]

    def stays_by_state(self) -> dict[str, "Stay"]:
        """How often and how long the connector was in each state, by the time spent there."""
        by_state = sorted(self.known_spans, key=lambda span: span.state or "")
        stays = {
            state: Stay(len(spans), sum(span.ends - span.begins for span in spans))
            for state, group in groupby(by_state, key=lambda span: span.state or "")
            for spans in [[*group]]
        }
        return dict(sorted(stays.items(), key=lambda item: (-item[1].total, item[0])))


class Stay(NamedTuple):
    """How often a connector was in a state, and how much of the axis that took together."""

    times: int
    total: int


@dataclass(frozen=True, slots=True)
class Episode:
    """One fault, from when it was raised until it was over, or to the end. `duration` is None where no times tell it."""

    fault: Fault
    is_over: bool
    duration: int | None

    @property
    def raised(self) -> Evidence:
        """Where it was seen first."""
        return self.fault.evidence[0]


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """Something that happened at a moment, in the record of this number, in words."""

    moment: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """Nobody said anything from one moment to another; `number` is the first record after it."""

    begins: int
    ends: int
    number: int


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """One of the equal parts of the axis: frames, bytes of noise, and the voltages by phase where they were told."""

    begins: int
    ends: int
    frames: int
    noise: int
    voltages: tuple[VoltageSpan, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command in one direction, and how long the answers to it took over the whole session."""

    stats: CommandStats
    latencies: LatencyHistogram | None

    @property
    def direction(self) -> str:
        return self.stats.route.direction or self.stats.route.link.name


@dataclass(frozen=True, slots=True)
class SessionReport:
    """One session.

    `read_error` says why the source ended before its time; it is empty where it did not. `began` and `ended` are the
    first and the last moment. `faults` are all that were seen, in the order in which they were raised; `more_faults`
    counts those beyond the ones that are kept. `past_faults` counts those that are over by kind. `marks` are what is
    worth a look, by the name of its event, and `gaps` where nobody said anything. `volts` are by phase, and empty where
    none were told.
    """

    name: str
    zone: tzinfo | None
    definition: Definition
    read_error: str
    charge_point_id: str | None
    is_timed: bool
    began: int
    ended: int
    records: int
    ledger: ByteLedger
    lanes: tuple[Lane, ...]
    left_out: tuple[int, ...]
    faults: tuple[Episode, ...]
    more_faults: int
    fault_lanes: tuple[Lane, ...]
    past_faults: tuple[FaultHistory, ...]
    boots: Boots
    boot_marks: tuple[TimelineMark, ...]
    boot_loops: tuple[BootLoop, ...]
    exchanges: tuple[Exchange, ...]
    is_coarse: bool
    marks: dict[str, tuple[TimelineMark, ...]]
    gaps: tuple[QuietSpan, ...]
    voltages: tuple[VoltageSpan, ...]
    columns: tuple[ChartColumn, ...]

    @property
    def duration(self) -> int | None:
        """How long the session lasted; None where the source has no times."""
        return self.ended - self.began if self.is_timed else None

    @property
    def noise_bytes(self) -> int:
        return sum(self.ledger.noise_bytes.values())

    @property
    def noise_share(self) -> float:
        """How much of what was read is no frame, from 0 to 1."""
        return self.noise_bytes / self.ledger.read if self.ledger.read else 0.0

    @property
    def active_faults(self) -> tuple[Episode, ...]:
        """The faults that are active at the end."""
        return tuple(episode for episode in self.faults if not episode.is_over)

    def format_moment(self, moment: int) -> str:
        """A moment as people write it."""
        return format_clock(moment, self.zone) if self.is_timed else f"#{moment}"

    def format_length(self, length: int) -> str:
        """A part of the axis as people write it."""
        return format_duration(length) if self.is_timed else format_count(length, "record")


def format_share(share: float) -> str:
    """A share as people write it: never 0 where there is something, never 100 where there is not all."""
    if 0 < share < 0.0001:
        return "below 0.01 %"
    if 0.9999 < share < 1:
        return "above 99.99 %"
    return f"{100 * share:.2f} %" if 0 < share < 1 else f"{100 * share:.0f} %"


def total_of(parts: Sequence[Span | QuietSpan]) -> int:
    """How much of the axis these take together."""
    return sum(part.ends - part.begins for part in parts)
