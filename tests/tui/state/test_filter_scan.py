"""The sieve: whatever order it looks in, it lets through what the filter wants, and rows keep their positions."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.pipeline import Record
from sniffer.core.record_kind import RecordKind
from sniffer.tui.state.filter_scan import FilterScan
from sniffer.tui.state.rows import Rows, window
from tests.tui.state.test_rows import LINES, LogLine, session


@dataclass(frozen=True)
class Numbers:
    """Lets records through by their numbers; knows nothing by the shape."""

    wanted: frozenset[int]

    def matches_kind(self, shape: RecordKind) -> bool | None:
        return None

    def matches(self, record: Record, before: int | None) -> bool:
        return record.number in self.wanted


@dataclass(frozen=True)
class Decided:
    """Decides by the shape alone."""

    passes: bool

    def matches_kind(self, shape: RecordKind) -> bool | None:
        return self.passes

    def matches(self, record: Record, before: int | None) -> bool:
        raise AssertionError("the shape has told it")


SHAPES = st.lists(st.tuples(st.just(True), st.integers(0, 2)), max_size=30)
WANTED = st.frozensets(st.integers(1, 60))


def more(rows: Rows, count: int) -> None:
    start = len(rows.archive) + 1
    rows.receive([Record(number, LINES.read(LogLine(1, "p", "more"))) for number in range(start, start + count)])


def numbers(rows: Rows, sieve: FilterScan, until: int) -> list[int | None]:
    seen = window(rows, sieve, until)
    return [seen.number_at(position) for position in range(seen.first, seen.end)]


def expected(rows: Rows, wanted: frozenset[int], until: int) -> list[int]:
    return [
        rows.number_at(row)
        for row in range(len(rows))
        if rows.number_at(row) in wanted and rows.number_at(row) <= until
    ]


@given(SHAPES, WANTED, st.integers(0, 20), st.integers(0, 70))
def test_what_is_wanted_comes_through(
    shapes: list[tuple[bool, int]], wanted: frozenset[int], later: int, until: int
) -> None:
    rows, _ = session(*shapes)
    sieve = FilterScan(rows, Numbers(wanted))
    more(rows, later)
    while not sieve.is_done:
        sieve.work(1)
    assert sieve.share == 1
    assert numbers(rows, sieve, until) == expected(rows, wanted, until)
    assert sieve.records == len(set(expected(rows, wanted, len(rows.archive))))
    assert [sieve.position(sieve.row(at)) for at in range(sieve.first, sieve.end)] == list(
        range(sieve.first, sieve.end)
    )


def test_positions_stay_while_it_looks_further() -> None:
    rows, _ = session(*[(True, 0)] * 500)
    sieve = FilterScan(rows, Numbers(frozenset(range(1, 501, 7))))
    sieve.work(0)
    first = sieve.first
    assert 0 < sieve.share < 1
    assert first < 0
    before = [sieve.row(position) for position in range(first, sieve.end)]
    more(rows, 3)
    while not sieve.is_done:
        sieve.work(0)
    assert sieve.first < first
    assert [sieve.row(position) for position in range(first, 0)] == before


def test_shape_that_tells_spares_the_look() -> None:
    rows, _ = session(*[(True, 1)] * 9)
    through, stopped = FilterScan(rows, Decided(True)), FilterScan(rows, Decided(False))
    for sieve in (through, stopped):
        sieve.work(1)
        assert sieve.is_done
    assert (through.records, stopped.records) == (9, 0)
    assert through.end - through.first == 18


@given(SHAPES, WANTED, st.integers(0, 20), st.integers(0, 70))
def test_numbers_are_those_of_the_records_that_came_through(
    shapes: list[tuple[bool, int]], wanted: frozenset[int], later: int, until: int
) -> None:
    rows, _ = session(*shapes)
    sieve = FilterScan(rows, Numbers(wanted))
    more(rows, later)
    last = min(until, len(rows.archive))
    while not sieve.has_seen(last):
        sieve.work(1)
    assert list(sieve.numbers(last)) == [number for number in range(1, last + 1) if number in wanted]


def test_sieve_has_seen_a_record_before_all_that_come() -> None:
    rows, _ = session(*[(True, 0)] * 9)
    sieve = FilterScan(rows, Decided(True))
    assert not sieve.has_seen(9)
    sieve.work(1)
    more(rows, 1)
    assert sieve.has_seen(9)
    assert not sieve.has_seen(10)


def test_share_counts_what_came_later_too() -> None:
    rows, _ = session()
    sieve = FilterScan(rows, Numbers(frozenset({500})))
    assert sieve.share == 1
    more(rows, 1000)
    sieve.work(0)
    assert not sieve.is_done
    assert 0 < sieve.share < 1
