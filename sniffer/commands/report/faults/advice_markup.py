"""The advice on the faults of a report as markup: for each meaning what it is, the values at the fault, and what to do.

In: a report. Out: markup. Dangers and the safety line stand before the first step.
"""

from collections.abc import Iterator

from sniffer.commands.report.charts.markup import Markup, element
from sniffer.commands.report.faults.fault_kinds import list_fault_kinds
from sniffer.commands.report.model import SessionReport
from sniffer.text.faults.advice import PRACTICE, Advice, load_handbook
from sniffer.text.faults.fault_card import DANGER, build_fault_card
from sniffer.text.faults.fault_values import summarize_fault_values


def build_advice(report: SessionReport) -> Iterator[Markup]:
    """Yield advice for each row of the error table that a fault can mean: what to measure first."""
    shown: set[str] = set()
    for kind in list_fault_kinds(report):
        values = summarize_fault_values(kind.last, report.definition)
        for row in kind.last.diagnosis.rows:
            advice = build_fault_card(row, report.definition).advice
            if advice is None or row.meaning in shown:
                continue
            if not shown:
                yield element("h3", "What to measure first")
                yield element("p", "General advice, not from the charger's document.", class_="soft")
            shown.add(row.meaning)
            yield element("p", element("strong", row.meaning), ": ", " ".join(advice.electrical))
            yield from (element("p", text) for text in values)
            yield from _build_steps(advice)


def _build_steps(advice: Advice) -> Iterator[Markup]:
    """Yield the dangers, the safety line, what to measure first, and what to do afterwards."""
    for danger in advice.danger:
        yield element("p", element("strong", DANGER), f" {danger}")
    yield element("p", load_handbook().safety)
    yield element("ol", *(element("li", step) for step in advice.measure))
    yield element("p", load_handbook().afterwards)
    if advice.uses_practice:
        yield element("p", PRACTICE, class_="soft")
