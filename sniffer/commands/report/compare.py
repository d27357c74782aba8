"""What differs between two sessions, say of a good unit and of a bad one, by exchanges and states and not by bytes.

In: two reports, left and right. Out: a `SessionComparison`. How long the sessions are, which charge points they are of and
when they were is told but is no difference, and neither is how often something periodic came in all. What counts as
different has a threshold, as two sessions never measure the same: they stand here, with their reasons.

Comparing the other way round tells the same with sides exchanged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Literal, NamedTuple

from sniffer.base.phrasing import format_times
from sniffer.base.times import format_duration
from sniffer.commands.report.alignment import Stretch, align
from sniffer.commands.report.findings import format_fault
from sniffer.commands.report.model import PHASE_NAMES, Episode, Exchange, Lane, SessionReport, format_share
from sniffer.commands.report.symbols import MARK_SYMBOLS

Number = float | int | str | None

FEWEST_ANSWERS = 5
"""From how many answers on how long they took is compared."""

LATENCY_RATIO = 1.25
"""How many times as long half or 95 of 100 answers take at least, to differ: less is subject one unit does by itself..."""

LATENCY_DIFFERENCE = 1_000_000
"""... and by how many nanoseconds at least: less is the adapter's."""

REQUEST_SHARE = 0.01
"""By how much the shares of requests without an answer, and of frames sent again, differ at least."""

NOISE_SHARE = 0.001
"""By how much the shares of noise differ at least; none is always different from some."""

MEAN_VOLTS = 0.02
"""By which part of the larger one the mean voltages differ at least."""

EXTREME_VOLTS = 0.05
"""By which part the lowest or the highest ones do."""

MOST_ALIGNED = 400
"""How many states of a connector are aligned."""


VOLT_NAMES = {"low": "lowest", "mean": "mean", "high": "highest"}
MARK_NAMES = {kind: symbol.name for kind, symbol in MARK_SYMBOLS.items()}


class Topic(StrEnum):
    """What a difference is about; in the order in which they are told."""

    FAULTS = "faults"
    STATES = "states"
    BOOTS = "boots"
    COMMANDS = "commands"
    ANSWERS = "answers"
    LINK = "link"
    VOLTAGES = "voltages"


class ComparedValue(NamedTuple):
    """What one session has: a value for scripts, None where it has none of it, and words for people."""

    value: Number
    text: str


NONE = ComparedValue(None, "none")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in which the sessions differ. `subject` names it."""

    topic: Topic
    subject: str
    left: ComparedValue
    right: ComparedValue

    @property
    def only(self) -> Literal["left", "right"] | None:
        """The side that alone has it."""
        if self.left.value is None:
            return "right"
        return "left" if self.right.value is None else None


@dataclass(frozen=True, slots=True)
class Alignment:
    """The states of one connector, in order. `is_cut`: one of the sessions has more than were aligned."""

    connector: int
    stretches: tuple[Stretch, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class SessionComparison:
    """Two sessions, in subject they differ, and how their connectors' states align."""

    left: SessionReport
    right: SessionReport
    differences: tuple[Difference, ...]
    alignments: tuple[Alignment, ...]


def compare(left: SessionReport, right: SessionReport) -> SessionComparison:
    """What differs."""
    found = [
        *_compare_faults(left, right),
        *_compare_states(left, right),
        *_compare_boots(left, right),
        *_compare_commands(left, right),
        *_compare_answers(left, right),
        *_compare_link(left, right),
        *_compare_voltages(left, right),
    ]
    return SessionComparison(left, right, tuple(found), tuple(_align_connectors(left, right)))


def mirror(difference: Difference) -> Difference:
    """The same, seen from the other side."""
    return replace(difference, left=difference.right, right=difference.left)


