"""A comparison as lines for a terminal."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from sniffer.printable import printable
from sniffer.report.alignment import Stretch, repeats
from sniffer.report.compare import Alignment, Comparison, Difference
from sniffer.report.model import counted, times
from sniffer.report.text import section, table, wrapped
from sniffer.report.words import LEFT, RIGHT, headline, same_or_not, states_text

SIGNS = {"left": "-", "right": "+", None: "≠"}
"""What only the left side has, what only the right one has, and what both have in another way."""


def lines(comparison: Comparison) -> Iterator[str]:
    """The whole comparison."""
    for side, report in ((LEFT, comparison.left), (RIGHT, comparison.right)):
        yield f"{side}  {printable(report.name)}"
        yield from (f"   {line}" for line in headline(report))
    yield ""
    yield same_or_not(comparison)
    for topic, found in groupby(comparison.differences, key=attrgetter("topic")):
        yield from section(topic.value, table([("", "", LEFT, RIGHT), *map(_row, found)]))
    for alignment in comparison.alignments:
        yield from section(f"states of connector {alignment.connector}, in order", _alignment(alignment))


def _row(difference: Difference) -> tuple[str, str, str, str]:
    return SIGNS[difference.only], difference.what, difference.left.text, difference.right.text


def _alignment(alignment: Alignment) -> Iterator[str]:
    for stretches, rounds in repeats(alignment.stretches):
        for stretch in stretches:
            yield from _stretch(stretch)
        if rounds > 1:
            yield f"  ({counted(len(stretches), 'line')}, {times(rounds)})"
    if alignment.cut:
        yield "… there are more, which were not aligned"


def _stretch(stretch: Stretch) -> Iterator[str]:
    sides = {"=": stretch.left} if stretch.is_same else {"-": stretch.left, "+": stretch.right}
    for sign, states in sides.items():
        if states:
            yield from wrapped(f"{sign} {states_text(states)}", hanging="  ")
