"""A report as one JSON object. Scripts rely on every name here.

In: a report. Out: a dictionary in the order in which it is to be written. Times are ISO 8601, durations are seconds.
Both are null if the source has no times; record numbers then give the order.
"""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from sniffer.base.times import duration_between, format_iso, to_seconds
from sniffer.commands.report.faults.fault_kinds import list_fault_kinds
from sniffer.commands.report.findings import list_findings
from sniffer.commands.report.latency_histogram import LatencyHistogram, middle_of
from sniffer.commands.report.model import (
    ChartColumn,
    Episode,
    Exchange,
    Lane,
    Loss,
    MeasuredSeries,
    MeasuredSpan,
    QuietSpan,
    RegistrationEpisode,
    RestartEpisode,
    SessionReport,
    Span,
    TimelineMark,
    VoltageSpan,
)
from sniffer.commands.summary import build_command_object, build_route_object
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.protocol.phases import PHASES
from sniffer.formats.jsonl.card_keys import build_advice_object, build_vocabulary_objects
from sniffer.formats.jsonl.event_keys import build_boot_loop_keys, build_health_keys, build_move_key
from sniffer.formats.jsonl.fault_keys import build_fault_object
from sniffer.text.faults.fault_card import build_fault_card

Object = dict[str, Any]


def build_report_object(report: SessionReport) -> Object:
    """Return the whole report as an object."""
    return {
        "type": "report",
        "source": report.name,
        "charge_point_id": report.charge_point_id,
        "complete": not report.read_error,
        **({"mended": report.mended} if report.mended else {}),
        "complaint": report.read_error or None,
        **_build_extent_object(report, report.began, report.ended),
        "records": report.records,
        **build_health_keys(report.health, report.zone),
        "findings": [{"level": finding.level.value, "text": finding.text} for finding in list_findings(report)],
        "faults": [_build_episode_object(report, episode) for episode in report.faults],
        "faults_left_out": report.more_faults,
        "fault_kinds": [_build_kind_object(report, kind) for kind in report.past_faults],
        "connectors": [_build_lane_object(report, lane) for lane in report.lanes],
        "connectors_left_out": [*report.left_out],
        "boots": {
            "count": report.registration.series,
            "at": [_build_mark_object(report, boot) for boot in report.boot_marks],
            "loops": [build_boot_loop_keys(loop, report.zone) for loop in report.boot_loops],
        },
        "registrations": [_build_registration_object(episode, report.zone) for episode in report.registrations],
        "advice": [*_list_advice(report)],
        "restarts": [_build_restart_object(episode, report.zone) for episode in report.restart_episodes],
        "exchanges": [_build_exchange_object(exchange) for exchange in report.exchanges],
        "chains": [_build_chain_object(chain) for chain in report.chains],
        "ocpp": _build_ocpp_object(report),
        "link": _build_link_object(report),
        "card_reader": _build_card_reader_object(report),
        "voltages": _build_volts_object(report.voltages),
        "measured": [_build_series_object(series) for series in report.measured],
        "marks": {kind: [_build_mark_object(report, mark) for mark in marks] for kind, marks in report.marks.items()},
        "series": [_build_column_object(report, column) for column in report.columns],
    }


def _build_extent_object(report: SessionReport, begins: int, ends: int) -> Object:
    """Return the extent of a span as times, or as record numbers if the source has no times."""
    if not report.is_timed:
        return {"from": None, "to": None, "seconds": None, "records_from": begins, "records_to": ends}
    return {
        "from": format_iso(begins, report.zone),
        "to": format_iso(ends, report.zone),
        "seconds": to_seconds(ends - begins),
    }


def _format_time(report: SessionReport, moment: int) -> str | None:
    """Return a moment as ISO 8601, None if the source has no times."""
    return format_iso(moment, report.zone) if report.is_timed else None


def _build_episode_object(report: SessionReport, episode: Episode) -> Object:
    """Return a fault with its times and where it was first reported."""
    fault, raised = episode.fault, episode.raised
    return build_fault_object(fault, report.definition) | {
        "active": not episode.is_over,
        "from": format_iso(fault.since, report.zone),
        "to": format_iso(fault.cleared, report.zone),
        "seconds": to_seconds(episode.duration),
        "reports": fault.reports,
        "number": raised.number,
        "line": raised.line,
    }


def _list_advice(report: SessionReport) -> Iterator[Object]:
    """Yield the advice for each meaning that a fault can have."""
    rows = {row.meaning: row for kind in list_fault_kinds(report) for row in kind.last.diagnosis.rows}
    for meaning, row in rows.items():
        card = build_fault_card(row, report.definition)
        if advice := build_advice_object(card):
            yield {"meaning": meaning, **advice, "vocabularies": build_vocabulary_objects(card)}


def _build_kind_object(report: SessionReport, kind: FaultHistory) -> Object:
    return {
        "connector": kind.connector,
        "meaning": [*kind.diagnosis.meanings],
        "count": kind.count,
        "first": format_iso(kind.first, report.zone),
        "last": format_iso(kind.last, report.zone),
        "seconds": to_seconds(kind.total),
    }


def _build_lane_object(report: SessionReport, lane: Lane) -> Object:
    stays = {
        state: {"times": stay.times, "seconds": to_seconds(stay.total) if report.is_timed else None}
        for state, stay in lane.stays_by_state().items()
    }
    spans = [_build_span_object(report, span) for span in lane.spans]
    return {"connector": lane.connector, "reports": lane.reports, "stays": stays, "states": spans}


def _build_span_object(report: SessionReport, span: Span) -> Object:
    return {
        "status": span.state,
        **_build_extent_object(report, span.begins, span.ends),
        "number": span.number,
        "legal": span.is_legal,
        **build_move_key(span.move),
    }


