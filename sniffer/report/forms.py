"""The three forms that a report, or a comparison of two, is written in.

In: what is told. Out: one text, without the last line end.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from sniffer.report import compare_html, compare_text, html, text
from sniffer.report.compare import Comparison, compare
from sniffer.report.compare_json import comparison_object
from sniffer.report.jsonform import report_object
from sniffer.report.model import Report

Form = Literal["text", "html", "json"]

_ENDINGS: Mapping[str, Form] = {".html": "html", ".htm": "html", ".json": "json"}


def form_of(name: str | None) -> Form:
    """The form that the ending of a file's name asks for."""
    return _ENDINGS.get(Path(name or "").suffix.lower(), "text")


def written(reports: Sequence[Report], form: Form) -> str:
    """The report in this form; of two, what differs."""
    if len(reports) > 1:
        return _compared(compare(*reports), form)
    (report,) = reports
    if form == "json":
        return json.dumps(report_object(report))
    if form == "html":
        return html.page(report)
    return "\n".join(text.lines(report))


def _compared(comparison: Comparison, form: Form) -> str:
    if form == "json":
        return json.dumps(comparison_object(comparison))
    if form == "html":
        return compare_html.page(comparison)
    return "\n".join(compare_text.lines(comparison))
