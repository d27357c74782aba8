"""The sieve: whatever order it looks in, it lets through what the filter wants, and rows keep their positions."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.history.records import page, record_pages, record_store
from sniffer.history.records.page_file import PageFile
from sniffer.tui.state.filter_scan import CLOCK_INTERVAL, FilterScan
from sniffer.tui.state.rows import Rows, make_window
from tests.tui.state.test_rows import LINES, session


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
        raise AssertionError("the shape has reported it")


@dataclass(frozen=True)
class ByKind:
    """Decides by the kind where it has an answer, else by the number."""

    answers: dict[str, bool | None]
    wanted: frozenset[int]

    def matches_kind(self, kind: RecordKind) -> bool | None:
        return self.answers[kind.kind]

    def matches(self, record: Record, before: int | None) -> bool:
        return record.number in self.wanted


ANSWERS = st.fixed_dictionaries(dict.fromkeys(("text", "event"), st.sampled_from((True, False, None))))
MIXED = st.lists(st.tuples(st.booleans(), st.integers(0, 3)).filter(any), max_size=40)
"""For each record, whether it has a text, and the number of its events."""

SHAPES = st.lists(st.tuples(st.just(True), st.integers(0, 2)), max_size=30)
WANTED = st.frozensets(st.integers(1, 60))


def more(rows: Rows, count: int) -> None:
    start = len(rows.store) + 1
    rows.receive([Record(number, LINES.read(LogLine(1, "p", "more"))) for number in range(start, start + count)])


def numbers(rows: Rows, filter_scan: FilterScan, until: int) -> list[int | None]:
    seen = make_window(rows, filter_scan, until)
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
    filter_scan = FilterScan(rows, Numbers(wanted))
    more(rows, later)
    while not filter_scan.is_done:
        filter_scan.run_for(1)
    assert filter_scan.share == 1
    assert numbers(rows, filter_scan, until) == expected(rows, wanted, until)
    assert filter_scan.match_count == len(set(expected(rows, wanted, len(rows.store))))
    assert [filter_scan.position(filter_scan.row(at)) for at in range(filter_scan.first, filter_scan.end)] == list(
        range(filter_scan.first, filter_scan.end)
    )


@given(MIXED, ANSWERS, WANTED, st.integers(0, 20), st.sampled_from((0.0, 1.0)))
def test_pages_that_the_kinds_decide_have_the_rows_of_their_records(
    shapes: list[tuple[bool, int]], answers: dict[str, bool | None], wanted: frozenset[int], later: int, turn: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (record_store, record_pages, page):
            patch.setattr(module, "PAGE_SIZE", 4)
        patch.setattr(record_pages, "PAGES_IN_MEMORY", 1)
        rows, records = session(*shapes)
        filter_scan = FilterScan(rows, ByKind(answers, wanted))
        more(rows, later)
        while not filter_scan.is_done:
            filter_scan.run_for(turn)
        answer = {record.number: answers["text" if record.item else "event"] for record in records}
        matching = frozenset(
            number
            for number in range(1, len(rows.store) + 1)
            if answer.get(number, answers["text"]) or (answer.get(number, answers["text"]) is None and number in wanted)
        )
        assert numbers(rows, filter_scan, len(rows.store)) == expected(rows, matching, len(rows.store))
        assert filter_scan.match_count == len(matching)


def test_a_page_that_the_kinds_decide_is_one_piece_of_work() -> None:
    rows, _ = session(*[(True, 0)] * (3 * page.PAGE_SIZE))
    filter_scan = FilterScan(rows, Decided(True))
    filter_scan.run_for(0)
    assert filter_scan.match_count == page.PAGE_SIZE


def test_records_that_left_the_store_have_no_rows(monkeypatch) -> None:
    for module in (record_store, record_pages, page):
        monkeypatch.setattr(module, "PAGE_SIZE", 4)
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 1)
    rows, _ = session(*[(True, 0), (False, 1)] * 8)
    filter_scan = FilterScan(rows, ByKind({"text": True, "event": False}, frozenset()))
    monkeypatch.setattr(PageFile, "read", lambda *_: None)
    while not filter_scan.is_done:
        filter_scan.run_for(0)
    assert numbers(rows, filter_scan, 16) == [5, 7, 9, 11, 13, 15]
    assert filter_scan.match_count == 6


def test_positions_stay_while_it_looks_further() -> None:
    rows, _ = session(*[(True, 0)] * 500)
    filter_scan = FilterScan(rows, Numbers(frozenset(range(1, 501, 7))))
    filter_scan.run_for(0)
    first = filter_scan.first
    assert 0 < filter_scan.share < 1
    assert first < 0
    before = [filter_scan.row(position) for position in range(first, filter_scan.end)]
    more(rows, 3)
    while not filter_scan.is_done:
        filter_scan.run_for(0)
    assert filter_scan.first < first
    assert [filter_scan.row(position) for position in range(first, 0)] == before


def test_one_turn_examines_all_records_if_there_is_time() -> None:
    rows, _ = session(*[(True, 0)] * (5 * CLOCK_INTERVAL))
    filter_scan = FilterScan(rows, Numbers(frozenset({1})))
    more(rows, 5 * CLOCK_INTERVAL)
    filter_scan.run_for(3600)
    assert filter_scan.is_done
    assert filter_scan.match_count == 1


def test_shape_that_tells_spares_the_look() -> None:
    rows, _ = session(*[(True, 1)] * 9)
    through, stopped = FilterScan(rows, Decided(True)), FilterScan(rows, Decided(False))
    for filter_scan in (through, stopped):
        filter_scan.run_for(1)
        assert filter_scan.is_done
    assert (through.match_count, stopped.match_count) == (9, 0)
    assert through.end - through.first == 18


@given(SHAPES, WANTED, st.integers(0, 20), st.integers(0, 70))
def test_numbers_are_those_of_the_records_that_came_through(
    shapes: list[tuple[bool, int]], wanted: frozenset[int], later: int, until: int
) -> None:
    rows, _ = session(*shapes)
    filter_scan = FilterScan(rows, Numbers(wanted))
    more(rows, later)
    last = min(until, len(rows.store))
    while not filter_scan.has_scanned(last):
        filter_scan.run_for(1)
    assert list(filter_scan.matching_numbers(last)) == [number for number in range(1, last + 1) if number in wanted]


def test_sieve_has_seen_a_record_before_all_that_come() -> None:
    rows, _ = session(*[(True, 0)] * 9)
    filter_scan = FilterScan(rows, Decided(True))
    assert not filter_scan.has_scanned(9)
    filter_scan.run_for(1)
    more(rows, 1)
    assert filter_scan.has_scanned(9)
    assert not filter_scan.has_scanned(10)


def test_share_counts_what_came_later_too() -> None:
    rows, _ = session()
    filter_scan = FilterScan(rows, Numbers(frozenset({500})))
    assert filter_scan.share == 1
    more(rows, 1000)
    filter_scan.run_for(0)
    assert not filter_scan.is_done
    assert 0 < filter_scan.share < 1
