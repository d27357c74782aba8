"""Phrases that all forms of a report share.

In: parts of a report. Out: text with names as they came from the wire; each form makes it safe for its output.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.times import as_datetime, format_clock, format_duration
from sniffer.commands.report.comparison.alignment import find_cycles
from sniffer.commands.report.comparison.compare import SessionComparison
from sniffer.commands.report.findings import format_registration_outcome
from sniffer.commands.report.latency_histogram import LatencyHistogram
from sniffer.commands.report.model import Episode, Exchange, Lane, SessionReport, Span, Stay, format_share
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.text.describe import describe_illegal_move, format_place
from sniffer.text.exchange_text import format_hop, format_hop_time
from sniffer.text.quantities import format_quantity, format_value
from sniffer.text.registration_text import PART_NAMES

LEFT, RIGHT = "A", "B"
"""The names of the two sessions in a comparison."""


def format_headline(report: SessionReport) -> Iterator[str]:
    """Yield two sentences: the charger with the times of the session, and the counts of its records."""
    charger = f"charge point {report.charge_point_id}" if report.charge_point_id else ""
    if not charger and report.definition.tells_charge_point:
        charger = "charge point not known"
    yield ", ".join(filter(None, (charger, format_extent(report))))
    ledger = report.ledger
    counts = (
        format_count(ledger.frames, "frame"),
        format_count(sum(ledger.noise.values()), "piece of noise", "pieces of noise"),
        format_count(ledger.lines, "other line of the log", "other lines of the log"),
    )
    yield ", ".join(chain(counts[:2], counts[2:] if ledger.lines else ()))


def format_extent(report: SessionReport) -> str:
    """Return the first and the last moment of the session, and its length."""
    if not report.is_timed:
        return "the source has no times"
    begins, ends = (as_datetime(moment, report.zone) for moment in (report.began, report.ended))
    to = f"{ends:%H:%M:%S}" if begins.date() == ends.date() else f"{ends:%Y-%m-%d %H:%M:%S}"
    offset = f"{begins:%z}"
    lasted = report.format_length(report.ended - report.began)
    return f"{begins:%Y-%m-%d %H:%M:%S} to {to} ({offset[:3]}:{offset[3:5]}), {lasted}"


def format_ending(report: SessionReport, episode: Episode) -> str:
    """Return when a fault was cleared, or that it is still active."""
    if not episode.is_over:
        return "active at the end"
    return "over" if episode.fault.cleared is None else f"over at {format_clock(episode.fault.cleared, report.zone)}"


def format_latencies(answers: LatencyHistogram | None) -> tuple[str, str, str]:
    """Return the median latency, the 95th percentile and the longest one; three empty texts without latencies."""
    if answers is None:
        return "", "", ""
    return (
        format_duration(answers.percentile(50)),
        format_duration(answers.percentile(95)),
        format_duration(answers.longest),
    )


def format_period(stats: CommandStats) -> str:
    """Return the median time between two frames of a command; the text is empty if it is not periodic."""
    return format_duration(stats.period.median) if stats.period else ""


def format_exchange_cells(exchange: Exchange) -> Iterator[str]:
    """Return the cells of an exchange after its name and direction: counts, latencies, period."""
    stats = exchange.stats
    yield f"{stats.count:,}"
    for count in (stats.answered, stats.unanswered, stats.retransmissions):
        yield f"{count:,}" if count else ""
    yield from format_latencies(exchange.latencies)
    yield format_period(stats)


def format_gap_rows(report: SessionReport) -> Iterator[tuple[str, str, str]]:
    """Return when each gap without traffic began and ended, and how long it was."""
    for gap in report.gaps:
        yield (
            report.format_moment(gap.begins),
            report.format_moment(gap.ends),
            report.format_length(gap.ends - gap.begins),
        )


REGISTRATION_TITLES = ("pending since", "announced", "every", "")


def format_registration_rows(report: SessionReport) -> Iterator[tuple[str, str, str, str]]:
    """Yield each registration: since when, how often the power board announced itself, its period, and the outcome."""
    for episode in report.registrations:
        yield (
            format_clock(episode.since, report.zone),
            format_times(episode.announcements) if episode.announcements else "",
            "" if episode.period is None else format_duration(episode.period),
            format_registration_outcome(episode),
        )


RESTART_TITLES = ("at", "of", "what shows it")


def format_restart_rows(report: SessionReport) -> Iterator[tuple[str, str, str]]:
    """Yield each restart: when, of which part, and what shows it."""
    for episode in report.restart_episodes:
        seen = episode.seen
        at = format_place(seen) if seen.time is None else format_clock(seen.time, report.zone)
        yield at, PART_NAMES[episode.part], episode.evidence


CHAIN_TITLES = ("exchange", "whole", "hop", "count", "after")


def format_chain_rows(report: SessionReport) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield each hop of each exchange across both links: how often it was seen, and when.

    The time is the median time since the hop before. The first hop of an exchange also says how many of them were
    whole.
    """
    for exchange in report.chains:
        for place, hop in enumerate(exchange.hops):
            name, whole = (exchange.name, f"{exchange.whole:,} of {exchange.chains:,}") if place == 0 else ("", "")
            yield name, whole, format_hop(hop.route, hop.code), f"{hop.count:,}", format_hop_time(hop.after)


