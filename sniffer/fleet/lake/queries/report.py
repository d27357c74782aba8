"""The report on a lake: which faults, where, since when, how long, and which units and benches differ from the others.

In: an open lake, and a selection of its sessions. Out: a `LakeReport` of tables, with values for people to read.
Nothing is concluded from sessions in which no frame was received: they are counted beside the others.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from sniffer.base.errors import LakeError
from sniffer.base.suggest import format_suggestion
from sniffer.base.times import format_duration
from sniffer.fleet.lake.queries.outliers import LEAST_VALUES, LIMIT, score_values
from sniffer.fleet.lake.queries.query import AnswerValue, LakeConnection
from sniffer.fleet.lake.queries.report_questions import ANSWERS, LEAST_ANSWERS, QUESTIONS, SILENT, TOTALS

NOTHING_HEARD = "no session with frames: nothing can be said"


class LakeFilter(Struct, frozen=True):
    """A selection of sessions: those of these benches, or of all if none is named, since a time, or of any time."""

    benches: tuple[str, ...] = ()
    since: datetime | None = None


class LakeTotals(Struct, frozen=True):
    """The extent of a report.

    `mute` counts the sessions without a frame, which say nothing of faults, and `incomplete` those of which only a part
    could be read. `began` and `ended` are the first and the last time; None if no session has times.
    """

    sessions: int
    benches: int
    units: int
    frames: int
    began: str | None
    ended: str | None
    mute: int
    incomplete: int


class LakeReportTable(Struct, frozen=True):
    """One table: its title, its explanation, the names of its columns, its rows, and the text if it has none.

    `marked` are the rows that stand out.
    """

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[AnswerValue, ...], ...]
    empty: str
    marked: frozenset[int] = frozenset()


class LakeReport(Struct, frozen=True):
    """The whole report."""

    lake: str
    chosen: LakeFilter
    totals: LakeTotals
    tables: tuple[LakeReportTable, ...]


def build_report(connection: LakeConnection, chosen: LakeFilter) -> LakeReport:
    """Return the report on the selected sessions.

    Raises `LakeError` if the lake cannot be read, or has no bench of that name.
    """
    known = [name for (name,) in connection.list_rows("select distinct bench from sessions order by bench")]
    for name in chosen.benches:
        if name not in known:
            raise LakeError(f"--bench {name}: there is no such bench in the lake{format_suggestion(name, known)}")
    questions = _Questions(connection, chosen)
    sessions, benches, units, frames, *rest = questions.list_rows(TOTALS)[1][0]
    totals = LakeTotals(sessions, benches, units, frames or 0, *rest)
    return LakeReport(connection.store.url, chosen, totals, tuple(_build_tables(questions, totals)))


def _build_tables(questions: "_Questions", totals: LakeTotals) -> Iterator[LakeReportTable]:
    with_frames = totals.sessions - totals.mute
    for one in QUESTIONS:
        columns, rows = questions.list_rows(one.sql)
        yield LakeReportTable(one.title, one.about, columns, tuple(rows), one.empty if with_frames else NOTHING_HEARD)
    yield _build_answers(questions.list_rows(ANSWERS)[1])
    columns, rows = questions.list_rows(SILENT)
    about = "Benches from which nothing came for more than a day, and for longer than three times the usual time."
    yield LakeReportTable("Benches that went silent", about, columns, tuple(rows), "none", frozenset(range(len(rows))))


def _build_answers(rows: Sequence[tuple[AnswerValue, ...]]) -> LakeReportTable:
    """Return the table of answer times by unit, the slowest for their command first."""
    by_name: dict[str, list[tuple[AnswerValue, ...]]] = defaultdict(list)
    for row in rows:
        by_name[row[1]].append(row)
    scored: list[tuple[tuple[AnswerValue, ...], float | None]] = []
    for found in by_name.values():
        scores = score_values([row[3] for row in found])
        scored += zip(found, scores, strict=True)
    scored.sort(key=lambda one: (-(one[1] or 0), one[0][1], one[0][0]))
    shown = [
        (
            unit,
            name,
            answers,
            format_duration(round(middle)),
            format_duration(round(slow)),
            unanswered,
            None if score is None else round(score, 1),
        )
        for (unit, name, answers, middle, slow, unanswered), score in scored
    ]
    marked = frozenset(at for at, (_, score) in enumerate(scored) if score is not None and abs(score) > LIMIT)
    about = (
        f"Units whose median is far from that of the others (robust z-score above {LIMIT}) are marked. A unit counts "
        f"with {LEAST_ANSWERS} answers, and a command with {LEAST_VALUES} units."
    )
    columns = ("unit", "request", "answers", "median", "95 %", "no answer", "z-score")
    empty = "not enough answers with times"
    return LakeReportTable("Answer times by unit", about, columns, tuple(shown), empty, marked)


class _Questions:
    """The questions of one report, each about the selected sessions."""

    def __init__(self, connection: LakeConnection, chosen: LakeFilter) -> None:
        self._connection = connection
        benches = ", ".join(f"'{name.replace(chr(39), 2 * chr(39))}'" for name in chosen.benches)
        self._bench = f"bench in ({benches})" if benches else "true"
        self._since = "true"
        if chosen.since is not None:
            since = chosen.since.astimezone(UTC).replace(tzinfo=None)
            self._since = f"{{}} >= timestamp '{since.isoformat(sep=' ')}'"

    def list_rows(self, sql: str) -> tuple[tuple[str, ...], list[tuple[AnswerValue, ...]]]:
        """Return the names of the columns, and the rows. Raises `LakeError`."""
        sql = sql.replace("event_time(time)", self._since.format("time")).replace("in_bench(bench)", self._bench)
        common = f"""chosen as (
            select *, coalesce(unit, bench) as charger from sessions
            where {self._bench} and {self._since.format("ended")}
        ), fault as (
            select found.* exclude (firmware, bench, date), chosen.charger, chosen.bench,
            coalesce(found.firmware, chosen.firmware) as of_firmware
            from faults as found join chosen using (session) where {self._since.format("found.time")}
        )"""
        head, _, rest = sql.partition(" ")
        whole = f"with {common}, {rest}" if head == "with" else f"with {common} {sql}"
        answer = self._connection.ask(whole)
        return answer.names, [row for batch in answer.batches() for row in batch]
