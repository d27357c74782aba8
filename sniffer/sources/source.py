"""What every source is: it reads, and hands over what it read with the time of arrival.

A source calls `take` on the running asyncio loop, in order, for each read. It raises `SourceError` where it cannot be
opened or ends before its time; a message says what is wrong and how to mend it.
"""

import time
from collections.abc import Callable
from datetime import tzinfo
from typing import Protocol, runtime_checkable

from sniffer.core.pipeline import Given
from sniffer.core.wire.items import Note, TapState

Item = Given | Note
"""What a source hands over; a note comes before the record that it is at."""

Take = Callable[[Item], None]


class Source(Protocol):
    """One source of one session.

    `name` is for people. `is_live`: silence on it means something. `baud` is None where no line rate is known.
    `zone` is that of its times; None is the local one. `taps` is what is known of its taps now; none where it has none.
    `times_are_first_bytes`: a time is that of the first byte of what it comes with, and not of the end of a read.
    `needs_merging`: several live taps, whose frames have to be put in order.
    """

    @property
    def name(self) -> str: ...

    @property
    def is_live(self) -> bool: ...

    @property
    def baud(self) -> int | None: ...

    @property
    def zone(self) -> tzinfo | None: ...

    @property
    def taps(self) -> tuple[TapState, ...]: ...

    @property
    def times_are_first_bytes(self) -> bool: ...

    @property
    def needs_merging(self) -> bool: ...

    async def run(self, take: Take) -> None:
        """Read until the source ends."""
        ...

    def now(self) -> int | None:
        """The time on this source's clock; None where it has no times."""
        ...


@runtime_checkable
class Held(Protocol):
    """What a source is that holds a port, a connection or a pipe from its beginning; its `run` lets go at its end."""

    def close(self) -> None:
        """Let go of it, where it is not run."""
        ...


def let_go(source: Source) -> None:
    """Leave nothing open of a source that will not be run."""
    if isinstance(source, Held):
        source.close()


class SteadyClock:
    """Wall-clock nanoseconds that never step: anchored once, then counted by the monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        return self._offset + time.monotonic_ns()
