"""The pages of a store: entries and landmarks are found in pages in memory and on the disk."""

import pytest

from sniffer.core.charger.tap_events import SourceLost
from sniffer.history.records import record_pages
from sniffer.history.records.page import PAGE_SIZE
from sniffer.history.records.record_pages import RecordPages
from tests.core.protocol.helpers import DEFINITION


def pages_of(counts: list[int], landmarks: dict[int, int], before: int = 0) -> RecordPages:
    """Return pages of records with these numbers of entries, and with landmarks by the number of the record."""
    pages = RecordPages(DEFINITION, before)
    for number, count in enumerate(counts, before + 1):
        page, kinds, _ = pages.begin_record()
        page.times.append(number)
        page.ends.append(0)
        kinds.append(1)
        if number in landmarks:
            pages.add_events((SourceLost(number, "x"),), landmarks[number])
        pages.add_entries(count)
    return pages


@pytest.fixture(autouse=True)
def small_memory(monkeypatch) -> None:
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 1)
    monkeypatch.setattr(record_pages, "GROUPS_IN_MEMORY", 1)


@pytest.mark.parametrize("before", [0, 500])
def test_entries_lead_to_records_and_back(before: int) -> None:
    counts = [(0, 1, 3, 1)[number % 4] for number in range(3 * PAGE_SIZE + 7)]
    pages = pages_of(counts, {}, before)
    expected = [number for number, count in enumerate(counts, before + 1) for _ in range(count)]
    assert pages.entry_count == before + len(expected)
    assert [pages.number_at(before + entry) for entry in range(len(expected))] == expected
    assert pages.number_at(pages.entry_count) == pages.count + 1
    entry = before
    for number, count in enumerate(counts, before + 1):
        assert pages.first_entry_of(number) == entry
        entry += count
    assert pages.first_entry_of(pages.count + 1) == entry


@pytest.mark.parametrize("before", [0, 500])
@pytest.mark.parametrize("step", [1, -1])
def test_the_entries_of_selected_records_are_in_order(step: int, before: int) -> None:
    counts = [(0, 1, 3, 2)[number % 4] for number in range(PAGE_SIZE + 20)]
    pages = pages_of(counts, {}, before)
    for first, selected in ((1, b"\1\0\1\1"), (4, b"\1\1\0\1"), (PAGE_SIZE + 3, b"\0\1\1"), (7, b"\1\1\1"), (7, b"\0")):
        wanted = [before + first + at for at, is_selected in enumerate(selected) if is_selected]
        expected = [entry for number in wanted for entry in range(*map(pages.first_entry_of, (number, number + 1)))]
        assert [*pages.entries_of(before + first, selected, step)] == expected[::step]


def test_no_records_have_no_entries() -> None:
    pages = RecordPages(DEFINITION)
    assert (pages.entry_count, pages.number_at(0), pages.first_entry_of(1), pages.first) == (0, 1, 0, 1)


def test_landmarks_are_found_both_ways() -> None:
    places = {1: 1, 5: 2, PAGE_SIZE: 3, PAGE_SIZE + 1: 1, 3 * PAGE_SIZE: 2}
    pages = pages_of([1] * (4 * PAGE_SIZE), places)
    for bit in (1, 2):
        wanted = [number for number, bits in places.items() if bits & bit]
        assert follow(pages, bit, 0, 1) == wanted
        assert follow(pages, bit, pages.count + 1, -1) == wanted[::-1]
    assert pages.find_landmark(4, 0, 1) is None


def follow(pages: RecordPages, bit: int, number: int, step: int) -> list[int]:
    at = pages.find_landmark(bit, number, step)
    return [] if at is None else [at, *follow(pages, bit, at, step)]


def test_events_come_from_the_disk() -> None:
    places = dict.fromkeys((1, 2, 70, 200, PAGE_SIZE + 3), 1)
    pages = pages_of([2] * (2 * PAGE_SIZE), places)
    for number in places:
        assert pages.events_of(number) == (SourceLost(number, "x"),)
    assert pages.events_of(3) == ()
