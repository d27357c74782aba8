"""The faults of a report by kind: those that are written alike, with the last one of each.

In: a report. Out: the kinds, each with the codes, the values and what is shown of them in every form of a report.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sniffer.commands.report.findings import format_fault
from sniffer.commands.report.model import Episode, SessionReport
from sniffer.core.charger.events import Fault
from sniffer.core.protocol.definition import Definition
from sniffer.text.describe import format_fault_codes, list_doubts
from sniffer.text.faults.fault_card import build_fault_card, format_card, wrap_lines
from sniffer.text.faults.fault_values import format_fault_values


class FaultKind(NamedTuple):
    """One kind of fault: its meaning and connector, how many faults it has, and the last one."""

    name: str
    faults: int
    last: Fault


def list_fault_kinds(report: SessionReport) -> list[FaultKind]:
    """Return the kinds of faults in the order in which they were first raised."""
    kinds: dict[str, list[Episode]] = {}
    for episode in report.faults:
        kinds.setdefault(format_fault(episode), []).append(episode)
    return [FaultKind(name, len(found), found[-1].fault) for name, found in kinds.items()]


def format_fault_kind(kind: FaultKind, definition: Definition, width: int) -> Iterator[str]:
    """Yield a kind as lines: doubts, then for each meaning what it is, the values at the fault, advice and codes."""
    fault = kind.last
    rows = fault.diagnosis.rows
    about = f" (values of the last of {kind.faults:,})" if kind.faults > 1 else ""
    yield from wrap_lines(f"{kind.name}{about}", width=width)
    for doubt in list_doubts(fault.diagnosis, definition):
        yield from wrap_lines(f"≠ {doubt}", "  ", "  ", width=width)
    values, codes = format_fault_values(fault, definition, width - 2), list_codes(fault, definition)
    if not rows:
        yield from (f"  {line}" for line in values)
        for line in codes:
            yield from wrap_lines(line, "  ", "  ", width=width)
    for row in rows:
        title, *card = format_card(build_fault_card(row, definition), width, values, codes)
        yield from (card if len(rows) == 1 else (f"  or {title}", *card))
        # Of several meanings the first has the values and the codes of all.
        values, codes = [], []


def list_codes(fault: Fault, definition: Definition) -> Sequence[str]:
    """Return the received codes of a fault, and those that the error table adds."""
    implied = format_fault_codes(fault.diagnosis.implied, definition)
    received = f"received: {format_fault_codes(fault.codes, definition) or 'no code'}"
    return [received, *([f"by the error table also {implied}"] if implied else [])]
