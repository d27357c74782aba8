"""Keep the pages that were used last in memory, and write the others to the disk, one at a time.

In: pages by index (`add`), and requests for them. Out: the pages. Only a new page causes an older one to be written, so
the work is small and spread evenly, the event loop is never blocked for long, and reading never fails for a full disk.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from sniffer.history.records.page_file import PageFile, PageKind

Kept = TypeVar("Kept")


class PageCache(Generic[Kept]):
    """The pages of one part of a session. In memory are at most `limit` that are not written yet, and as many others.

    `make_room` is called with the index of a page that the disk does not take. It removes older pages, and returns
    True if the page is to be written again, False if the page is given up.
    """

    def __init__(
        self,
        file: PageFile,
        part: PageKind,
        limit: int,
        encode: Callable[[Kept], bytes],
        decode: Callable[[bytes], Kept],
        make_room: Callable[[int], bool],
    ) -> None:
        self._file = file
        self._part = part
        self._limit = limit
        self._encode = encode
        self._decode = decode
        self._make_room = make_room
        self._unwritten: OrderedDict[int, Kept] = OrderedDict()
        self._written: OrderedDict[int, Kept] = OrderedDict()
        """Those used last, the latest one at the end."""

    def __len__(self) -> int:
        """Return the number of pages in memory."""
        return len(self._unwritten) + len(self._written)

    def add(self, index: int, page: Kept) -> None:
        """Add a new page. Pages beyond the limit are written, the oldest one first."""
        self._unwritten[index] = page
        while len(self._unwritten) > self._limit:
            self._write(*self._unwritten.popitem(last=False))

    def get(self, index: int) -> Kept | None:
        """Return a page; None if there is none, or if it cannot be read any more."""
        page = self._unwritten.get(index)
        if page is not None:
            return page
        page = self._written.get(index)
        if page is not None:
            self._written.move_to_end(index)
            return page
        data = self._file.read(self._part, index)
        return None if data is None else self._keep(index, self._decode(data))

    def mark_changed(self, index: int) -> None:
        """Note that a page in memory was changed, so that it is written again."""
        if index in self._written:
            self._unwritten[index] = self._written.pop(index)

    def remove_before(self, index: int) -> None:
        """Remove all pages before this one."""
        for pages in (self._unwritten, self._written):
            for old in [known for known in pages if known < index]:
                del pages[old]
        self._file.remove_before(self._part, index)

    def _write(self, index: int, page: Kept) -> None:
        """Write a page to the file, and make room there if needed. If no room can be made, the page is lost."""
        data = self._encode(page)
        while not self._file.write(self._part, index, data):
            if not self._make_room(index):
                return
        self._keep(index, page)

    def _keep(self, index: int, page: Kept) -> Kept:
        """Keep a page that is on the disk in memory, in place of the one that was not used for longest."""
        self._written[index] = page
        if len(self._written) > self._limit:
            self._written.popitem(last=False)
        return page
