"""Find out whether packets of a user link type begin with a header that nobody named.

In: the packets that were taken for bytes of the line, each as it comes. Out: the option that names the size of the
header, if a frame stands after equally many bytes in each packet that ends with one. Nothing is skipped by this alone,
as noise may stand in front of frames too.
"""

from collections import Counter
from collections.abc import Callable

from sniffer.base.phrasing import format_count

LONGEST_HEADER = 64
"""The most bytes of a header that is looked for."""

MOST_PACKETS = 32
"""The packets with a frame that are looked at, of each link type."""

_ENOUGH = 3
"""The packets with a frame that show a header, at least."""


class HeaderSearch:
    """The search in one capture. `is_frame` returns True for the bytes of one whole frame."""

    def __init__(self, is_frame: Callable[[bytes], bool]) -> None:
        self._is_frame = is_frame
        self._sizes: dict[int, Counter[int]] = {}

    def add(self, link_type: int, data: bytes) -> None:
        """Take the next packet of a link type."""
        sizes = self._sizes.setdefault(link_type, Counter())
        if sizes.total() < MOST_PACKETS:
            longest = min(len(data), LONGEST_HEADER + 1)
            size = next((size for size in range(longest) if self._is_frame(data[size:])), None)
            if size is not None:
                sizes[size] += 1

    def describe(self) -> str:
        """Return which option names a header; empty if no packets seem to have one."""
        found = [
            (link_type, *sizes)
            for link_type, sizes in self._sizes.items()
            if len(sizes) == 1 and 0 not in sizes and sizes.total() >= _ENOUGH
        ]
        return "; ".join(
            f"{format_count(size, 'byte')} stand before the frame in each packet of link type {link_type}: if they are "
            f"a header, give --dlt {link_type}=raw+{size}"
            for link_type, size in found
        )