OCPP_TITLES = ("OCPP call", "to", "calls", "results", "errors", "without answer")


def format_ocpp_rows(report: SessionReport) -> Iterator[tuple[str, ...]]:
    """Yield the calls of each action: to whom, how many, and how they were answered.

    The last row has the answers whose call is not in the log, if there are any.
    """
    for action in report.ocpp.actions:
        to = "central system" if action.direction == "ocpp>csms" else "charger"
        counts = (action.calls, action.results, action.errors, action.unanswered)
        yield action.action, to, *(f"{count:,}" for count in counts)
    if report.ocpp.without_call:
        yield "call not in the log", "", "", f"{report.ocpp.without_call:,}", "", ""


def format_expected(report: SessionReport) -> Iterator[str]:
    """Yield for each periodic command of a text log how many of the expected frames are in the log."""
    periodic = [exchange for exchange in report.exchanges if exchange.expected and exchange.expected > 1]
    names = Counter(exchange.stats.name for exchange in periodic)
    for exchange in periodic:
        name = exchange.stats.name if names[exchange.stats.name] == 1 else f"{exchange.stats.name} {exchange.direction}"
        count, expected = exchange.stats.count, exchange.expected or 0
        if count > expected:
            # Reports on a change come beside those that come regularly.
            yield f"{name}: {count:,}, more than the {expected:,} expected"
        else:
            missing = " (pieces of the log may be missing)" if count < expected else ""
            yield f"{name}: {count:,} of {expected:,} expected{missing}"


def format_stay_share(lane: Lane, stay: Stay) -> str:
    """Return the share of a state in the time in which the connector's state was known.

    The text is empty if it was not.
    """
    total = sum(span.ends - span.begins for span in lane.known_spans)
    return format_share(stay.total / total) if total else ""


def format_link_rows(report: SessionReport) -> Iterator[tuple[str, str, str, str]]:
    """Yield the bytes in frames, and in noise by reason: a name, the number of pieces, bytes, and share of all."""
    ledger = report.ledger
    if ledger.read:
        yield "frames", f"{ledger.frames:,}", f"{ledger.frame_bytes:,}", format_share(ledger.frame_bytes / ledger.read)
    for reason, count in ledger.noise.items():
        if count:
            size = ledger.noise_bytes[reason]
            yield f"noise, {reason.value}", f"{count:,}", f"{size:,}", format_share(size / ledger.read)


MEASURED_TITLES = ("", "first", "last", "lowest", "mean", "highest")


def format_measured_rows(report: SessionReport) -> Iterator[tuple[str, ...]]:
    """Yield the measured values by series: the name, then each of `MEASURED_TITLES` with its unit."""
    for series in report.measured:
        where = "" if series.connector is None else f"connector {series.connector}, "
        span = series.span
        values = (span.first, span.last, span.low, span.mean, span.high)
        yield (
            f"{where}{format_quantity(series.name, report.definition)}",
            *(format_value(value, series.unit) for value in values),
        )


def format_verdict(comparison: SessionComparison) -> str:
    """Return the number of differences between two sessions in one line."""
    count = len(comparison.differences)
    return f"{format_count(count, 'difference')}" if count else "no difference was found"


def format_steps(states: Sequence[str]) -> list[str]:
    """Return the states in order. A cycle is listed once, with the number of its rounds."""
    return [
        " → ".join(cycle) if rounds == 1 else f"({' → '.join(cycle)}) {rounds} times"
        for cycle, rounds in find_cycles(states)
    ]


def format_states(states: Sequence[str]) -> str:
    """Return the states in order, in one line."""
    return " → ".join(format_steps(states))


def format_move(report: SessionReport, span: Span) -> str:
    """Return the text on the move to a state: its name, or that it is not allowed; empty if there is none."""
    return describe_illegal_move(report.definition) if span.is_legal is False else span.move
