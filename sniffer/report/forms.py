"""The three forms that a report is written in.

In: what is told. Out: one text, without the last line end.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from sniffer.report import text
from sniffer.report.html import page
from sniffer.report.jsonform import report_object
from sniffer.report.model import Report

Form = Literal["text", "html", "json"]

_ENDINGS: Mapping[str, Form] = {".html": "html", ".htm": "html", ".json": "json"}


def form_of(name: str | None) -> Form:
    """The form that the ending of a file's name asks for."""
    return _ENDINGS.get(Path(name or "").suffix.lower(), "text")


def written(report: Report, form: Form) -> str:
    """The report in this form."""
    if form == "json":
        return json.dumps(report_object(report))
    if form == "html":
        return page(report)
    return "\n".join(text.lines(report))
