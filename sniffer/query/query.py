"""A filter that is ready to be used. `sniffer.query.parser` makes them."""

from dataclasses import dataclass

from sniffer.pipeline import Record
from sniffer.query.logic import Test
from sniffer.shape import Shape


@dataclass(frozen=True, slots=True)
class Query:
    """One filter. It holds for records of the definition that its vocabulary was made of."""

    text: str
    test: Test

    def matches(self, record: Record, before: int | None) -> bool:
        """Whether this record is one of those wanted.

        `before` is the time of the last record before it that has one, whether that matches or not; None: there is
        none.
        """
        return self.test.matches(record, before)

    def verdict(self, shape: Shape) -> bool | None:
        """Whether all records of this shape are wanted (True), or none is (False); None: each has to be seen."""
        return self.test.verdict(shape)
