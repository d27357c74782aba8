"""Compare two sessions, for example of a good unit and of a bad one, by exchanges and states rather than by bytes.

In: two reports, left and right. Out: a `SessionComparison`. The charge points, the times and the lengths of the
sessions are shown, but are no differences. Neither is the total number of periodic messages, because it follows from
the length. Every numeric comparison has a threshold, because two measurements never agree exactly: the thresholds stand
in `comparable`, with their reasons.

With the reports exchanged, the comparison is the same with its sides exchanged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

from msgspec import Struct

from sniffer.base.phrasing import format_times
from sniffer.base.times import SECOND, format_duration
from sniffer.commands.report.comparison import comparable
from sniffer.commands.report.comparison.alignment import Stretch, align
from sniffer.commands.report.model import PHASE_NAMES, Episode, Lane, SessionReport, format_share
from sniffer.text.registration_text import PART_NAMES

ComparedFigure = float | int | str | None

MOST_ALIGNED = 400
"""The number of states of a connector that are aligned: the first ones."""


VOLT_NAMES = {"low": "lowest", "mean": "mean", "high": "highest"}


class Topic(StrEnum):
    """The topic of a difference, in the order in which topics are listed."""

    FAULTS = "faults"
    STATES = "states"
    REGISTRATION = "registration"
    RESTARTS = "restarts"
    COMMANDS = "commands"
    ANSWERS = "answers"
    LINK = "link"
    VOLTAGES = "voltages"


class ComparedValue(NamedTuple):
    """One side of a difference: the value for scripts, None if the session has none, and a text for people."""

    value: ComparedFigure
    text: str


NONE = ComparedValue(None, "none")


class Difference(Struct, frozen=True):
    """One difference between the sessions. `subject` names the thing that differs."""

    topic: Topic
    subject: str
    left: ComparedValue
    right: ComparedValue

    @property
    def only(self) -> Literal["left", "right"] | None:
        """The side that alone has a value; None if both have one."""
        if self.left.value is None:
            return "right"
        return "left" if self.right.value is None else None


class Alignment(Struct, frozen=True):
    """The aligned states of one connector. `is_cut` is True if a session has more states than were aligned."""

    connector: int
    stretches: tuple[Stretch, ...]
    is_cut: bool


class SessionComparison(Struct, frozen=True):
    """Two sessions, their differences by topic, and the aligned states of their connectors."""

    left: SessionReport
    right: SessionReport
    differences: tuple[Difference, ...]
    alignments: tuple[Alignment, ...]


def compare(left: SessionReport, right: SessionReport) -> SessionComparison:
    """Return the comparison of two sessions."""
    found = [
        *_compare_faults(left, right),
        *_compare_states(left, right),
        *_compare_registrations(left, right),
        *_compare_restarts(left, right),
        *_compare_commands(left, right),
        *_compare_answers(left, right),
        *_compare_link(left, right),
        *_compare_voltages(left, right),
    ]
    return SessionComparison(left, right, tuple(found), tuple(_align_connectors(left, right)))


def _compare_faults(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield the faults, by meaning and connector, that occurred a different number of times."""
    kinds = [comparable.group_faults(left), comparable.group_faults(right)]
    for name in _list_names(*kinds):
        sides = [_build_fault_value(found.get(name, [])) for found in kinds]
        if sides[0].value != sides[1].value:
            yield Difference(Topic.FAULTS, name, *sides)


def _build_fault_value(episodes: Sequence[Episode]) -> ComparedValue:
    """Return the number of these faults as a value, with their total duration as text; `NONE` if there are none."""
    if not episodes:
        return NONE
    lengths = [episode.duration for episode in episodes if episode.duration is not None]
    for_so_long = f", {format_duration(sum(lengths))} in all" if lengths else ""
    active = "" if all(episode.is_over for episode in episodes) else ", active at the end"
    return ComparedValue(len(episodes), f"{format_times(len(episodes))}{for_so_long}{active}")


