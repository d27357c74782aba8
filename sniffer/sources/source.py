"""The interface of all sources: a source reads bytes and hands them over with their arrival times.

In: nothing but what the source was opened with. Out: items, passed to a callback `take`, in order, one call for each
read. A source calls `take` on the running asyncio loop only. It raises `SourceError` if it cannot be opened or ends
before its time; the message says what is wrong and how to mend it.
"""

from collections.abc import Callable
from datetime import tzinfo
from typing import Protocol, runtime_checkable

from sniffer.core.pipeline import SourceItem
from sniffer.core.wire.items import Note, TapState

Item = SourceItem | Note
"""One item of a source. A note comes before the record that it belongs to."""

Take = Callable[[Item], None]
"""The callback that receives the items of a source."""


class Source(Protocol):
    """One open source of one session."""

    @property
    def name(self) -> str:
        """The name of the source, for people."""
        ...

    @property
    def about(self) -> str:
        """The kind of the source, for people: `a serial port`."""
        ...

    @property
    def is_live(self) -> bool:
        """True if bytes arrive as they are sent, so that silence ends an unfinished frame."""
        ...

    @property
    def baud(self) -> int | None:
        """The rate of the line in bits per second; None if it is not known."""
        ...

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of the times in a saved session; None for the local zone."""
        ...

    @property
    def taps(self) -> tuple[TapState, ...]:
        """The present state of each tap; empty if the source has no taps."""
        ...

    @property
    def times_are_first_bytes(self) -> bool:
        """True if a time belongs to the first byte of its data; False if it belongs to the end of a read."""
        ...

    @property
    def needs_merging(self) -> bool:
        """True for several live taps, whose frames have to be put in order."""
        ...

    async def run(self, take: Take) -> None:
        """Read until the source ends, then close it. Raises `SourceError`."""
        ...

    def now(self) -> int | None:
        """Return the time on the clock of this source in nanoseconds; None if it has no times."""
        ...

    def close(self) -> None:
        """Close what was opened, for a source that will not be run."""
        ...


@runtime_checkable
class HoldingSource(Protocol):
    """A live source that can hold its reads: then the loop sleeps while they are made, each with its own time.

    While they are held, `take` is called only within these functions, and when the source ends.
    """

    def hold(self, on_full: Callable[[], None]) -> bool:
        """Hold the reads from now on. Returns True if they are held, False if the source cannot do so now.

        `on_full` is called when many bytes wait to be collected.
        """
        ...

    def collect(self) -> float:
        """Pass on the reads that are held. Return for how many seconds nothing was read; infinity if none are held.

        If many bytes wait, only some of them are passed on, and `on_full` is called again soon.
        """
        ...

    def release(self) -> None:
        """Pass on the reads that are held, and hold no more."""
        ...