def _compare_faults(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    kinds = [_group_by_name(left), _group_by_name(right)]
    for name in _names_of_both(*kinds):
        sides = [_value_of_faults(found.get(name, [])) for found in kinds]
        if sides[0].value != sides[1].value:
            yield Difference(Topic.FAULTS, name, *sides)


def _group_by_name(report: SessionReport) -> dict[str, list[Episode]]:
    found: dict[str, list[Episode]] = {}
    for episode in report.faults:
        found.setdefault(format_fault(episode), []).append(episode)
    return found


def _value_of_faults(episodes: Sequence[Episode]) -> ComparedValue:
    if not episodes:
        return NONE
    lengths = [episode.duration for episode in episodes if episode.duration is not None]
    for_so_long = f", {format_duration(sum(lengths))} in all" if lengths else ""
    active = "" if all(episode.is_over for episode in episodes) else ", active at the end"
    return ComparedValue(len(episodes), f"{format_times(len(episodes))}{for_so_long}{active}")


def _compare_states(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """States that a connector was in on one side only, moves that only one side has, and subject OCPP does not allow."""
    for connector in _connectors_of(left, right):
        lanes = _find_lane(left, connector), _find_lane(right, connector)
        counts = [Counter(lane.states if lane else ()) for lane in lanes]
        for state in _names_of_both(*counts):
            if (counts[0][state] == 0) != (counts[1][state] == 0):
                sides = (_value_of_count(found[state]) for found in counts)
                yield Difference(Topic.STATES, f"connector {connector}: {state}", *sides)
        moves = [_count_moves(lane) if lane else Counter() for lane in lanes]
        for move in _names_of_both(*moves):
            known = all(found[state] for found in counts for state in move.split(" → "))
            if known and (moves[0][move] == 0) != (moves[1][move] == 0):
                yield Difference(
                    Topic.STATES, f"connector {connector}: {move}", *(_value_of_count(found[move]) for found in moves)
                )


def _count_moves(lane: Lane) -> Counter[str]:
    states = lane.states
    return Counter(f"{before} → {after}" for before, after in pairwise(states))


def _value_of_count(count: int) -> ComparedValue:
    return ComparedValue(count, format_times(count)) if count else NONE


def _compare_boots(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    yield from _compare_counts(Topic.BOOTS, "boots", left.boots.count, right.boots.count)
    yield from _compare_counts(Topic.BOOTS, "boot loops", len(left.boot_loops), len(right.boot_loops))


def _compare_counts(topic: Topic, subject: str, left: int, right: int) -> Iterator[Difference]:
    if left != right:
        yield Difference(topic, subject, _value_of_count(left), _value_of_count(right))


def _compare_commands(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Commands that only one side said, and how many of a command's frames got no answer or were sent again."""
    by_command = [_exchanges_by_command(left), _exchanges_by_command(right)]
    for name in _names_of_both(*by_command):
        one, other = (found.get(name) for found in by_command)
        if one is None or other is None:
            sides = (_value_of_count(exchange.stats.count if exchange else 0) for exchange in (one, other))
            yield Difference(Topic.COMMANDS, name, *sides)
            continue
        for subject, count in (("without an answer", "unanswered"), ("sent again", "retransmissions")):
            shares = [getattr(exchange.stats, count) / exchange.stats.count for exchange in (one, other)]
            if _share_differs(shares, REQUEST_SHARE):
                yield Difference(Topic.COMMANDS, f"{name}, {subject}", *map(_value_of_share, shares))


def _compare_answers(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    by_command = [_exchanges_by_command(left), _exchanges_by_command(right)]
    for name in _names_of_both(*by_command):
        found = [exchanges[name].latencies for exchanges in by_command if name in exchanges]
        one, other = found if len(found) == 2 else (None, None)
        if one is None or other is None or min(one.total, other.total) < FEWEST_ANSWERS:
            continue
        for rank in (50, 95):
            took = [answers.percentile(rank) for answers in (one, other)]
            if max(took) > LATENCY_RATIO * min(took) and max(took) - min(took) >= LATENCY_DIFFERENCE:
                sides = (ComparedValue(length / 1e9, format_duration(length)) for length in took)
                yield Difference(Topic.ANSWERS, f"{name}, {rank} of 100 answers within", *sides)


def _compare_link(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    shares = [left.noise_share, right.noise_share]
    if _share_differs(shares, NOISE_SHARE):
        yield Difference(Topic.LINK, "bytes in no frame", *map(_value_of_share, shares))
    for kind in _names_of_both(left.marks, right.marks):
        yield from _compare_counts(
            Topic.LINK, MARK_NAMES[kind], *(len(report.marks.get(kind, ())) for report in (left, right))
        )
    yield from _compare_counts(Topic.LINK, "gaps without traffic", len(left.gaps), len(right.gaps))
    if bool(left.read_error) != bool(right.read_error):
        sides = (
            ComparedValue(report.read_error or None, report.read_error or "read to its end") for report in (left, right)
        )
        yield Difference(Topic.LINK, "not all could be read", *sides)


def _compare_voltages(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    if bool(left.voltages) != bool(right.voltages):
        sides = (ComparedValue("reported", "reported") if report.voltages else NONE for report in (left, right))
        yield Difference(Topic.VOLTAGES, "phase voltages", *sides)
    for phase, one, other in zip(PHASE_NAMES, left.voltages, right.voltages, strict=False):
        for kind, least in (("low", EXTREME_VOLTS), ("mean", MEAN_VOLTS), ("high", EXTREME_VOLTS)):
            volts = [getattr(voltages, kind) for voltages in (one, other)]
            if abs(volts[0] - volts[1]) > least * max(map(abs, volts)):
                sides = (ComparedValue(round(value, 3), f"{value:.1f} V") for value in volts)
                yield Difference(Topic.VOLTAGES, f"{phase}, {VOLT_NAMES[kind]}", *sides)


def _align_connectors(left: SessionReport, right: SessionReport) -> Iterator[Alignment]:
    for connector in _connectors_of(left, right):
        states = [lane.states if lane else [] for lane in (_find_lane(left, connector), _find_lane(right, connector))]
        one, other = (tuple(sequence[:MOST_ALIGNED]) for sequence in states)
        is_cut = any(len(sequence) > MOST_ALIGNED for sequence in states)
        yield Alignment(connector, tuple(align(one, other)), is_cut)


def _exchanges_by_command(report: SessionReport) -> dict[str, Exchange]:
    """The exchanges by direction, code and name."""
    found = {}
    for exchange in report.exchanges:
        stats = exchange.stats
        code = "" if stats.code is None else f"{stats.route.link.code_text(stats.code)} "
        found[f"{exchange.direction} {code}{stats.name}"] = exchange
    return found


def _connectors_of(left: SessionReport, right: SessionReport) -> list[int]:
    return sorted({lane.connector for report in (left, right) for lane in report.lanes if lane.connector is not None})


def _find_lane(report: SessionReport, connector: int) -> Lane | None:
    return next((lane for lane in report.lanes if lane.connector == connector), None)


def _names_of_both(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The names that either has, in an order that does not depend on which is which."""
    return sorted({*one, *other})


def _share_differs(shares: Sequence[float], least: float) -> bool:
    one, other = shares
    return (one == 0) != (other == 0) or abs(one - other) > least


def _value_of_share(share: float) -> ComparedValue:
    return ComparedValue(share, format_share(share))
