"""The page of a report: one document with every finding, and nothing from a log as markup. `golden/` pins all of it."""

import base64
import hashlib
import re
from html import escape

from msgspec.structs import replace

from sniffer.commands.report import html
from sniffer.commands.report.findings import Level, ReportFinding
from sniffer.commands.report.model import RegistrationEpisode, RestartEpisode
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import Announcement
from sniffer.text.faults.advice import PRACTICE, load_handbook
from sniffer.text.faults.fault_card import DANGER
from tests.commands.report.helpers import episode_of, fault_of, plain_report, report_of

HOSTILE = "<script>alert(1)</script>"


def test_a_page_is_one_document_with_its_style() -> None:
    page = html.format_page(report_of("charging.pcapng"))
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<style>") == page.count("</html>") == 1


def test_a_browser_may_load_and_run_nothing_but_the_style_sheet() -> None:
    page = html.format_page(report_of("charging.pcapng"))
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    # The policy comes before all that it is about, and would block these.
    assert page.index("http-equiv") < page.index("<title>") < page.index("<style>")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script|<img|<link|url\(", page)


def test_names_are_text() -> None:
    page = html.format_page(plain_report(name=HOSTILE, charge_point_id=HOSTILE))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_findings_have_their_level() -> None:
    shown = html.build_finding_list([ReportFinding(Level.FAULT, "bad"), ReportFinding(Level.FINE, "good")])
    assert re.findall(r'<li class="([^"]*)"', shown) == ["fault", "good"]
    assert shown.index("bad") < shown.index("good")


def test_advice_stands_once_for_equal_faults() -> None:
    page = html.format_page(plain_report(faults=(episode_of(fault_of()), episode_of(fault_of(), is_over=False))))
    assert page.count("What to measure first") == 1
    assert page.count("General advice, not from the charger") == 1
    assert page.count('class="tag fault">active') == 1
    assert page.count('class="tag quiet">over') == 1


def test_advice_has_its_dangers_and_the_safety_line_before_its_first_step() -> None:
    page = html.format_page(plain_report(faults=(episode_of(fault_of()),)))
    advice = next(found for found in load_handbook().entries.values() if found.meaning == "Under voltage")
    step = page.index(f"<li>{advice.measure[0]}")
    assert page.index(f"{DANGER}</strong> {advice.danger[0]}") < page.index(load_handbook().safety) < step
    assert step < page.index(escape(load_handbook().afterwards))
    assert PRACTICE not in page


def test_registration_and_restarts_have_a_section_with_what_to_check() -> None:
    board = Announcement("<b>", "", "1", "")
    pending = plain_report(
        registration=Registration("pending", 1, announcement=board),
        registrations=(RegistrationEpisode(None, 1, None, None),),
        restart_episodes=(RestartEpisode("ocpp module", "a sign", Evidence(7, None, None)),),
    )
    page = html.format_page(pending)
    assert "Registration and restarts" in page
    assert "&lt;b&gt;, serial 1" in page
    assert "What to check" in page
    assert "a sign" in page
    accepted = replace(pending, registration=Registration("accepted", 1))
    assert "What to check" not in html.format_page(accepted)
    assert "Registration and restarts" not in html.format_page(replace(accepted, registrations=(), restart_episodes=()))
