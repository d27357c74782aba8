"""Keep the pages of a record store: the last ones in memory, all others on the disk.

In: packed records, in order. Out: the page of each, its events, and the entries that a list shows for it. Of a page on
the disk only its summary stays in memory: one byte for the kind of each record, the number of its first entry, and
which landmarks it holds. If the disk does not take a page, the oldest pages are given up, and `first` moves on.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import chain, compress, repeat
from operator import sub

from sniffer.core.charger.events import Event
from sniffer.core.protocol.definition import Definition
from sniffer.history.records.event_codec import EventCodec, EventsByNumber, restore_preceding
from sniffer.history.records.page import PAGE_SIZE, Page
from sniffer.history.records.page_cache import PageCache
from sniffer.history.records.page_file import PageFile

PAGES_IN_MEMORY = 8
GROUPS_IN_MEMORY = 128
"""The number of pages and groups of events in memory that are not written yet, and of those that were read last."""

GROUP_SIZE = 16
"""The number of records whose events are packed together: few enough to be packed or read in about a millisecond."""

GROUPS_OF_A_PAGE = PAGE_SIZE // GROUP_SIZE

GIVEN_UP = 16
"""If the disk is full, this part of the older pages is given up at once (a sixteenth), so that it is not done for each
new page."""


class RecordPages:
    """The pages of one session. `before` is the number of earlier records, which have no pages.

    `count` is the number of the last record. `kinds` holds the numbers of the kinds of the records of each page.
    """

    def __init__(self, definition: Definition, before: int = 0, file: PageFile | None = None) -> None:
        self.before = self.count = before
        self.kinds: list[bytes | bytearray] = []
        self._file = file or PageFile()
        events = EventCodec(definition)
        self._pages = PageCache[Page](
            self._file, "records", PAGES_IN_MEMORY, Page.pack, Page.unpack, self._give_up_before
        )
        self._groups = PageCache[EventsByNumber](
            self._file, "events", GROUPS_IN_MEMORY, events.pack, events.unpack, self._give_up_for_group
        )
        self._page = Page()
        self._events: EventsByNumber = {}
        self._group = 0
        self._latest: Page | None = None
        self._latest_place = 0
        """The full page that was located last, as most records are read in order."""
        self._first_page = 0
        self._first_entries = array("Q")
        self._landmarks = bytearray()
        self._entries = before

    @property
    def first(self) -> int:
        """The number of the first record that is kept."""
        return self.before + self._first_page * PAGE_SIZE + 1

    @property
    def error(self) -> str:
        """The reason why the disk does not take pages; empty if it takes them."""
        return self._file.error if self._first_page else ""

    @property
    def entry_count(self) -> int:
        """The number of the entry after the last one. Entries are counted from `before` on."""
        return self._entries

    def begin_record(self) -> tuple[Page, bytearray, int]:
        """Return the page of the next record, the kinds of its records, and the index of the record."""
        index = (self.count - self.before) % PAGE_SIZE
        if not index:
            self._begin_page()
        self.count += 1
        kinds = self.kinds[-1]
        assert isinstance(kinds, bytearray)
        return self._page, kinds, index

    def add_entries(self, count: int) -> None:
        """Add the number of entries of the record that was begun last."""
        self._entries += count
        self._page.entry_ends.append(self._entries - self._first_entries[-1])

    def add_events(self, events: tuple[Event, ...], landmarks: int) -> None:
        """Add the events of the record that was begun last, and the bits of the landmarks that it is."""
        place = self.count - 1 - self.before
        group = place // GROUP_SIZE
        if group != self._group:
            if self._events:
                self._groups.add(self._group, self._events)
            self._group, self._events = group, {}
        self._events[self.count] = events
        if landmarks:
            self._page.set_landmarks(place % PAGE_SIZE, landmarks)
            self._landmarks[-1] |= landmarks

    def holds(self, number: int) -> bool:
        """Return True if the record of this number is kept."""
        return self.first <= number <= self.count

    def locate(self, number: int) -> tuple[Page, int]:
        """Return the page of a record, and its index there. Raises `IndexError` if the record is not kept."""
        place, index = divmod(number - 1 - self.before, PAGE_SIZE)
        if place == self._latest_place and self._latest is not None:
            return self._latest, index
        page = self._find(number, place)
        if page is not self._page:
            self._latest_place, self._latest = place, page
        return page, index

    def locate_to_change(self, number: int) -> tuple[Page, int]:
        """Return the page of a record, and its index there, for a caller that changes the page. Raises `IndexError`."""
        place, index = divmod(number - 1 - self.before, PAGE_SIZE)
        # The latest page may have left the cache meanwhile: the one there is changed and written.
        self._latest = None
        page = self._find(number, place)
        self._pages.mark_changed(place)
        return page, index

    def _find(self, number: int, place: int) -> Page:
        """Return the page at a place that has this record. Raises `IndexError` if the record is not kept."""
        if self.holds(number):
            page = self._page if place == len(self.kinds) - 1 else self._pages.get(place)
            if page is not None:
                return page
        raise IndexError(f"no record {number}")

    def kind_number(self, number: int) -> int:
        """Return the number of a record's kind. Raises `IndexError` if there is no such record."""
        if not self.before < number <= self.count:
            raise IndexError(f"no record {number}")
        place, index = divmod(number - 1 - self.before, PAGE_SIZE)
        return self.kinds[place][index]

    def events_of(self, number: int) -> tuple[Event, ...]:
        """Return the events of a record; empty if it has none, or if they are not kept."""
        return tuple(restore_preceding(event, self._find_stored_events) for event in self._find_stored_events(number))

    def _find_stored_events(self, number: int) -> tuple[Event, ...]:
        """Return the events of a record as they are stored."""
        if not self.holds(number):
            return ()
        group = (number - 1 - self.before) // GROUP_SIZE
        events = self._events if group == self._group else self._groups.get(group)
        return events.get(number, ()) if events else ()

    def first_entry_of(self, number: int) -> int:
        """Return the first entry of a record; if it has none, that of the next one."""
        if number > self.count:
            return self._entries
        place, index = divmod(number - 1 - self.before, PAGE_SIZE)
        if not index or number < self.first:
            return self._first_entries[place] if number > self.before else self.before
        return self._first_entries[place] + self.locate(number)[0].first_entry(index)

    def entries_of(self, first: int, selected: bytes, step: int) -> Iterable[int]:
        """Return the entries of selected records of one page, forward or backward (`step` 1 or -1).

        `selected` has a byte for each record from `first` on, 0 for those that are left out. Raises `IndexError` if the
        records are not kept.
        """
        place, index = divmod(first - 1 - self.before, PAGE_SIZE)
        if 0 not in selected and self.holds(first):
            entries = range(self.first_entry_of(first), self.first_entry_of(first + len(selected)))
            return entries[::step]
        page, _ = self.locate(first)
        ends, begin = page.entry_ends[index : index + len(selected)], page.first_entry(index)
        counts = map(sub, ends, chain((begin,), ends))
        mask = bytes(chain.from_iterable(map(repeat, selected, counts)))
        base = self._first_entries[place] + begin
        return compress(range(base, base + len(mask))[::step], mask[::step])

    def number_at(self, entry: int) -> int:
        """Return the number of the record that an entry belongs to."""
        if not self.kinds:
            return self.before + 1
        place = max(0, bisect_right(self._first_entries, entry) - 1)
        base = self.before + place * PAGE_SIZE + 1
        if base < self.first:
            return base
        page, _ = self.locate(base)
        return base + bisect_right(page.entry_ends, entry - self._first_entries[place])

    def find_landmark(self, landmark: int, number: int, step: int) -> int | None:
        """Return the number of the next record after `number` with this bit, or before it if `step` is -1.

        Returns None if there is none.
        """
        matches = bytes(bool(bits & landmark) for bits in range(256))
        place, index = divmod(number + step - 1 - self.before, PAGE_SIZE)
        while self._first_page <= place < len(self._landmarks):
            if self._landmarks[place] & landmark:
                base = self.before + place * PAGE_SIZE + 1
                found = (self.locate(base)[0].landmarks or b"").translate(matches)
                at = found.find(b"\1", index) if step > 0 else found.rfind(b"\1", 0, index + 1)
                if at >= 0:
                    return base + at
            place, index = place + step, 0 if step > 0 else PAGE_SIZE - 1
        return None

    def _begin_page(self) -> None:
        """Pass the full page on to the file and begin the next one."""
        if self.kinds:
            self._page.close()
            self.kinds[-1] = bytes(self.kinds[-1])
            self._pages.add(len(self.kinds) - 1, self._page)
        self._page = Page()
        self.kinds.append(bytearray())
        self._first_entries.append(self._entries)
        self._landmarks.append(0)

    def _give_up_for_group(self, group: int) -> bool:
        return self._give_up_before(group // GROUPS_OF_A_PAGE)

    def _give_up_before(self, place: int) -> bool:
        """Give up the oldest pages, so that the disk takes this one. Return False if the page itself is given up."""
        self._latest = None
        older = place - self._first_page
        if older <= 0:
            self._first_page = max(self._first_page, min(place + 1, len(self.kinds) - 1))
        else:
            self._first_page += max(1, older // GIVEN_UP)
        self._pages.remove_before(self._first_page)
        self._groups.remove_before(self._first_page * GROUPS_OF_A_PAGE)
        return older > 0
