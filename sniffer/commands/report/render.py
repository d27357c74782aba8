"""The work of `evse-sniff report`: read each session to its end, and write the report in one of three forms.

A session that ends before its time is reported as well: the report covers what was read until then.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from sniffer.base.errors import NothingReadError, SourceError
from sniffer.commands.live_progress import LiveProgress, run_with_progress
from sniffer.commands.report.builder import ReportBuilder
from sniffer.commands.report.comparison.compare import SessionComparison, compare
from sniffer.commands.report.comparison.html import format_comparison_page
from sniffer.commands.report.comparison.json_form import build_comparison_object
from sniffer.commands.report.comparison.text import format_comparison_lines
from sniffer.commands.report.html import format_page
from sniffer.commands.report.json_form import build_report_object
from sniffer.commands.report.model import SessionReport
from sniffer.commands.report.text import format_lines
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.framer import LiveLimits
from sniffer.session import Session, Sink
from sniffer.sources.open import share_out
from sniffer.sources.source import Source

Form = Literal["text", "html", "json"]

_ENDINGS: Mapping[str, Form] = {".html": "html", ".htm": "html", ".json": "json", ".txt": "text", "": "text"}

ReadError = SourceError | KeyboardInterrupt
"""The errors that end a source before its time. The session is reported nevertheless."""


def read_report(
    source: Source,
    definition: Definition,
    baud: int | None,
    *,
    live: LiveLimits | None = None,
    mending: bool = False,
    progress: LiveProgress | None = None,
    sinks: Sequence[Sink] = (),
) -> tuple[SessionReport, ReadError | None]:
    """Read a source to its end; return its report, and what stopped the reading, None if it reached the end.

    `baud` is the rate that dates the bytes of a read; None if each has its own time, or if the rate is to be found.
    `live` are the limits of a live line. With `mending`, misread lines are mended. `sinks` receive the records as well.
    With `progress`, which is shown meanwhile, a signal is an end like any other. Raises `NothingReadError` for a file
    without anything that is read: a report on it would blame the line.
    """
    builder = ReportBuilder(definition)
    receivers: list[Sink] = [builder, progress, *sinks] if progress else [builder, *sinks]
    pipeline = Pipeline(definition, baud=baud, live=live, mending=mending)
    share_out(source, definition)
    session = Session(source, pipeline, receivers)
    stopped: ReadError | None = None
    try:
        asyncio.run(run_with_progress(session, progress) if progress else session.run())
    except NothingReadError:
        raise
    except (SourceError, KeyboardInterrupt) as error:
        stopped = error
    read_error = str(stopped) if isinstance(stopped, SourceError) else ""
    now = source.now() if source.is_live else None
    report = builder.build(source.name, source.zone, session.snapshot(), read_error, now=now)
    return replace(report, is_mendable=pipeline.is_mendable), stopped


def find_form(name: str) -> Form | None:
    """Return the form that the ending of a file's name selects: text without an ending, None for an unknown one."""
    return _ENDINGS.get(Path(name).suffix.lower())


def format_report(reports: Sequence[SessionReport], form: Form) -> str:
    """Return the text of one report in this form, or of the comparison of two, without the last line end."""
    if len(reports) > 1:
        return _format_comparison(compare(*reports), form)
    (report,) = reports
    if form == "json":
        return json.dumps(build_report_object(report))
    if form == "html":
        return format_page(report)
    return "\n".join(format_lines(report))


def _format_comparison(comparison: SessionComparison, form: Form) -> str:
    if form == "json":
        return json.dumps(build_comparison_object(comparison))
    if form == "html":
        return format_comparison_page(comparison)
    return "\n".join(format_comparison_lines(comparison))
