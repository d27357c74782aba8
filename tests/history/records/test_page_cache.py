"""The cache of pages: few are in memory, all are there."""

from sniffer.history.records.page_cache import PageCache
from sniffer.history.records.page_file import PageFile


class CountedPages(PageFile):
    """A page file that keeps which pages are written and read, and takes nothing while `is_full`."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[int] = []
        self.reads: list[int] = []
        self.is_full = False

    def write(self, part: object, index: int, data: bytes) -> bool:
        """Write a page."""
        self.writes.append(index)
        return not self.is_full and super().write("records", index, data)

    def read(self, part: object, index: int) -> bytes | None:
        """Read a page."""
        self.reads.append(index)
        return super().read("records", index)


def cache_of(file: CountedPages, limit: int, given_up: list[int]) -> PageCache[bytearray]:
    def give_up(index: int) -> bool:
        given_up.append(index)
        return False

    return PageCache(file, "records", limit, bytes, bytearray, give_up)


def bytes_of(cache: PageCache[bytearray], index: int) -> bytes | None:
    page = cache.get(index)
    return None if page is None else bytes(page)


def test_new_pages_are_written_one_by_one_and_reading_writes_nothing() -> None:
    file = CountedPages()
    cache = cache_of(file, 2, [])
    for index in range(6):
        cache.add(index, bytearray([index]))
        assert file.writes == [*range(index - 1)]
    assert len(cache) == 4
    assert [bytes_of(cache, index) for index in range(7)] == [bytes([index]) for index in range(6)] + [None]
    assert file.writes == [0, 1, 2, 3]
    assert len(cache) == 4


def test_the_page_that_was_not_used_for_longest_leaves_memory() -> None:
    file = CountedPages()
    cache = cache_of(file, 2, [])
    for index in range(6):
        cache.add(index, bytearray([index]))
    assert file.reads == []
    for index in (0, 1, 0, 2, 0, 1):
        assert bytes_of(cache, index) == bytes([index])
    # 1 had to make room for 2, as 0 was used after it.
    assert file.reads == [0, 1, 2, 1]


def test_page_that_was_changed_is_written_again() -> None:
    file = CountedPages()
    cache = cache_of(file, 1, [])
    for index in range(4):
        cache.add(index, bytearray([index]))
    page = cache.get(0)
    assert page is not None
    page += b"!"
    cache.mark_changed(0)
    assert file.writes == [0, 1, 2]
    cache.add(4, bytearray(b"\4"))
    assert file.writes == [0, 1, 2, 3, 0]
    assert bytes_of(cache, 1) == b"\1"
    assert bytes_of(cache, 0) == b"\0!"


def test_page_that_the_disk_does_not_take_is_given_up() -> None:
    file, given_up = CountedPages(), list[int]()
    file.is_full = True
    cache = cache_of(file, 1, given_up)
    cache.add(0, bytearray(b"a"))
    cache.add(1, bytearray(b"b"))
    assert given_up == [0]
    assert cache.get(0) is None
    cache.remove_before(2)
    assert len(cache) == 0
