"""The sink that builds a report: records of one session in, a `SessionReport` out. No I/O, no clock, bounded memory.

Most content of a report is counted by the charger (`sniffer.core.charger.snapshot`) and kept by the session's timeline
(`sniffer.history.timeline.session_timeline`), from which `sniffer.commands.report.axis_parts` makes lanes and charts.
This module adds as little work per record as possible, so that a long session is read as fast as it is decoded: it
keeps the latencies of the answers over the whole session, and the faults that have been cleared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from msgspec.structs import replace

from sniffer.base.times import duration_between
from sniffer.commands.report.axis_parts import AxisParts
from sniffer.commands.report.latency_histogram import BITS, LatencyHistogram, build_histogram
from sniffer.commands.report.losses import LossTracker
from sniffer.commands.report.model import Episode, Exchange, RegistrationEpisode, RestartEpisode, SessionReport
from sniffer.core.charger.events import Event, Fault, FaultCleared
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_counters import COMMANDS_KEPT
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.health.link_health import assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.charger.startup.registration_events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    RegistrationChanged,
    Restarted,
)
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record, mended_of
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.history.timeline.session_timeline import SessionTimeline

EPISODES_KEPT = 1000
"""The largest number of cleared faults, of registrations, of restarts and of ended boot loops that are listed. Further
faults are only counted.
"""


@dataclass(slots=True)
class _LatencyCounts:
    """The latencies of one command: the answers in each bucket of `latency_histogram`, and the longest one."""

    longest: int = 0
    counts: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))


class ReportBuilder:
    """The sink that builds the report of one session."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._timeline = SessionTimeline(definition)
        self._latencies: dict[tuple[Route, int | None], _LatencyCounts] = {}
        self._latencies_of: dict[Command, _LatencyCounts] = {}
        self._cleared: list[Fault] = []
        self._more_cleared = 0
        self._ended_loops: list[BootLoopEnded] = []
        self._accepted: list[RegistrationChanged] = []
        self._restarts: list[RestartEpisode] = []
        self._losses = LossTracker()
        self._mended = 0

    def receive(self, records: Sequence[Record]) -> None:
        """Add the next records of the session."""
        self._timeline.receive(records)
        latencies_of, losses = self._latencies_of, self._losses
        for record in records:
            refers = record.refers
            if refers is not None:
                after, message = refers.after, record.item
                # OCPP messages of a log answer each other as well: those latencies are no board's.
                if after is not None and after >= 0 and refers.kind == "answers" and type(message) is Message:
                    # The same as `bucket_of`, inlined because it runs for every answer.
                    shift = after.bit_length() - BITS
                    bucket = after if shift <= 0 else (shift << BITS) + (after >> shift)
                    command = message.command
                    latencies = (command and latencies_of.get(command)) or self._find_latency_counts(message)
                    latencies.counts[bucket] += 1
                    if after > latencies.longest:
                        latencies.longest = after
            if record.events:
                for event in record.events:
                    self._keep_event(event, record)
            if record.events or losses.is_open:
                losses.add(record)
            if (record.printed is not None or type(record.item) is TextMessage) and mended_of(record):
                self._mended += 1

    def build(
        self, name: str, zone: tzinfo | None, snapshot: Snapshot, read_error: str = "", *, now: int | None = None
    ) -> SessionReport:
        """Return the report on all records so far. `snapshot` is the state of the charger after the last of them.

        `read_error` is why the source ended before its time, empty if it did not. `zone` is None for the local time
        zone. `now` is the present time of a live source; None for a saved session, which may end in silence.
        """
        timeline, parts = self._timeline, AxisParts(self._timeline, self._definition)
        return SessionReport(
            name=name,
            zone=zone,
            definition=self._definition,
            read_error=read_error,
            charge_point_id=snapshot.charge_point_id,
            is_timed=timeline.is_timed,
            began=timeline.began,
            ended=timeline.latest,
            records=timeline.count,
            ledger=snapshot.ledger,
            lanes=tuple(parts.build_lanes(snapshot)),
            left_out=tuple(sorted(timeline.left_out)),
            faults=tuple(self._build_episodes(snapshot)),
            more_faults=self._more_cleared,
            fault_lanes=tuple(parts.build_fault_lanes()),
            past_faults=snapshot.past_faults,
            registration=snapshot.registration,
            restarts=snapshot.restarts,
            registrations=tuple(self._build_registrations(snapshot)),
            restart_episodes=tuple(self._restarts),
            boot_marks=parts.build_marks(Booted),
            restart_marks=parts.build_marks(Restarted),
            boot_loops=tuple(self._list_boot_loops(snapshot)),
            exchanges=tuple(self._build_exchanges(snapshot)),
            chains=snapshot.chains,
            ocpp=snapshot.ocpp,
            marks=parts.list_marks(),
            gaps=tuple(parts.build_gaps(self._losses.losses)),
            voltages=parts.measured.voltages,
            measured=parts.measured.series,
            columns=tuple(parts.build_columns()),
            health=assess_link(snapshot.link, snapshot.link.last if now is None else now),
            has_board_frames=any(side.route is PWR_TO_COM for side in snapshot.link.sides),
            losses=tuple(self._losses.losses),
            more_losses=self._losses.left_out,
            card_reader=snapshot.card_reader,
            mended=self._mended,
            fault_reports=snapshot.fault_reports.count,
            mended_states=tuple((one.number, one.status) for one in snapshot.connectors if one.is_mended),
        )

    def _keep_event(self, event: Event, record: Record) -> None:
        """Keep an event that ends something, or a restart, up to `EPISODES_KEPT` of each kind."""
        match event:
            case FaultCleared() if len(self._cleared) < EPISODES_KEPT:
                self._cleared.append(replace(event.fault, before=()))
            case FaultCleared():
                self._more_cleared += 1
            case BootLoopEnded() if len(self._ended_loops) < EPISODES_KEPT:
                self._ended_loops.append(event)
            case RegistrationChanged(state="accepted") if len(self._accepted) < EPISODES_KEPT:
                self._accepted.append(event)
            case Restarted() if len(self._restarts) < EPISODES_KEPT:
                seen = Evidence(record.number, record.line, record.time)
                self._restarts.append(RestartEpisode(event.part, event.evidence, seen))
            case _:
                pass

    def _build_registrations(self, snapshot: Snapshot) -> Iterator[RegistrationEpisode]:
        """Yield the registrations: those that ended with an acceptance, then the one that is pending."""
        for event in self._accepted:
            waited = duration_between(event.since, event.time)
            yield RegistrationEpisode(event.since, event.announcements, event.period, waited, event.evidence)
        last = snapshot.registration
        if last.state == "pending":
            ended = self._timeline.latest if self._timeline.is_timed else None
            yield RegistrationEpisode(last.since, last.announcements, last.period, duration_between(last.since, ended))

    def _list_boot_loops(self, snapshot: Snapshot) -> Iterator[BootLoop]:
        """Yield the boot loops: those that have ended, then those that go on."""
        yield from (ended.loop for ended in self._ended_loops)
        yield from (part.loop for part in snapshot.restarts if part.loop)

    def _build_exchanges(self, snapshot: Snapshot) -> Iterator[Exchange]:
        """Yield each command with the latencies of its answers."""
        for stats in snapshot.exchanges.commands:
            expected = _count_expected(stats, snapshot, self._timeline.latest)
            yield Exchange(stats, self._find_histogram(stats), expected)

    def _find_latency_counts(self, message: Message) -> _LatencyCounts:
        """Return the counts for answers to the same command, which are added if they are new.

        Those of a known command are remembered, so that they are looked up once. Beyond `COMMANDS_KEPT`, all commands
        of a route share one, and so do those that answer several commands.
        """
        command = message.command
        route = command.route if command else message.frame.route
        asked = command.request_codes if command and command.answers else (message.frame.command,)
        code = asked[0] if len(asked) == 1 and len(self._latencies) < COMMANDS_KEPT else None
        latencies = self._latencies.setdefault((route, code), _LatencyCounts())
        if command:
            self._latencies_of[command] = latencies
        return latencies

    def _find_histogram(self, stats: CommandStats) -> LatencyHistogram | None:
        """Return the latencies of the answers to a command, from the other side of its link; None without an answer."""
        route = stats.route
        for (answer_route, code), latencies in self._latencies.items():
            is_other = (
                answer_route is not route and answer_route.direction if route.direction else answer_route is route
            )
            if code == stats.code and answer_route.link is route.link and is_other and stats.answered:
                return build_histogram(latencies.counts, latencies.longest)
        return None

    def _build_episodes(self, snapshot: Snapshot) -> list[Episode]:
        """Return the cleared faults that were kept and the active ones, in the order in which they were raised."""
        cleared = [Episode(fault, True, duration_between(fault.since, fault.cleared)) for fault in self._cleared]
        ended = self._timeline.latest if self._timeline.is_timed else None
        active = [
            Episode(replace(fault, before=()), False, duration_between(fault.since, ended)) for fault in snapshot.faults
        ]
        return sorted((*cleared, *active), key=lambda episode: episode.raised.number)


def _count_expected(stats: CommandStats, snapshot: Snapshot, ended: int) -> int | None:
    """Return the number of a periodic command that a text log should have by this time; None if it is not known."""
    if not snapshot.is_text_log or stats.first is None:
        return None
    learnt = (one for one in snapshot.periods if (one.route, one.command) == (stats.route, stats.code))
    found = next(learnt, None)
    return None if found is None else ((ended - stats.first) // found.period + 1) * found.turns
