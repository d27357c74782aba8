"""Judge a session by sessions that are known to be good: what of it lies beyond what they show.

In: the report of the session, and those of the good ones. Out: differences, and what could not be judged, with the
reason. A value may lie beyond those of the good sessions by the margin of its kind: one good session shows no spread,
and of a few the next one may lie a little outside. What the good sessions show and this one could not show is
a difference, because nobody knows whether it is well.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from sniffer.base.phrasing import format_count
from sniffer.commands.check.figures import CheckTopic, Figure, FigureRule, find_topics, list_figures
from sniffer.commands.report.model import SessionReport

COUNTED = (FigureRule.PRESENT, FigureRule.COUNT)
"""The rules of figures that are 0 where they are missing."""

Figures = Mapping[tuple[CheckTopic, str], Figure]


class GoodRange(Struct, frozen=True):
    """The values of the good sessions: the least and the largest, or all words. `margin` is allowed beyond them."""

    low: float | None
    high: float | None
    words: tuple[str, ...]
    margin: float
    text: str


class FailedFigure(Struct, frozen=True):
    """A figure that lies beyond the good sessions. `value` is None if the session has none."""

    topic: CheckTopic
    name: str
    value: float | str | None
    text: str
    good: GoodRange


class UnjudgedFigure(Struct, frozen=True):
    """A figure, or with an empty name a whole topic, that could not be judged, and why."""

    topic: CheckTopic
    name: str
    reason: str


class SessionJudgement(Struct, frozen=True):
    """The judgement on one session. `judged` is the number of figures that were judged."""

    checked: SessionReport
    good: tuple[SessionReport, ...]
    failed: tuple[FailedFigure, ...]
    unjudged: tuple[UnjudgedFigure, ...]
    judged: int

    @property
    def is_good(self) -> bool:
        """True if no figure lies beyond the good sessions. What could not be judged is listed."""
        return not self.failed


def judge(checked: SessionReport, good: Sequence[SessionReport]) -> SessionJudgement:
    """Return the judgement on a session. There must be at least one good session."""
    judgement = _Judgement(list_figures(checked, is_checked=True), find_topics(checked))
    references = [(list_figures(report, is_checked=False), find_topics(report)) for report in good]
    for topic in CheckTopic:
        judgement.judge_topic(topic, [figures for figures, topics in references if topic in topics])
    return SessionJudgement(checked, tuple(good), tuple(judgement.failed), tuple(judgement.unjudged), judgement.judged)


class _Judgement:
    """The judgement while it is made. `figures` are those of the session, `topics` what it could show."""

    def __init__(self, figures: Figures, topics: frozenset[CheckTopic]) -> None:
        self.failed: list[FailedFigure] = []
        self.unjudged: list[UnjudgedFigure] = []
        self.judged = 0
        self._figures = figures
        self._topics = topics

    def judge_topic(self, topic: CheckTopic, references: Sequence[Figures]) -> None:
        """Judge all figures of a topic by those of the good sessions that could show it."""
        if not references:
            self.unjudged.append(UnjudgedFigure(topic, "", "no good session has anything of it"))
            return
        if topic not in self._topics:
            shown = f"in {format_count(len(references), 'good session')}"
            text = "nothing was received that could tell"
            self.failed.append(FailedFigure(topic, "everything", None, text, GoodRange(None, None, (), 0.0, shown)))
            return
        names = {name for figures in (self._figures, *references) for of, name in figures if of is topic}
        for name in sorted(names):
            self._judge_figure((topic, name), references)

    def _judge_figure(self, key: tuple[CheckTopic, str], references: Sequence[Figures]) -> None:
        """Judge one figure, which the session or a good one has."""
        mine = self._figures.get(key)
        theirs = [figures[key] for figures in references if key in figures]
        figure = mine or theirs[0]
        topic, name = key
        if figure.of and not (
            self._has(figure.of) and any((CheckTopic.COMMANDS, figure.of) in one for one in references)
        ):
            # The command itself is missing on one side, which is a difference already.
            return
        if figure.rule in COUNTED:
            values = [figures[key].value if key in figures else 0 for figures in references]
            self._compare(figure, mine.value if mine else 0, values)
        elif not theirs:
            reason = f"in every good session {figure.needs}" if figure.needs else "no good session has it"
            self.unjudged.append(UnjudgedFigure(topic, name, reason))
        elif mine is None and figure.needs:
            self.unjudged.append(UnjudgedFigure(topic, name, f"here {figure.needs}"))
        elif mine is None and len(theirs) < len(references):
            self.unjudged.append(UnjudgedFigure(topic, name, "neither here nor in every good session"))
        else:
            self._compare(figure, mine.value if mine else None, [one.value for one in theirs])

    def _has(self, command: str) -> bool:
        return (CheckTopic.COMMANDS, command) in self._figures

    def _compare(self, figure: Figure, value: float | str | None, values: Sequence[float | str]) -> None:
        """Count a figure, and keep it if it lies beyond the values of the good sessions."""
        self.judged += 1
        good = _find_range(figure, values)
        if value is None or not _is_within(figure, value, good):
            text = "none" if value is None else figure.format(value)
            self.failed.append(FailedFigure(figure.topic, figure.name, value, text, good))


def _find_range(figure: Figure, values: Sequence[float | str]) -> GoodRange:
    """Return the range of the values of the good sessions."""
    words = tuple(sorted({value for value in values if isinstance(value, str)}))
    if words:
        return GoodRange(None, None, words, 0.0, " or ".join(words))
    numbers = [value for value in values if not isinstance(value, str)]
    low, high = min(numbers), max(numbers)
    margin = figure.margin.at(high if figure.rule is FigureRule.AT_MOST else max(abs(low), abs(high)))
    if figure.rule is FigureRule.AT_MOST:
        text = f"at most {figure.format(high)}" if high else figure.format(high)
        sign = "+ "
    else:
        text = figure.format(low) if low == high else f"{figure.format(low)} to {figure.format(high)}"
        sign = "± "
    if margin and high:
        text = f"{text}, {sign}{figure.format(margin)}"
    return GoodRange(low, high, (), margin, text)


def _is_within(figure: Figure, value: float | str, good: GoodRange) -> bool:
    """Return True if a value is not beyond the range of the good sessions."""
    if isinstance(value, str) or good.low is None or good.high is None:
        return value in good.words
    match figure.rule:
        case FigureRule.PRESENT:
            return good.high > 0 if value else good.low == 0
        case FigureRule.AT_MOST if good.high == 0:
            # Some always differs from none, as in a report of two sessions.
            return value == 0
        case FigureRule.AT_MOST:
            return value <= good.high + good.margin
        case _:
            return good.low - good.margin <= value <= good.high + good.margin
