"""Read one source to its end and report on it, also on what was read until it ended before its time."""

import asyncio

from sniffer.errors import SourceError
from sniffer.pipeline import Pipeline
from sniffer.protocol.definition import Definition
from sniffer.report.model import Report
from sniffer.report.reporter import Reporter
from sniffer.session import Session
from sniffer.sources.source import Source

Stopped = SourceError | KeyboardInterrupt
"""What ends a source before its time: there is still something to tell."""


def read(source: Source, definition: Definition, baud: int | None) -> tuple[Report, Stopped | None]:
    """The report, and what stopped the reading; None where it came to the end."""
    reporter = Reporter(definition)
    session = Session(source, Pipeline(definition, baud=baud), [reporter])
    stopped: Stopped | None = None
    try:
        asyncio.run(session.run())
    except (SourceError, KeyboardInterrupt) as error:
        stopped = error
    complaint = str(stopped) if isinstance(stopped, SourceError) else ""
    return reporter.report(source.name, source.zone, session.snapshot(), complaint), stopped
