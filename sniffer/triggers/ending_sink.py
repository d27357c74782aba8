"""The sink that ends a session at the first record that matches a filter (`dump --exit-on`).

In: the records of a session. Out: the same records to another sink, up to the first that matches, and `reached`.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from sniffer.core.record import Record
from sniffer.filter.predicates import Filter
from sniffer.triggers.filter_watch import FilterWatch


class RecordSink(Protocol):
    """A consumer of records."""

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records."""
        ...


class EndingSink:
    """A sink in front of `sink`. `reached` is set once the record that matches was passed on; none follows it."""

    def __init__(self, sink: RecordSink, record_filter: Filter) -> None:
        self.reached = asyncio.Event()
        self._sink = sink
        self._watch = FilterWatch(record_filter)

    def receive(self, records: Sequence[Record]) -> None:
        """Pass on the records up to the first that matches."""
        if self.reached.is_set():
            return
        for count, record in enumerate(records, 1):
            if self._watch.matches(record):
                self._sink.receive(records[:count])
                self.reached.set()
                return
        self._sink.receive(records)
