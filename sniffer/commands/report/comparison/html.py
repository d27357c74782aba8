"""A comparison of two sessions as one self-contained HTML page.

In: a comparison. Out: the page, in ASCII: the differences first, then the aligned states of each connector, then the
time line of both sessions, one above the other.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from sniffer.base.phrasing import format_times
from sniffer.commands.report.charts.latency import draw_latencies
from sniffer.commands.report.charts.markup import Markup, build_table, element, join_markup
from sniffer.commands.report.charts.timeline import draw_timeline
from sniffer.commands.report.comparison.alignment import Stretch, find_cycles
from sniffer.commands.report.comparison.compare import Alignment, Difference, SessionComparison
from sniffer.commands.report.findings import list_findings
from sniffer.commands.report.html import build_finding_list, build_section, fill_template
from sniffer.commands.report.model import SessionReport
from sniffer.commands.report.phrases import LEFT, RIGHT, format_headline, format_steps, format_verdict
from sniffer.text.ranks import Rank

SIDE_TAGS = {"left": f"only {LEFT}", "right": f"only {RIGHT}", None: "differs"}
"""The tag of a difference, by the side that alone has a value."""


def format_comparison_page(comparison: SessionComparison) -> str:
    """Return the whole page, in ASCII and without the last line end."""
    title = f"{comparison.left.name} against {comparison.right.name}"
    return fill_template(title, join_markup(_build_sections_of_both(comparison)))


def _build_sections_of_both(comparison: SessionComparison) -> Iterator[Markup]:
    sides = ((LEFT, comparison.left), (RIGHT, comparison.right))
    yield element("p", "two sessions compared", class_="over")
    yield element("h1", format_verdict(comparison))
    yield element("div", *(_build_side(name, report) for name, report in sides), class_="pair")
    for topic, found in groupby(comparison.differences, key=attrgetter("topic")):
        rows = [_build_difference_row(difference) for difference in found]
        yield build_section(topic.value.capitalize(), build_table(("what", "", LEFT, RIGHT), rows))
    for alignment in comparison.alignments:
        yield build_section(f"States of connector {alignment.connector}, in order", *_build_alignment(alignment))
    for name, report in sides:
        yield build_section(f"{name} in time: {report.name}", draw_timeline(report), draw_latencies(report))


def _build_side(name: str, report: SessionReport) -> Markup:
    """Return the header of one session with its findings."""
    return element(
        "section",
        element("h2", f"{name}: {report.name}"),
        element("p", ". ".join(format_headline(report)), class_="soft"),
        build_finding_list(list_findings(report)),
    )


def _build_difference_row(difference: Difference) -> Sequence[object]:
    rank = Rank.WARNING if difference.only is None else Rank.STATE if difference.only == "right" else Rank.QUIET
    tag = element("span", SIDE_TAGS[difference.only], class_=f"tag {rank}")
    return element("strong", difference.subject), tag, difference.left.text, difference.right.text


def _build_alignment(alignment: Alignment) -> Iterator[Markup]:
    groups = []
    for stretches, rounds in find_cycles(alignment.stretches):
        chips = [chip for stretch in stretches for chip in _build_chips(stretch)]
        if rounds > 1:
            chips.append(element("b", format_times(rounds)))
        groups.append(element("div", *chips, class_="moves again" if rounds > 1 else "moves"))
    yield from groups
    more = " There are more states, which were not aligned." if alignment.is_cut else ""
    yield element("p", f"Plain: both. Dashed: only {LEFT}. Thick: only {RIGHT}.{more}", class_="soft")


def _build_chips(stretch: Stretch) -> Iterator[Markup]:
    if stretch.is_same:
        yield from (element("span", step) for step in format_steps(stretch.left))
        return
    yield from (element("span", f"{LEFT}: {step}", class_="only-left") for step in format_steps(stretch.left))
    yield from (element("span", f"{RIGHT}: {step}", class_="only-right") for step in format_steps(stretch.right))
