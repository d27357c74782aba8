"""The content of a report as values: everything is computed once, and the forms (text, HTML, JSON) only write it.

Moments are places on the session's axis, as in `sniffer.history.timeline.session_timeline`: nanoseconds since the Unix
epoch if the source has times, record numbers if it has none. Durations are nanoseconds. Texts are kept as they came
from the wire: each form makes them safe for its output.
"""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.phrasing import format_count
from sniffer.base.times import format_clock, format_duration
from sniffer.commands.report.latency_histogram import LatencyHistogram
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.card_reader import CardReader
from sniffer.core.charger.events import Fault
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.charger.health.link_health import LinkHealth
from sniffer.core.charger.ocpp.calls import OcppTraffic
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import BootLoop, ChargerPart
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.phases import PHASES

PHASE_NAMES = tuple(phase.upper() for phase in PHASES)


class VoltageSpan(NamedTuple):
    """The voltages of one phase over a span of time: the lowest, the mean and the highest, in volts."""

    low: float
    mean: float
    high: float


class MeasuredSpan(NamedTuple):
    """The values of one series over a span of time: the first, the last, the lowest, the mean and the highest."""

    first: float
    last: float
    low: float
    mean: float
    high: float


class MeasuredSeries(Struct, frozen=True):
    """The values of one quantity over the whole session.

    `connector` is None if the session has at most one connector, or if the quantity is that of the whole charger.
    """

    connector: int | None
    name: str
    unit: str
    span: MeasuredSpan


class Span(Struct, frozen=True):
    """A connector's state from one moment to another; the state is None before the first report.

    `number` is the record that reported the state. `is_legal` is False if the state machine does not allow the move to
    it, and None if one of the two statuses has no name. `move` is the name of that move, if it has one.
    """

    state: str | None
    begins: int
    ends: int
    number: int
    is_legal: bool | None = True
    move: str = ""


class Lane(Struct, frozen=True):
    """The states of a connector over the whole session, as spans in order without gaps.

    `reports` counts its status reports, of which none said whether there is a fault if `reports_faults` is False. In a
    lane of faults, the states are the meanings of the faults, and None while there is no fault. Its connector is None
    if only log lines reported the fault.
    """

    connector: int | None
    spans: tuple[Span, ...]
    reports: int
    reports_faults: bool = True

    @property
    def known_spans(self) -> tuple[Span, ...]:
        """The spans whose state is known."""
        return tuple(span for span in self.spans if span.state is not None)

    @property
    def states(self) -> list[str]:
        """The known states in order."""
        return [span.state for span in self.spans if span.state is not None]

    def stays_by_state(self) -> dict[str, "Stay"]:
        """Return the number and the total length of the stays in each state, the longest total first."""
        by_state = sorted(self.known_spans, key=lambda span: span.state or "")
        stays = {
            state: Stay(len(spans), sum(span.ends - span.begins for span in spans))
            for state, group in groupby(by_state, key=lambda span: span.state or "")
            for spans in [[*group]]
        }
        return dict(sorted(stays.items(), key=lambda item: (-item[1].total, item[0])))


class Stay(NamedTuple):
    """The number of times a connector was in a state, and the total length on the axis."""

    times: int
    total: int


class Episode(Struct, frozen=True):
    """One fault, from when it was raised until it was cleared, or until the end. `duration` is None without times."""

    fault: Fault
    is_over: bool
    duration: int | None

    @property
    def raised(self) -> Evidence:
        """The record or line that reported the fault first."""
        return self.fault.evidence[0]


class RegistrationEpisode(Struct, frozen=True):
    """One registration, from the first announcement of a series until the charger was accepted, or until the end.

    `waited` is its length in nanoseconds; None without times. `evidence` says what shows the acceptance; None while
    registration is pending.
    """

    since: int | None
    announcements: int
    period: int | None
    waited: int | None
    evidence: str | None = None

    @property
    def is_pending(self) -> bool:
        """True if the charger was not accepted until the end."""
        return self.evidence is None


class RestartEpisode(Struct, frozen=True):
    """One restart of a part of the charger, what shows it, and the record that does."""

    part: ChargerPart
    evidence: str
    seen: Evidence


class TimelineMark(Struct, frozen=True):
    """An event at a moment: the number of its record, and its description."""

    moment: int
    number: int
    text: str


class QuietSpan(Struct, frozen=True):
    """A span without traffic in which something was due, or the source was lost.

    `number` is the first record after it.
    """

    begins: int
    ends: int
    number: int


class Loss(Struct, frozen=True):
    """A loss of the source, or of some of its data, with the reason and the number of its record.

    `has_ended` is true if bytes or the source came again, at `ends`. Times are in nanoseconds; None if the source has
    none. `tap` is 0 if the session has only one.
    """

    reason: str
    number: int
    tap: int
    begins: int | None
    ends: int | None = None
    has_ended: bool = False


