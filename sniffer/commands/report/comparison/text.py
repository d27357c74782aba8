"""A comparison of two sessions as lines for a terminal.

In: a comparison. Out: lines that are safe to show: both sessions, the differences by topic, and the aligned states of
each connector.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.sanitize import printable
from sniffer.commands.report.comparison.alignment import Stretch, find_cycles
from sniffer.commands.report.comparison.compare import Alignment, Difference, SessionComparison
from sniffer.commands.report.phrases import LEFT, RIGHT, format_headline, format_states, format_verdict
from sniffer.commands.report.text import format_section, format_table, wrap_text

SIDE_SIGNS = {"left": "-", "right": "+", None: "≠"}
"""The sign of a difference, by the side that alone has a value; `≠` if both have one."""


def format_comparison_lines(comparison: SessionComparison) -> Iterator[str]:
    """Yield the lines of the whole comparison."""
    for side, report in ((LEFT, comparison.left), (RIGHT, comparison.right)):
        yield f"{side}  {printable(report.name)}"
        yield from (f"   {line}" for line in format_headline(report))
    yield ""
    yield format_verdict(comparison)
    for topic, found in groupby(comparison.differences, key=attrgetter("topic")):
        yield from format_section(
            topic.value, format_table([("", "", LEFT, RIGHT), *map(_format_difference_row, found)])
        )
    for alignment in comparison.alignments:
        yield from format_section(f"states of connector {alignment.connector}, in order", _format_alignment(alignment))


def _format_difference_row(difference: Difference) -> tuple[str, str, str, str]:
    return SIDE_SIGNS[difference.only], difference.subject, difference.left.text, difference.right.text


def _format_alignment(alignment: Alignment) -> Iterator[str]:
    for stretches, rounds in find_cycles(alignment.stretches):
        for stretch in stretches:
            yield from _format_stretch(stretch)
        if rounds > 1:
            yield f"  ({format_count(len(stretches), 'line')}, {format_times(rounds)})"
    if alignment.is_cut:
        yield "… there are more, which were not aligned"


def _format_stretch(stretch: Stretch) -> Iterator[str]:
    sides = {"=": stretch.left} if stretch.is_same else {"-": stretch.left, "+": stretch.right}
    for sign, states in sides.items():
        if states:
            yield from wrap_text(f"{sign} {format_states(states)}", hanging="  ")
