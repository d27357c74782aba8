"""Helpers for the tests of triggers: records at given times, and filters."""

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.filter.compiler import compile_filter
from sniffer.filter.predicates import Filter
from sniffer.filter.vocabulary import Vocabulary
from tests.tui.helpers import status_report

DEFINITION = packaged_definition()


def filter_of(text: str) -> Filter:
    return compile_filter(text, Vocabulary(DEFINITION, lambda: None))


def status_records(*statuses: tuple[float, str]) -> list[Record]:
    """Return a status report at each of these seconds."""
    pipeline = Pipeline(DEFINITION)
    return [
        record
        for seconds, status in statuses
        for record in pipeline.feed(Chunk(status_report(status), round(seconds * SECOND)))
    ]


FAULT = status_records((1, "Available"), (2, "Faulted"), (3, "Available"), (4, "Faulted"))
"""Two reports of a fault, the second and the fourth record."""