class ChartColumn(Struct, frozen=True):
    """One of the equal parts of the axis: its frames, bytes of noise, and the voltages by phase if there are any.

    `measured` are the values of each series of the report; None for a series without a value here.
    """

    begins: int
    ends: int
    frames: int
    noise: int
    voltages: tuple[VoltageSpan, ...]
    measured: tuple[MeasuredSpan | None, ...] = ()


class Exchange(Struct, frozen=True):
    """One command in one direction, and the latencies of its answers over the whole session; None if there are none.

    `expected` is how often a periodic command should be in a text log, which may lack pieces; None for other commands
    and sources.
    """

    stats: CommandStats
    latencies: LatencyHistogram | None
    expected: int | None = None

    @property
    def direction(self) -> str:
        """The direction of the command, or its link if the direction is not known."""
        return self.stats.route.direction or self.stats.route.link.name


class SessionReport(Struct, frozen=True):
    """The report on one session.

    `read_error` says why the source ended before its time; it is empty if it did not. `began` and `ended` are the first
    and the last moment. `faults` are in the order in which they were raised; `more_faults` counts further faults that
    were not kept. `past_faults` counts cleared faults by kind. `registration` and `restarts` are those at the end,
    `registrations` and `restart_episodes` those of the whole session in order. `marks` are further events that deserve
    attention, by the name of the event. `chains` are the exchanges across both links, `ocpp` the OCPP calls of a log.
    `gaps` are the spans without traffic in which something was due. `card_reader` is None if its fault was not
    reported. `voltages` are by phase; they are empty if none were reported. `measured` are all measured values.
    `health` is the verdict on the link at the end. `has_board_frames`: frames of the power board were read. `losses`
    are the losses of the source and of data; `more_losses` counts further ones that were not kept. `mended` is the
    number of misread lines that were mended, `mended_states` are the connectors whose state at the end rests on such
    lines only, each with that state. `is_mendable`: lines could be mended, but were not to be. `fault_reports` counts
    the reports of fault codes without a status.
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
    registration: Registration
    restarts: tuple[Restarts, ...]
    registrations: tuple[RegistrationEpisode, ...]
    restart_episodes: tuple[RestartEpisode, ...]
    boot_marks: tuple[TimelineMark, ...]
    restart_marks: tuple[TimelineMark, ...]
    boot_loops: tuple[BootLoop, ...]
    exchanges: tuple[Exchange, ...]
    chains: tuple[ExchangeStats, ...]
    ocpp: OcppTraffic
    marks: dict[str, tuple[TimelineMark, ...]]
    gaps: tuple[QuietSpan, ...]
    voltages: tuple[VoltageSpan, ...]
    measured: tuple[MeasuredSeries, ...]
    columns: tuple[ChartColumn, ...]
    health: LinkHealth
    has_board_frames: bool
    losses: tuple[Loss, ...] = ()
    more_losses: int = 0
    card_reader: CardReader | None = None
    mended: int = 0
    mended_states: tuple[tuple[int, str], ...] = ()
    is_mendable: bool = False
    fault_reports: int = 0

    @property
    def duration(self) -> int | None:
        """The length of the session in nanoseconds; None if the source has no times."""
        return self.ended - self.began if self.is_timed else None

    @property
    def noise_bytes(self) -> int:
        """The number of bytes that are in no frame."""
        return sum(self.ledger.noise_bytes.values())

    @property
    def noise_share(self) -> float:
        """The share of the bytes read that are in no frame, from 0 to 1."""
        return self.noise_bytes / self.ledger.read if self.ledger.read else 0.0

    @property
    def active_faults(self) -> tuple[Episode, ...]:
        """The faults that are active at the end."""
        return tuple(episode for episode in self.faults if not episode.is_over)

    def format_moment(self, moment: int) -> str:
        """Return a moment as a time of day, or as a record number if the source has no times."""
        return format_clock(moment, self.zone) if self.is_timed else f"#{moment}"

    def format_length(self, length: int) -> str:
        """Return a length on the axis as a duration, or as a number of records if the source has no times."""
        return format_duration(length) if self.is_timed else format_count(length, "record")


def format_share(share: float) -> str:
    """Return a share in percent: never 0 for something, never 100 for less than everything."""
    if 0 < share < 0.0001:
        return "below 0.01 %"
    if 0.9999 < share < 1:
        return "above 99.99 %"
    return f"{100 * share:.2f} %" if 0 < share < 1 else f"{100 * share:.0f} %"


def total_of(parts: Sequence[Span | QuietSpan]) -> int:
    """Return the total length of these parts of the axis."""
    return sum(part.ends - part.begins for part in parts)