def _compare_states(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield the states, and the moves between states, that only one side has.

    A move is left out if one side lacks one of its states: the missing state is already a difference.
    """
    for connector in _list_connectors(left, right):
        lanes = _find_lane(left, connector), _find_lane(right, connector)
        counts = [Counter(lane.states if lane else ()) for lane in lanes]
        for state in _list_names(*counts):
            if (counts[0][state] == 0) != (counts[1][state] == 0):
                sides = (_build_count_value(found[state]) for found in counts)
                yield Difference(Topic.STATES, comparable.name_state(connector, state), *sides)
        moves = [comparable.count_moves(lane) if lane else Counter() for lane in lanes]
        for move in _list_names(*moves):
            has_both_states = all(found[state] for found in counts for state in move.split(" → "))
            if has_both_states and (moves[0][move] == 0) != (moves[1][move] == 0):
                yield Difference(
                    Topic.STATES,
                    comparable.name_state(connector, move),
                    *(_build_count_value(found[move]) for found in moves),
                )


def _build_count_value(count: int) -> ComparedValue:
    """Return a count as a value; `NONE` if it is 0."""
    return ComparedValue(count, format_times(count)) if count else NONE


def _compare_registrations(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield different states at the end, then different numbers of registrations."""
    states = [report.registration.state for report in (left, right)]
    if states[0] != states[1]:
        sides = (ComparedValue(state, state or "none") for state in states)
        yield Difference(Topic.REGISTRATION, comparable.REGISTRATION_AT_END, *sides)
    series = (report.registration.series for report in (left, right))
    yield from _compare_counts(Topic.REGISTRATION, comparable.ANNOUNCEMENTS, *series)


def _compare_restarts(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    counts = [{part.part: part.count for part in report.restarts} for report in (left, right)]
    for part, name in PART_NAMES.items():
        yield from _compare_counts(
            Topic.RESTARTS, comparable.name_restarts(name), *(found.get(part, 0) for found in counts)
        )
    yield from _compare_counts(Topic.RESTARTS, comparable.BOOT_LOOPS, len(left.boot_loops), len(right.boot_loops))


def _compare_counts(topic: Topic, subject: str, left: int, right: int) -> Iterator[Difference]:
    """Yield a difference if the counts are not equal."""
    if left != right:
        yield Difference(topic, subject, _build_count_value(left), _build_count_value(right))


def _compare_commands(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield the commands that only one side has, and different shares of unanswered requests and of retransmissions."""
    by_command = [comparable.index_exchanges(left), comparable.index_exchanges(right)]
    for name in _list_names(*by_command):
        one, other = (found.get(name) for found in by_command)
        if one is None or other is None:
            sides = (_build_count_value(exchange.stats.count if exchange else 0) for exchange in (one, other))
            yield Difference(Topic.COMMANDS, name, *sides)
            continue
        for subject, count in comparable.REQUEST_COUNTS.items():
            shares = [getattr(exchange.stats, count) / exchange.stats.count for exchange in (one, other)]
            if _share_differs(shares, comparable.REQUEST_SHARE):
                yield Difference(Topic.COMMANDS, f"{name}, {subject}", *map(_build_share_value, shares))


def _compare_answers(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield different latencies, by median and 95th percentile, of the commands with enough answers on both sides."""
    by_command = [comparable.index_exchanges(left), comparable.index_exchanges(right)]
    for name in _list_names(*by_command):
        found = [exchanges[name].latencies for exchanges in by_command if name in exchanges]
        one, other = found if len(found) == 2 else (None, None)
        if one is None or other is None or min(one.total, other.total) < comparable.FEWEST_ANSWERS:
            continue
        for rank in (50, 95):
            took = [answers.percentile(rank) for answers in (one, other)]
            if (
                max(took) > comparable.LATENCY_RATIO * min(took)
                and max(took) - min(took) >= comparable.LATENCY_DIFFERENCE
            ):
                sides = (ComparedValue(length / SECOND, format_duration(length)) for length in took)
                yield Difference(Topic.ANSWERS, comparable.name_latency(name, rank), *sides)


def _compare_link(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield different shares of noise, different numbers of marks and of gaps, and whether one session is cut off."""
    shares = [left.noise_share, right.noise_share]
    if _share_differs(shares, comparable.NOISE_SHARE):
        yield Difference(Topic.LINK, comparable.NOISE, *map(_build_share_value, shares))
    for kind in _list_names(left.marks, right.marks):
        yield from _compare_counts(
            Topic.LINK, comparable.MARK_NAMES[kind], *(len(report.marks.get(kind, ())) for report in (left, right))
        )
    yield from _compare_counts(Topic.LINK, comparable.GAPS, len(left.gaps), len(right.gaps))
    if bool(left.read_error) != bool(right.read_error):
        sides = (
            ComparedValue(report.read_error or None, report.read_error or "read to its end") for report in (left, right)
        )
        yield Difference(Topic.LINK, "not all could be read", *sides)


def _compare_voltages(left: SessionReport, right: SessionReport) -> Iterator[Difference]:
    """Yield whether only one session has voltages, else the different voltages of each phase."""
    if bool(left.voltages) != bool(right.voltages):
        sides = (ComparedValue("reported", "reported") if report.voltages else NONE for report in (left, right))
        yield Difference(Topic.VOLTAGES, "phase voltages", *sides)
    for phase, one, other in zip(PHASE_NAMES, left.voltages, right.voltages, strict=False):
        for kind, least in (
            ("low", comparable.EXTREME_VOLTS),
            ("mean", comparable.MEAN_VOLTS),
            ("high", comparable.EXTREME_VOLTS),
        ):
            volts = [getattr(voltages, kind) for voltages in (one, other)]
            if abs(volts[0] - volts[1]) > least * max(map(abs, volts)):
                sides = (ComparedValue(round(value, 3), f"{value:.1f} V") for value in volts)
                yield Difference(Topic.VOLTAGES, f"{phase}, {VOLT_NAMES[kind]}", *sides)


def _align_connectors(left: SessionReport, right: SessionReport) -> Iterator[Alignment]:
    """Yield the aligned states of each connector, at most `MOST_ALIGNED` of each session."""
    for connector in _list_connectors(left, right):
        states = [lane.states if lane else [] for lane in (_find_lane(left, connector), _find_lane(right, connector))]
        one, other = (tuple(sequence[:MOST_ALIGNED]) for sequence in states)
        is_cut = any(len(sequence) > MOST_ALIGNED for sequence in states)
        yield Alignment(connector, tuple(align(one, other)), is_cut)


def _list_connectors(left: SessionReport, right: SessionReport) -> list[int]:
    """Return the connectors of either session, by number."""
    return sorted({lane.connector for report in (left, right) for lane in report.lanes if lane.connector is not None})


def _find_lane(report: SessionReport, connector: int) -> Lane | None:
    """Return the states of a connector; None if the session has none for it."""
    return next((lane for lane in report.lanes if lane.connector == connector), None)


def _list_names(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Return the names that either side has, in an order that does not depend on the sides."""
    return sorted({*one, *other})


def _share_differs(shares: Sequence[float], least: float) -> bool:
    """Return True if two shares differ by more than `least`, or if only one of them is 0."""
    one, other = shares
    return (one == 0) != (other == 0) or abs(one - other) > least


def _build_share_value(share: float) -> ComparedValue:
    return ComparedValue(share, format_share(share))
