"""The figures of a session to compare with good ones: a name, a value, and the rule by which it is judged.

In: the report of a session. Out: figures by topic and name. A figure that a session could not show is missing; what it
could have shown and did not is a count of 0. The rules and their margins are those of a report of two sessions
(`sniffer.commands.report.comparison.comparable`), as far as it has them.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from sniffer.base.phrasing import format_times
from sniffer.base.times import SECOND, format_duration
from sniffer.commands.report.axis_parts import MARKED_EVENTS
from sniffer.commands.report.comparison import comparable
from sniffer.commands.report.model import SessionReport, format_share
from sniffer.core.charger.events import EVENT_NAMES
from sniffer.text.quantities import format_quantity
from sniffer.text.quantities import format_value as format_measured_value
from sniffer.text.registration_text import PART_NAMES

COUNTERS = ("energy",)
"""Quantities that only grow: their values say how old the meter is."""


class CheckTopic(StrEnum):
    """The topic of a figure, in the order in which topics are listed."""

    LINK = "link"
    FAULTS = "faults"
    STATES = "states"
    REGISTRATION = "registration"
    RESTARTS = "restarts"
    COMMANDS = "commands"
    ANSWERS = "answers"
    VALUES = "measured values"


class FigureRule(StrEnum):
    """The rule by which a figure is judged by those of the good sessions."""

    PRESENT = "present"
    """It is there, or it is not: how often follows from the length of the session."""
    COUNT = "count"
    """A number from the least to the largest of the good sessions."""
    AT_MOST = "at most"
    """No more than in the good sessions. Less is better, and no difference."""
    BAND = "band"
    """A value from the least to the largest of the good sessions."""
    SAME = "same"
    """A word that one of the good sessions has as well."""


class Margin(Struct, frozen=True):
    """The margin of a value beyond the good sessions: `relative` to the value there, and at least `absolute`."""

    relative: float = 0.0
    absolute: float = 0.0

    def at(self, value: float) -> float:
        """Return the margin at a value of the good sessions."""
        return max(self.relative * abs(value), self.absolute)


MARGINS = {
    "latency": Margin(comparable.LATENCY_RATIO - 1, comparable.LATENCY_DIFFERENCE / SECOND),
    "period": Margin(comparable.LATENCY_RATIO - 1, 0.1),
    "request share": Margin(absolute=comparable.REQUEST_SHARE),
    "noise share": Margin(absolute=comparable.NOISE_SHARE),
    "mean V": Margin(comparable.MEAN_VOLTS, 0.5),
    "V": Margin(comparable.EXTREME_VOLTS, 1.0),
    "A": Margin(0.05, 0.5),
    "W": Margin(0.05, 50.0),
    "°C": Margin(absolute=10.0),
}
"""The margins by what is measured, in its unit: seconds, shares from 0 to 1, volts and so on.

