"""The evaluation of one filter over the records of a session, for all triggers.

In: each record, once and in order. Out: True for a record that matches. No clock, no I/O.
"""

from sniffer.core.record import Record
from sniffer.filter.predicates import Filter


class FilterWatch:
    """One filter and the time of the last record, which the condition `delta` needs."""

    def __init__(self, record_filter: Filter) -> None:
        self._filter = record_filter
        self._before: int | None = None

    @property
    def text(self) -> str:
        """The text of the filter, as the user wrote it."""
        return self._filter.text

    def matches(self, record: Record) -> bool:
        """Return True if the next record of the session matches the filter."""
        is_match = self._filter.matches(record, self._before)
        if record.time is not None:
            self._before = record.time
        return is_match
