"""The page of a comparison: differences with a tag for their side, aligned states, and both time lines."""

from msgspec.structs import replace

from sniffer.commands.report.comparison.compare import compare
from sniffer.commands.report.comparison.html import format_comparison_page
from tests.commands.report.helpers import lane_of, plain_report, report_of


def page_of(left: list[str], right: list[str]) -> str:
    """Return the page for two sessions in which connector 1 had these states."""
    return format_comparison_page(
        compare(plain_report(lanes=(lane_of(*left),)), plain_report(lanes=(lane_of(*right),)))
    )


def test_a_comparison_shows_both_sides() -> None:
    one, other = replace(report_of("charging.pcapng"), name="one"), replace(report_of("mains-sag.pcapng"), name="other")
    page = format_comparison_page(compare(one, other))
    assert "<title>one against other</title>" in page
    assert "<h2>A in time: one</h2>" in page
    assert "<h2>B in time: other</h2>" in page
    assert "Under voltage" in page


def test_a_difference_has_the_tag_of_its_side() -> None:
    page = page_of(["Available", "Charging"], ["Available", "Preparing"])
    assert '<span class="tag quiet">only A</span>' in page
    assert '<span class="tag state">only B</span>' in page


def test_the_states_are_aligned() -> None:
    page = page_of(["Available", "Charging"], ["Available", "Preparing"])
    assert "<span>Available</span>" in page
    assert '<span class="only-left">A: Charging</span>' in page
    assert '<span class="only-right">B: Preparing</span>' in page
    assert "which were not aligned" not in page


def test_a_cycle_is_shown_once() -> None:
    page = page_of(["Available", "Charging"] * 2, ["Available"] * 2)
    assert page.count('<div class="moves again">') == 1
    assert "<b>2 times</b>" in page
    assert '<div class="moves again">' not in page_of(["Available"], ["Available"])