def _build_mark_object(report: SessionReport, mark: TimelineMark) -> Object:
    return {"time": _format_time(report, mark.moment), "number": mark.number, "text": mark.text}


def _build_registration_object(episode: RegistrationEpisode, zone: tzinfo | None) -> Object:
    return {
        "state": "pending" if episode.is_pending else "accepted",
        "since": format_iso(episode.since, zone),
        "seconds": to_seconds(episode.waited),
        "announcements": episode.announcements,
        "period": to_seconds(episode.period),
        "evidence": episode.evidence,
    }


def _build_restart_object(episode: RestartEpisode, zone: tzinfo | None) -> Object:
    seen = episode.seen
    return {
        "of": episode.part,
        "time": format_iso(seen.time, zone),
        "number": seen.number,
        "line": seen.line,
        "evidence": episode.evidence,
    }


def _build_card_reader_object(report: SessionReport) -> Object | None:
    """Return the fault of the card reader, or None if it was not reported."""
    found = report.card_reader
    if found is None:
        return None
    return {
        "count": found.reports,
        "since": format_iso(found.fault.since, report.zone),
        "last": format_iso(found.fault.last, report.zone),
        "period": to_seconds(found.fault.period),
        "active": found.is_active,
    }


def _build_exchange_object(exchange: Exchange) -> Object:
    return (
        build_route_object(exchange.stats)
        | build_command_object(exchange.stats)
        | {"latency": build_latency_object(exchange.latencies), "expected": exchange.expected}
    )


def _build_chain_object(chain: ExchangeStats) -> Object:
    """Return an exchange across both links; `after` is the median time in seconds since the hop before."""
    hops = [
        {
            "link": hop.route.link.name,
            "direction": hop.route.direction,
            "command": hop.route.link.code_text(hop.code),
            "count": hop.count,
            "after": to_seconds(hop.after),
        }
        for hop in chain.hops
    ]
    return {"name": chain.name, "count": chain.chains, "whole": chain.whole, "hops": hops}


def _build_ocpp_object(report: SessionReport) -> Object:
    """Return the number of calls and answers of each OCPP action."""
    actions = [
        {
            "action": action.action,
            "direction": action.direction,
            "calls": action.calls,
            "results": action.results,
            "errors": action.errors,
        }
        for action in report.ocpp.actions
    ]
    return {"actions": actions, "without_call": report.ocpp.without_call}


def build_latency_object(answers: LatencyHistogram | None) -> Object | None:
    """Return the latencies of a command, or None if `answers` is None.

    `counts` holds pairs: a duration in seconds, and the number of answers that took about that long.
    """
    if answers is None:
        return None
    return {
        "count": answers.total,
        "p50": to_seconds(answers.percentile(50)),
        "p95": to_seconds(answers.percentile(95)),
        "p99": to_seconds(answers.percentile(99)),
        "max": to_seconds(answers.longest),
        "counts": [[to_seconds(middle_of(bucket)), count] for bucket, count in answers.counts.items()],
    }


def _build_link_object(report: SessionReport) -> Object:
    """Return the byte ledger with the losses and gaps."""
    ledger = report.ledger
    noise = {
        reason.value: {"count": count, "bytes": ledger.noise_bytes[reason]} for reason, count in ledger.noise.items()
    }
    return {
        "bytes": ledger.read,
        "frames": ledger.frames,
        "frame_bytes": ledger.frame_bytes,
        "noise": noise,
        "noise_share": report.noise_share,
        "lines": ledger.lines,
        "line_errors": {error.value: count for error, count in ledger.marked.items()},
        "gaps": [_build_gap_object(report, gap) for gap in report.gaps],
        "losses": [_build_loss_object(report, loss) for loss in report.losses],
        "losses_left_out": report.more_losses,
    }


def _build_loss_object(report: SessionReport, loss: Loss) -> Object:
    """Return a loss; `to` and `seconds` are None if the source did not come back."""
    return {
        "from": format_iso(loss.begins, report.zone),
        "to": format_iso(loss.ends, report.zone),
        "seconds": to_seconds(duration_between(loss.begins, loss.ends)),
        "reason": loss.reason,
        "number": loss.number,
        "tap": loss.tap,
    }


def _build_gap_object(report: SessionReport, gap: QuietSpan) -> Object:
    return _build_extent_object(report, gap.begins, gap.ends) | {"number": gap.number}


def _build_volts_object(voltages: tuple[VoltageSpan, ...]) -> Object | None:
    """Return voltages by phase, or None if there are none.

    They are rounded to 1 mV, so that rounding of sums does not show.
    """
    if not voltages:
        return None
    return {
        phase: {name: round(volts, 3) for name, volts in measured._asdict().items()}
        for phase, measured in zip(PHASES, voltages, strict=True)
    }


def _build_column_object(report: SessionReport, column: ChartColumn) -> Object:
    return {
        **_build_extent_object(report, column.begins, column.ends),
        "frames": column.frames,
        "noise_bytes": column.noise,
        "voltages": _build_volts_object(column.voltages),
        "measured": [span and _build_values_object(span) for span in column.measured],
    }


def _build_series_object(series: MeasuredSeries) -> Object:
    """Return a series of measured values over the whole session."""
    head = {"name": series.name, "connector": series.connector, "unit": series.unit}
    return head | _build_values_object(series.span)


def _build_values_object(span: MeasuredSpan) -> Object:
    """Return the values of a span, rounded to thousandths, so that rounding of sums does not show."""
    return {name: round(value, 3) for name, value in span._asdict().items()}
