"""The descriptions of events, in one wording for the screen, `dump` and the reports.

In: an event, and the definition that names its codes. Out: a single line, safe to show (`sniffer.base.sanitize`).
"""

from sniffer.base.sanitize import printable
from sniffer.base.times import MILLISECOND, duration_between, format_duration, format_offset
from sniffer.core.charger import events
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.link import Route
from sniffer.text.describe import describe_card_reader, describe_fault, describe_illegal_move, format_place
from sniffer.text.link_health import format_health
from sniffer.text.mended_text import RESTS_ON_MENDED
from sniffer.text.quantities import format_quantity, format_value
from sniffer.text.registration_text import format_startup_event


def describe_event(event: events.Event, definition: Definition) -> str:
    """Return the line that describes an event, safe to show."""
    return printable(_format_event(event, definition))


def _format_event(event: events.Event, definition: Definition) -> str:
    """Return the text of an event, not escaped."""
    match event:
        case events.FaultRaised() | events.FaultChanged() | events.FaultCleared():
            return _format_fault(event, definition)
        case events.CardReaderFault():
            return "card reader does not answer"
        case events.CardReaderFaultEnded(fault=card_reader):
            return f"card reader fault over: {describe_card_reader(card_reader.count, card_reader.period)}"
        case events.Booted() | events.RegistrationChanged() | events.Restarted():
            return format_startup_event(event)
        case events.BootLoop() | events.BootLoopEnded():
            return format_startup_event(event)
        case events.Unanswered() | events.Retransmitted() | events.Overdue():
            return _format_exchange(event)
        case events.StatusChanged():
            return _format_status(event, definition)
        case events.Contradicted():
            return f"connector {event.connector} contradicts itself: {event.about} ({event.provenance})"
        case events.Warned():
            return f"connector {event.connector}, warning: {event.about} ({event.provenance})"
        case events.Disagreed():
            return _format_disagreement(event, definition)
        case events.ImplausibleMeasurement():
            return _format_implausible(event, definition)
        case events.LinkHealthChanged(link=link):
            return f"link: {format_health(link, event.time)}: {link.reason}"
        case events.OcppFailed():
            return _format_ocpp_failure(event)
        case events.ClockOffset():
            return _format_clock_offset(event)
        case _:
            return _format_tap_event(event)


def _format_fault(event: events.FaultRaised | events.FaultChanged | events.FaultCleared, definition: Definition) -> str:
    """Return the text of a fault that begins, changes or ends."""
    match event:
        case events.FaultRaised(fault=fault):
            again = f", for the {_format_ordinal(fault.earlier + 1)} time" if fault.earlier else ""
            return f"fault raised: {describe_fault(fault, definition)}{again}"
        case events.FaultChanged(fault=fault):
            return f"fault changed: {describe_fault(fault, definition)}"
        case events.FaultCleared(fault=fault):
            after = _format_after(duration_between(fault.since, fault.cleared))
            return f"fault cleared: {describe_fault(fault, definition)}{after}"


def _format_exchange(event: events.Unanswered | events.Retransmitted | events.Overdue) -> str:
    """Return the text of an exchange that is not as it should be: an answer or a report is missing, or a repetition."""
    match event:
        case events.Unanswered():
            tries = f", sent {event.tries} times" if event.tries > 1 else ""
            return f"unanswered: {event.name}{_format_key(event)} of {format_place(event.asked)}{tries}"
        case events.Retransmitted():
            first = format_place(event.first)
            return f"sent again: {event.name}{_format_key(event)}, first in {first}, {event.tries} times now"
        case events.Overdue():
            due = f"due every {format_duration(event.period)}, {format_duration(event.late)} late"
            return f"overdue: {event.name}{_format_direction(event.route)}, {due}"


