"""The records of a session, for tests of what is done with records."""

from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record


def records_of(*items: SourceItem, definition: Definition | None = None) -> list[Record]:
    """Return the records of a session of these items, from its beginning to its end.

    They are decoded by the packaged definition if `definition` is None.
    """
    pipeline = Pipeline(definition or packaged_definition())
    records = [record for item in items for record in pipeline.feed(item)]
    return records + pipeline.flush()