Those of the values beside the voltages are `assumed`: no source says how far two good units are apart.
"""

NO_MARGIN = Margin()


class Figure(Struct, frozen=True):
    """One figure of one session. `value` is a word for `SAME`, else a number in `unit`; a time is in seconds.

    `of` is the command that it is a figure of: without that command it says nothing more. `needs` is what a session
    without the figure lacks; if it is empty, the lack is itself a difference.
    """

    topic: CheckTopic
    name: str
    rule: FigureRule
    value: float | str
    unit: str = "times"
    margin: Margin = NO_MARGIN
    of: str = ""
    needs: str = ""

    def format(self, value: float | str) -> str:
        """Return a value of this figure as text."""
        return format_figure(value, self.unit)


def format_figure(value: float | str, unit: str) -> str:
    """Return a value in this unit as text."""
    if isinstance(value, str):
        return value
    if unit == "times":
        return format_times(int(value)) if value else "never"
    if unit == "share":
        return format_share(value)
    return format_duration(round(value * SECOND)) if unit == "s" else format_measured_value(value, unit)


def find_topics(report: SessionReport) -> frozenset[CheckTopic]:
    """Return the topics of which something was received that could tell."""
    evidence_by_topic = {
        CheckTopic.FAULTS: report.lanes or report.faults,
        CheckTopic.STATES: report.lanes,
        CheckTopic.REGISTRATION: report.has_board_frames,
        CheckTopic.RESTARTS: report.has_board_frames,
        CheckTopic.COMMANDS: report.ledger.frames,
        CheckTopic.ANSWERS: report.ledger.frames,
        CheckTopic.LINK: report.ledger.read or report.ledger.lines,
        CheckTopic.VALUES: report.measured,
    }
    return frozenset(topic for topic, evidence in evidence_by_topic.items() if evidence)


def list_figures(report: SessionReport, *, is_checked: bool) -> dict[tuple[CheckTopic, str], Figure]:
    """Return the figures of a session by topic and name.

    Of a session that `is_checked`, and is no good one, the latencies of few answers count as well: by their median,
    which must not be beyond the 95th percentile of the good sessions.
    """
    figures = [
        *_list_faults(report),
        *_list_states(report),
        *_list_startup(report),
        *_list_commands(report),
        *_list_answers(report, is_checked=is_checked),
        *_list_link(report),
        *_list_values(report),
    ]
    topics = find_topics(report)
    return {(one.topic, one.name): one for one in figures if one.topic in topics}


def _list_faults(report: SessionReport) -> Iterator[Figure]:
    for name, episodes in comparable.group_faults(report).items():
        yield Figure(CheckTopic.FAULTS, name, FigureRule.COUNT, len(episodes))


def _list_states(report: SessionReport) -> Iterator[Figure]:
    """Yield the states of each connector, and its moves between them."""
    for lane in report.lanes:
        for name, count in (Counter(lane.states) + comparable.count_moves(lane)).items():
            yield Figure(CheckTopic.STATES, comparable.name_state(lane.connector, name), FigureRule.PRESENT, count)


def _list_startup(report: SessionReport) -> Iterator[Figure]:
    """Yield the registration at the end, and the numbers of registrations, restarts and boot loops."""
    registration = report.registration
    state = registration.state or "not seen"
    yield Figure(CheckTopic.REGISTRATION, comparable.REGISTRATION_AT_END, FigureRule.SAME, state)
    yield Figure(CheckTopic.REGISTRATION, comparable.ANNOUNCEMENTS, FigureRule.COUNT, registration.series)
    counts = {part.part: part.count for part in report.restarts}
    for part, name in PART_NAMES.items():
        yield Figure(CheckTopic.RESTARTS, comparable.name_restarts(name), FigureRule.COUNT, counts.get(part, 0))
    yield Figure(CheckTopic.RESTARTS, comparable.BOOT_LOOPS, FigureRule.COUNT, len(report.boot_loops))


def _list_commands(report: SessionReport) -> Iterator[Figure]:
    """Yield each command, how often it stayed without an answer or was sent again, and its period."""
    share, period = MARGINS["request share"], MARGINS["period"]
    for name, exchange in comparable.index_exchanges(report).items():
        stats = exchange.stats
        yield Figure(CheckTopic.COMMANDS, name, FigureRule.PRESENT, stats.count)
        for about, count in comparable.REQUEST_COUNTS.items():
            value = getattr(stats, count) / stats.count
            yield Figure(CheckTopic.COMMANDS, f"{name}, {about}", FigureRule.AT_MOST, value, "share", share, name)
        if stats.period:
            median = stats.period.median / SECOND
            # Times in whole seconds move each interval by up to one.
            margin = Margin(period.relative, 1.0) if stats.period.jitter is None else period
            about = "too few of them at regular times"
            yield Figure(CheckTopic.COMMANDS, f"{name}, every", FigureRule.BAND, median, "s", margin, name, about)


def _list_answers(report: SessionReport, *, is_checked: bool) -> Iterator[Figure]:
    """Yield the median and the 95th percentile of the latencies of each command with enough answers."""
    for name, exchange in comparable.index_exchanges(report).items():
        latencies = exchange.latencies
        if latencies is None:
            continue
        has_enough = latencies.total >= comparable.FEWEST_ANSWERS
        ranks = {50: 50, 95: 95} if has_enough else {95: 50} if is_checked else {}
        for rank, taken in ranks.items():
            title, value = comparable.name_latency(name, rank), latencies.percentile(taken) / SECOND
            about = f"fewer than {comparable.FEWEST_ANSWERS} answers with known times"
            yield Figure(CheckTopic.ANSWERS, title, FigureRule.AT_MOST, value, "s", MARGINS["latency"], name, about)


def _list_link(report: SessionReport) -> Iterator[Figure]:
    """Yield the verdict on the link, the noise, and the numbers of errors."""
    yield Figure(CheckTopic.LINK, "link at the end", FigureRule.SAME, report.health.health.value)
    noise = MARGINS["noise share"]
    yield Figure(CheckTopic.LINK, comparable.NOISE, FigureRule.AT_MOST, report.noise_share, "share", noise)
    for kind in (EVENT_NAMES[one] for one in MARKED_EVENTS):
        yield Figure(CheckTopic.LINK, comparable.MARK_NAMES[kind], FigureRule.AT_MOST, len(report.marks.get(kind, ())))
    yield Figure(CheckTopic.LINK, comparable.GAPS, FigureRule.AT_MOST, len(report.gaps))
    losses = len(report.losses) + report.more_losses
    yield Figure(CheckTopic.LINK, "losses of the source or of data", FigureRule.AT_MOST, losses)
    yield Figure(
        CheckTopic.LINK, "sessions that could not be read to their end", FigureRule.AT_MOST, bool(report.read_error)
    )


def _list_values(report: SessionReport) -> Iterator[Figure]:
    """Yield the lowest, the mean and the highest value of each measured series."""
    for one in report.measured:
        if one.name in COUNTERS:
            continue
        place = "" if one.connector is None else f" of connector {one.connector}"
        name = f"{format_quantity(one.name, report.definition)}{place}"
        mean = MARGINS.get(f"mean {one.unit}", MARGINS[one.unit])
        for about, value, margin in (
            ("lowest", one.span.low, MARGINS[one.unit]),
            ("mean", one.span.mean, mean),
            ("highest", one.span.high, MARGINS[one.unit]),
        ):
            yield Figure(CheckTopic.VALUES, f"{name}, {about}", FigureRule.BAND, value, one.unit, margin)
