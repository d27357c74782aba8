"""A comparison as one HTML page: what differs first, then both sessions in time, one above the other."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from sniffer.report.alignment import Stretch, repeats
from sniffer.report.compare import Alignment, Comparison, Difference
from sniffer.report.findings import findings
from sniffer.report.html import bound, finding_list, section, table
from sniffer.report.latencies import answers_chart
from sniffer.report.markup import Markup, element, joined
from sniffer.report.model import Report, times
from sniffer.report.timeline import timeline
from sniffer.report.words import LEFT, RIGHT, headline, same_or_not, steps

SIDES = {"left": f"only {LEFT}", "right": f"only {RIGHT}", None: "differs"}


def page(comparison: Comparison) -> str:
    """The whole page."""
    title = f"{comparison.left.name} against {comparison.right.name}"
    return bound(title, joined(_sections(comparison)))


def _sections(comparison: Comparison) -> Iterator[Markup]:
    sides = ((LEFT, comparison.left), (RIGHT, comparison.right))
    yield element("p", "two sessions compared", class_="over")
    yield element("h1", same_or_not(comparison))
    yield element("div", *(_side(name, report) for name, report in sides), class_="pair")
    for topic, found in groupby(comparison.differences, key=attrgetter("topic")):
        rows = [_row(difference) for difference in found]
        yield section(topic.value.capitalize(), table(("what", "", LEFT, RIGHT), rows))
    for alignment in comparison.alignments:
        yield section(f"States of connector {alignment.connector}, in order", *_alignment(alignment))
    for name, report in sides:
        yield section(f"{name} in time: {report.name}", timeline(report), answers_chart(report))


def _side(name: str, report: Report) -> Markup:
    """Which session this is, and what is to be known of it first."""
    return element(
        "section",
        element("h2", f"{name}: {report.name}"),
        element("p", ". ".join(headline(report)), class_="soft"),
        finding_list(findings(report)),
    )


def _row(difference: Difference) -> Sequence[object]:
    kind = "warn" if difference.only is None else "bad" if difference.only == "right" else "quiet"
    tag = element("span", SIDES[difference.only], class_=f"tag {kind}")
    return element("strong", difference.what), tag, difference.left.text, difference.right.text


def _alignment(alignment: Alignment) -> Iterator[Markup]:
    groups = []
    for stretches, rounds in repeats(alignment.stretches):
        chips = [chip for stretch in stretches for chip in _chips(stretch)]
        if rounds > 1:
            chips.append(element("b", times(rounds)))
        groups.append(element("div", *chips, class_="moves again" if rounds > 1 else "moves"))
    yield from groups
    more = " There are more states, which were not aligned." if alignment.cut else ""
    yield element("p", f"Plain: both. Dashed: only {LEFT}. Thick: only {RIGHT}.{more}", class_="soft")


def _chips(stretch: Stretch) -> Iterator[Markup]:
    if stretch.is_same:
        yield from (element("span", step) for step in steps(stretch.left))
        return
    yield from (element("span", f"{LEFT}: {step}", class_="only-left") for step in steps(stretch.left))
    yield from (element("span", f"{RIGHT}: {step}", class_="only-right") for step in steps(stretch.right))
