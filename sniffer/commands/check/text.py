"""The judgement on a session as lines for a terminal, safe to show.

In: a judgement. Out: lines: the verdict, the differences by topic, what could not be judged, and what was assumed.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.commands.check.figures import MARGINS, format_figure
from sniffer.commands.check.judge import FailedFigure, SessionJudgement
from sniffer.commands.report.phrases import format_headline
from sniffer.commands.report.text import format_section, format_table, wrap_text

MOST_NAMED = 5
"""The number of good sessions that are named."""

_MARGIN_NAMES = {
    "latency": ("answers", "s"),
    "period": ("periods", "s"),
    "request share": ("shares of requests", "share"),
    "noise share": ("noise", "share"),
    "mean V": ("mean voltages", "V"),
    "V": ("voltages", "V"),
    "A": ("currents", "A"),
    "W": ("powers", "W"),
    "°C": ("temperatures", "°C"),
}
"""The quantity and the unit of each margin."""


def format_check_lines(result: SessionJudgement) -> Iterator[str]:
    """Yield the lines of the whole judgement."""
    yield printable(result.checked.name)
    yield from (f"  {line}" for line in format_headline(result.checked))
    names = [printable(report.name) for report in result.good]
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    good = format_count(len(names), "good session")
    yield from wrap_text(f"{good}: {', '.join(names[:MOST_NAMED])}{more}", hanging="  ")
    yield ""
    yield format_check_verdict(result)
    for topic, found in groupby(result.failed, key=attrgetter("topic")):
        yield from format_section(topic.value, format_table([("", "here", "good"), *map(_format_failed_row, found)]))
    rows = [(one.topic.value, one.name or "everything", one.reason) for one in result.unjudged]
    yield from format_section("not judged", format_table([("", "figure", "reason"), *rows]))
    yield from format_section("what a value may differ by", _format_basis(result))


def format_check_verdict(result: SessionJudgement) -> str:
    """Return the verdict in one line."""
    figures = format_count(result.judged, "figure")
    if result.failed:
        found = format_count(len(result.failed), "difference")
        return f"✕ {found} from the good sessions, in {figures}"
    if result.unjudged:
        left = f"{len(result.unjudged):,} could not be judged"
        return f"✓ no difference from the good sessions in the {figures} that could be judged; {left}"
    return f"✓ no difference from the good sessions, in {figures}"


def _format_failed_row(failed: FailedFigure) -> tuple[str, str, str]:
    return failed.name, failed.text, failed.good.text


def _format_basis(result: SessionJudgement) -> Iterator[str]:
    """Yield the margins around the values of good sessions, and that they are assumed where these show no spread."""
    if len(result.good) == 1:
        yield from wrap_text("one good session shows no spread: how far a value may be from it is assumed", hanging="")
    else:
        yield from wrap_text(
            "the good sessions' own spread, and beyond it, as the next one may lie outside (assumed):", hanging=""
        )
    parts = [f"{name} {_format_margin(kind, unit)}" for kind, (name, unit) in _MARGIN_NAMES.items()]
    yield from wrap_text("; ".join(parts), hanging="  ")


def _format_margin(kind: str, unit: str) -> str:
    """Return a margin as text: the share, the least amount, or both."""
    margin = MARGINS[kind]
    least = format_figure(margin.absolute, unit)
    return f"{100 * margin.relative:.0f} %, at least {least}" if margin.relative else least