def _format_tap_event(
    event: events.SourceLost
    | events.SourceBack
    | events.RateFound
    | events.LatenessKnown
    | events.SourceShared
    | events.LineErrorReported
    | events.Miswired
    | events.MiswiringEnded,
) -> str:
    """Return the text of an event of a tap itself."""
    match event:
        case events.SourceLost():
            return f"source lost{_format_tap(event.tap)}: {event.reason}"
        case events.SourceBack():
            return f"source back{_format_tap(event.tap)}: {event.how}{_format_after(event.away)}"
        case events.RateFound():
            found = f"{event.baud} baud" if event.baud else "baud rate undetermined"
            evidence = event.evidence.removeprefix(f"{event.baud or 'undetermined'}: ")
            return f"{found}{_format_tap(event.tap)}: {evidence}"
        case events.LatenessKnown():
            most = f"{event.late / MILLISECOND:g} ms"
            return f"times{_format_tap(event.tap)} may be up to {most} late: the adapter may hold bytes back so long"
        case events.SourceShared():
            return f"port shared{_format_tap(event.tap)} with {event.holder}: it takes bytes, so bytes may be missing"
        case events.LineErrorReported():
            return f"{event.error} error{_format_tap(event.tap)} at a byte that the capture does not hold"
        case events.Miswired():
            return f"wiring: {event.about}"
        case events.MiswiringEnded():
            return f"wiring: {event.kind} no more{''.join(_format_tap(tap) for tap in event.taps)}"


def _format_status(event: events.StatusChanged, definition: Definition) -> str:
    """Return a change of a connector's status, with remarks on the move."""
    name = definition.name_of_move(event.before, event.after)
    remarks = [
        *([name] if name else []),
        *([describe_illegal_move(definition)] if event.legal is False else []),
        *([RESTS_ON_MENDED] if event.seen.mended else []),
    ]
    move = f"{event.before or 'first report'} → {event.after}{_format_after(event.dwell, comma='')}"
    return f"connector {event.connector}: {move}{''.join(f'  ({remark})' for remark in remarks)}"


def _format_disagreement(event: events.Disagreed, definition: Definition) -> str:
    reported, relayed = (_format_field(event.field, raw, definition) for raw in (event.reported, event.relayed))
    passed_on = f"{event.action} says" if event.action else "relayed as"
    report = format_place(event.report)
    return f"connector {event.connector}: {passed_on} {relayed}, but {report} reported {reported}"


def _format_implausible(event: events.ImplausibleMeasurement, definition: Definition) -> str:
    where = "" if event.connector is None else f"connector {event.connector}, "
    value, limit = (format_value(number, event.unit) for number in (event.value, event.limit))
    about = f"{event.about}: {value}, limit {limit} ({event.provenance})"
    return f"implausible: {where}{format_quantity(event.field, definition)} {about}"


def _format_ocpp_failure(event: events.OcppFailed) -> str:
    request = f" of {format_place(event.request)}" if event.request else ""
    description = f": {event.description}" if event.description else ""
    return f"OCPP error: {event.action or 'call'} {event.id}{request} failed with {event.code}{description}"


def _format_clock_offset(event: events.ClockOffset) -> str:
    label, zone = format_offset(event.label), format_offset(event.label + event.difference)
    return (
        f"the log's time stamps are labelled {label}, but the clock runs at UTC{zone}: "
        f"the time in the OCPP message of {format_place(event.seen)} shows it"
    )


def _format_after(duration: int | None, comma: str = ",") -> str:
    """Return a comma and the time that something took; empty if that is not known."""
    return "" if duration is None else f"{comma} after {format_duration(duration)}"


def _format_direction(route: Route) -> str:
    return f" ({route.direction})" if route.direction else ""


def _format_tap(tap: int) -> str:
    return f" (tap {tap})" if tap else ""


def _format_field(field: str, value: int | float | str, definition: Definition) -> str:
    names = {"status": definition.statuses.name_of, "ocpp_error": definition.ocpp_errors.name_of}
    if field in names:
        return names[field](value) if isinstance(value, int) else str(value)
    return f"{field.replace('_', ' ')} {value}"


def _format_ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _format_key(event: events.Unanswered | events.Retransmitted) -> str:
    """Return the sequence of a frame after a space; nothing on a link whose frames have none."""
    return f" {event.sequence:04X}" if event.route.link.sequence else ""
