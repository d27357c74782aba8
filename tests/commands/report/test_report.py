"""A report agrees with its session in each of its forms."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sniffer.commands.report.render import Form, find_form, format_report, read_report
from sniffer.core.protocol.loader import packaged_definition
from sniffer.sources.open import open_source
from tests.commands.report.helpers import report_of
from tests.sample_sessions import FOLDER, SESSIONS
from tests.tools import EVSE_SNIFF

DEFINITION = packaged_definition()
LOG = str(FOLDER / "undervoltage.log")
HOSTILE = "</script><img src=http://x onerror=alert(1)>\x1b]0;owned\x07\u202e"


def report(name: str, form: Form) -> str:
    found, _ = read_report(open_source(name), DEFINITION, None)
    return format_report([found], form)


class Page(HTMLParser):
    """Every tag that is opened is closed; `tags` are all that stand there, `linked` what they point to."""

    EMPTY = ("meta", "br", "hr", "img", "input", "link")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.linked: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.linked += [value or "" for name, value in attrs if name in ("src", "href", "data", "action")]
        if tag not in self.EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self._open.pop() == tag


def test_the_log_s_fault_comes_first() -> None:
    lines = report(LOG, "text").splitlines()
    assert lines[:3] == [
        LOG,
        "  charge point 10427240, 2023-11-30 00:00:42 to 00:00:52 (+00:00), 10.00 s",
        "  15 frames, 0 pieces of noise, 12 other lines of the log",
    ]
    assert "✕ Under voltage on connector 1, active at the end, since 00:00:49.000 (#13)" in lines
    assert "✓ every byte is in a frame with a valid CRC: 15 frames" in lines


@pytest.mark.parametrize("name", [*SESSIONS, "undervoltage.log"])
def test_counts_are_those_of_dump(name: str) -> None:
    words = [*EVSE_SNIFF, "dump", "--json", str(FOLDER / name)]
    dumped = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    objects = [json.loads(line) for line in dumped.splitlines()]
    found = json.loads(report(str(FOLDER / name), "json"))
    assert found["records"] == max(one["number"] for one in objects)
    frames = sum(one["type"] == "frame" for one in objects)
    assert f"{frames:,} frames" in report(str(FOLDER / name), "text")
    assert len(found["faults"]) == len({one["number"] for one in objects if one.get("event") == "fault_raised"})


@pytest.mark.parametrize("name", [*SESSIONS, "undervoltage.log"])
def test_a_page_is_whole_and_needs_nothing_else(name: str) -> None:
    page = report(str(FOLDER / name), "html")
    found = Page(page)
    assert "script" not in found.tags
    assert found.linked == []
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", page)


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_what_a_log_holds_is_text_and_nothing_else(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "hostile<b>.log"
    lines = Path(LOG).read_text().replace("cpid = 10427240", f"cpid = {HOSTILE}")
    path.write_text(f"2023-11-30T00:00:42+0000 [{HOSTILE}] {HOSTILE}\n{lines}")
    shown = report(str(path), form)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)
    if form == "html":
        assert {"img", "b"}.isdisjoint(Page(shown).tags)


def test_a_file_that_was_cut_off_is_reported_as_incomplete() -> None:
    assert "not all could be read" in report(str(FOLDER / "cut-off.pcapng"), "text")
    assert json.loads(report(str(FOLDER / "cut-off.pcapng"), "json"))["complete"] is False


@pytest.mark.parametrize(("name", "form"), [("a.html", "html"), ("a.json", "json"), ("a.txt", "text"), ("a.csv", None)])
def test_the_ending_selects_a_form(name: str, form: str | None) -> None:
    assert find_form(name) == form


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    subprocess.run([*EVSE_SNIFF, "report", LOG, "-o", str(path)], check=True)
    assert path.read_text().rstrip() == report(LOG, "html").rstrip()
    done = subprocess.run([*EVSE_SNIFF, "report", LOG, "-o", str(path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "there already" in done.stderr


def compared(form: Form, *names: str) -> str:
    found = [read_report(open_source(str(FOLDER / name)), DEFINITION, None)[0] for name in names]
    return format_report(found, form)


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_a_good_unit_against_a_bad_one_differs_by_its_fault(form: Form) -> None:
    shown = compared(form, "charging.pcapng", "mains-sag.pcapng")
    assert "Under voltage" in shown
    assert "Faulted" in shown
    if form == "html":
        assert Page(shown).linked == []


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_two_sessions_can_be_compared_in_any_form(form: Form) -> None:
    for name in SESSIONS:
        assert compared(form, "charging.pcapng", name)
        assert compared(form, name, "undervoltage.log")


def test_the_report_on_a_log_with_missing_pieces_has_no_gap_and_counts_what_is_there() -> None:
    text = format_report([report_of("starcharge-idle.log")], "text")
    assert "gap" not in text
    assert "overdue" not in text
    assert "meter values pwr>com: 4 of 35 expected (pieces of the log may be missing)" in text
    assert "! card reader does not answer: 16 times, every 8.19 s" in text
