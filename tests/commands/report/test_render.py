"""The forms of a report: text, HTML and JSON, word for word as the files in `golden/`."""

from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.commands.report.render import Form, find_form, read_report
from sniffer.sources.open import open_source
from tests.commands.report.golden import FOLDER, reports
from tests.commands.report.helpers import DEFINITION
from tests.paths import CAPTURES

REPORTS = [*reports()]


@pytest.mark.parametrize(("path", "text"), REPORTS, ids=[path.name for path, _ in REPORTS])
def test_the_report_is_the_golden_one(path: Path, text: str) -> None:
    assert text == path.read_text("utf-8")


def test_every_golden_file_belongs_to_a_report() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {path.name for path, _ in REPORTS}


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.html", "html"), ("a.HTM", "html"), ("a.json", "json"), ("a.txt", "text"), ("a", "text"), ("a.pdf", None)],
)
def test_the_ending_chooses_the_form(name: str, form: Form | None) -> None:
    assert find_form(name) == form


def test_a_session_that_ends_too_early_is_reported_with_the_reason() -> None:
    report, stopped = read_report(open_source(str(CAPTURES / "cut-off.pcapng")), DEFINITION, None)
    assert isinstance(stopped, SourceError)
    assert report.read_error == str(stopped)
    assert report.records > 0


def test_a_session_that_is_whole_has_no_complaint() -> None:
    report, stopped = read_report(open_source(str(CAPTURES / "charging.pcapng")), DEFINITION, None)
    assert (report.read_error, stopped) == ("", None)
