"""Reports of the samples, and reports that differ from one of them in a single thing."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.commands.report.model import Episode, Exchange, Lane, SessionReport, Span
from sniffer.commands.report.render import read_report
from sniffer.core.charger.events import Fault
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from sniffer.sources.open import open_source
from tests.paths import CAPTURES

DEFINITION = packaged_definition()


@cache
def report_of(name: str) -> SessionReport:
    """Return the report of a sample."""
    report, _ = read_report(open_source(str(CAPTURES / name)), DEFINITION, None)
    return replace(report, name=name)


def plain_report(**changes: Any) -> SessionReport:
    """Return the report of a good charge, with these changes."""
    return replace(report_of("charging.pcapng"), **changes)


def fault_of(vendor: int | None = 0x200208, *, connector: int | None = 1, number: int = 5, since: int = 0) -> Fault:
    """Return an active fault with this vendor code."""
    codes = FaultCodes(None, vendor, None)
    seen = (Evidence(number, None, since * SECOND),)
    return Fault(
        connector=connector,
        codes=codes,
        since=since * SECOND,
        last=since * SECOND,
        cleared=None,
        evidence=seen,
        diagnosis=diagnose(codes, DEFINITION.errors),
        before=(),
    )


def episode_of(fault: Fault, *, seconds: float | None = 2.0, is_over: bool = True) -> Episode:
    """Return a fault that lasted so long."""
    cleared = None if seconds is None or not is_over else (fault.since or 0) + round(seconds * SECOND)
    return Episode(replace(fault, cleared=cleared), is_over, None if seconds is None else round(seconds * SECOND))


def lane_of(*states: str | None, connector: int | None = 1, each: int = 10) -> Lane:
    """Return a lane of these states, each so long."""
    spans = tuple(Span(state, each * at, each * (at + 1), at + 1) for at, state in enumerate(states))
    return Lane(connector, spans, len(spans))


def exchange_of(name: str = "status report", **stats: Any) -> Exchange:
    """Return an exchange of a command from the power board, without latencies."""
    values: Mapping[str, Any] = {"count": 10, "bytes": 100, "first": 0, "last": 9, **stats}
    route = COM_TO_PWR if name.endswith("answer") else PWR_TO_COM
    return Exchange(CommandStats(route, 1, name, **values), None)
