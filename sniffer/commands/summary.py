"""Format the summary of a session (`dump --summary`): sides, commands and faults, as lines or as JSON objects.

In: a snapshot. Out: text that is safe to show, or objects of the type `event`, with latencies and periods in seconds.
"""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from sniffer.base.sanitize import printable
from sniffer.base.times import format_clock, format_duration, format_iso, to_seconds
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.exchanges.exchange_book import DirectionActivity
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.formats.jsonl.fault_keys import build_fault_object
from sniffer.text import describe
from sniffer.text.code_numbers import format_vendor_code

Object = dict[str, Any]


def format_lines(snapshot: Snapshot, definition: Definition, zone: tzinfo | None) -> Iterator[str]:
    """Yield the summary as lines for people. `zone` is None for the local time zone."""
    exchanges = snapshot.exchanges
    for side in exchanges.sides:
        yield f"{_format_direction(side):<10} {side.frames:>9,} frames, last received {format_clock(side.last, zone)}"
    for command in exchanges.commands:
        counts = "".join(_format_counts(command))
        yield f"{_format_direction(command):<10} {command.count:>9,} {printable(command.name)}{counts}"
    for fault in snapshot.faults:
        yield f"{'fault':<10} {'active':>9} {printable(describe.describe_fault(fault, definition))}"
    for history in snapshot.past_faults:
        total = "" if history.total is None else f", {format_duration(history.total)} in all"
        codes = describe.format_fault_codes(history.codes, definition) or "no code"
        meaning = " or ".join(history.diagnosis.meanings) or "unknown fault"
        yield f"{'fault':<10} {history.count:>9,} {printable(f'{meaning} ({codes})')}{total}"


def format_objects(snapshot: Snapshot, definition: Definition, zone: tzinfo | None) -> Iterator[Object]:
    """Yield the summary as objects for scripts. `zone` is None for the local time zone."""
    for side in snapshot.exchanges.sides:
        yield (
            _build_event_object("side", side.last, zone)
            | build_route_object(side)
            | {"frames": side.frames, "bytes": side.bytes}
        )
    for command in snapshot.exchanges.commands:
        yield (
            _build_event_object("command", command.last, zone)
            | build_route_object(command)
            | build_command_object(command)
        )
    for fault in snapshot.faults:
        yield _build_event_object("fault_active", fault.since, zone) | build_fault_object(fault, definition)
    for history in snapshot.past_faults:
        yield _build_event_object("fault_history", history.last, zone) | _build_history_object(
            history, definition, zone
        )


def _format_direction(counts: DirectionActivity | CommandStats) -> str:
    return counts.route.direction or counts.route.link.name


def _format_counts(command: CommandStats) -> Iterator[str]:
    """Yield the outcomes of a command's frames that are not 0, its latencies and its period, each after a comma."""
    counts = {
        "answered": command.answered,
        "unanswered": command.unanswered,
        "sent again": command.retransmissions,
        "without a request": command.unasked,
        "unsolicited": command.unsolicited,
    }
    yield from (f", {count:,} {outcome}" for outcome, count in counts.items() if count)
    if latency := command.latency:
        p50, p95, longest = map(format_duration, (latency.p50, latency.p95, latency.longest))
        yield f", answers take {p50} (p50) {p95} (p95) {longest} (max)"
    if period := command.period:
        yield f", every {format_duration(period.median)}" + (
            "" if period.jitter is None else f" ±{format_duration(period.jitter)}"
        )


def _build_event_object(event: str, time: int | None, zone: tzinfo | None) -> Object:
    return {"type": "event", "time": format_iso(time, zone), "event": event}


def build_route_object(counts: DirectionActivity | CommandStats) -> Object:
    """Return the link and the direction as keys of an object."""
    return {"link": counts.route.link.name, "direction": counts.route.direction}


def build_command_object(command: CommandStats) -> Object:
    """Return the counts of one command. Latencies and periods are in seconds."""
    latency, period = command.latency, command.period
    digits = command.route.link.code_digits
    return {
        "command": None if command.code is None else f"{command.code:0{digits}X}",
        "name": command.name,
        "count": command.count,
        "answered": command.answered,
        "unanswered": command.unanswered,
        "retransmissions": command.retransmissions,
        "unasked": command.unasked,
        "unsolicited": command.unsolicited,
        "latency": latency
        and {"p50": to_seconds(latency.p50), "p95": to_seconds(latency.p95), "max": to_seconds(latency.longest)},
        "period": period and {"median": to_seconds(period.median), "jitter": to_seconds(period.jitter)},
    }


def _build_history_object(history: FaultHistory, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the keys of a fault that occurred before. `total` is the time that it lasted in all, in seconds."""
    codes, raised = history.codes, history.raised
    return {
        "connector": history.connector,
        "ocpp_error": None if codes.ocpp is None else definition.ocpp_errors.name_of(codes.ocpp),
        "vendor_error": None if codes.vendor is None else format_vendor_code(codes.vendor),
        "m4_error": codes.m4,
        "meaning": list(history.diagnosis.meanings),
        "count": history.count,
        "first": format_iso(history.first, zone),
        "total": to_seconds(history.total),
        "raised": {"number": raised.number} | ({} if raised.line is None else {"line": raised.line}),
    }
