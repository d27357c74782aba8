"""The state of a session in one line, for the error message of a test that waited in vain.

In: the source, the charger and the last record. Out: one line without control characters: trouble with the taps first,
then the charger, then the traffic.
"""

from collections.abc import Iterator

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import duration_between, format_duration
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.sources.source import Source
from sniffer.text import describe
from sniffer.text.registration_text import format_announced, format_loop, format_pending, format_restarts


def format_diagnosis(source: Source, snapshot: Snapshot, last: Record | None, definition: Definition) -> str:
    """Return the line."""
    now = source.now() if source.is_live else None
    parts = (
        *_format_taps(source),
        *_format_charger(snapshot, now, definition),
        _format_last(last, now),
        _format_bytes(snapshot),
    )
    return printable("; ".join(part for part in parts if part))


def _format_taps(source: Source) -> Iterator[str]:
    """Yield the taps that are lost, or whose rate is not known."""
    several = len(source.taps) > 1
    for tap in source.taps:
        name = f"{tap.name}: " if several else ""
        if tap.lost:
            yield f"{name}{tap.lost}"
        elif tap.rate and tap.baud is None:
            yield f"{name}no baud rate found yet ({tap.rate})"


def _format_charger(snapshot: Snapshot, now: int | None, definition: Definition) -> Iterator[str]:
    """Yield lines on the state of the charger. `now` is the present time if the source is live, else None."""
    for connector in snapshot.connectors:
        since = duration_between(connector.since, now)
        yield f"connector {connector.number} is {connector.status}" + (
            f" for {format_duration(since)}" if since else ""
        )
    for fault in snapshot.faults:
        yield f"fault {describe.describe_fault(fault, definition)}"
    for finding in snapshot.wiring:
        yield f"wiring: {finding.about}"
    registration = snapshot.registration
    if registration.state == "pending":
        yield format_pending(registration, now)
        yield format_announced(registration.announcements, registration.period)
    for restarts in snapshot.restarts:
        yield format_loop(restarts.loop) if restarts.loop else format_restarts(restarts)
    if not snapshot.connectors:
        yield "no connector has reported"


def _format_last(last: Record | None, now: int | None) -> str:
    """Return the last record and how long ago it was; empty if there was none. `now` None leaves that out."""
    if last is None:
        return ""
    row = describe.format_row(last)
    ago = duration_between(last.time, now)
    text = " ".join(part for part in (row.direction, row.sequence, row.name, row.summary) if part)
    return f"last: #{last.number}{f', {format_duration(ago)} ago' if ago is not None else ''}: {text}"


def _format_bytes(snapshot: Snapshot) -> str:
    ledger = snapshot.ledger
    if not ledger.read:
        return "" if ledger.lines else "not one byte was read"
    noise = [f"{format_count(size, 'byte')} {reason.value}" for reason, size in ledger.noise_bytes.items() if size]
    frames = format_count(ledger.frames, "frame")
    return f"{format_count(ledger.read, 'byte')} read: {frames}, noise: {', '.join(noise) or 'none'}"
