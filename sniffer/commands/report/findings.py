"""The findings at the top of a report: what a technician must know first, the most severe one first.

In: a report. Out: findings, each a level and a sentence. If a check finds nothing wrong, a finding states that too.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.times import duration_between, format_clock, format_duration, format_seconds
from sniffer.commands.report.model import Episode, Loss, RegistrationEpisode, SessionReport, format_share, total_of
from sniffer.core.charger.events import EVENT_NAMES, Contradicted, Disagreed, Overdue, StatusChanged, Warned
from sniffer.core.charger.health.link_health import Health
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.text.describe import describe_card_reader, format_meaning, format_place
from sniffer.text.mended_text import RESTS_ON_MENDED
from sniffer.text.registration_text import (
    WAITED_FOR,
    format_accepted,
    format_announced,
    format_checks,
    format_loop,
    format_restarts,
)
from sniffer.text.unknown_line import SEARCH, is_unknown


class Level(StrEnum):
    """The severity of a finding, the most severe one first."""

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"
    FINE = "fine"


class ReportFinding(NamedTuple):
    """One finding: its level, and one sentence."""

    level: Level
    text: str


LOSSES_SHOWN = 3
"""The number of losses with a finding of their own."""

_MARK_PHRASES = {
    EVENT_NAMES[StatusChanged]: ("move that is not allowed", "moves that are not allowed"),
    EVENT_NAMES[Contradicted]: ("report that contradicts itself", "reports that contradict themselves"),
    EVENT_NAMES[Warned]: (
        "report of an error without the status Faulted",
        "reports of an error without the status Faulted",
    ),
    EVENT_NAMES[Disagreed]: (
        "value that was passed on otherwise than reported",
        "values that were passed on otherwise than reported",
    ),
    EVENT_NAMES[Overdue]: (
        "time that a periodic command was overdue",
        "times that a periodic command was overdue",
    ),
    EVENT_NAMES[OcppFailed]: (
        "OCPP call that was answered with an error",
        "OCPP calls that were answered with an error",
    ),
    EVENT_NAMES[ImplausibleMeasurement]: (
        "measured value that is not plausible",
        "measured values that are not plausible",
    ),
}


_CLOCK = EVENT_NAMES[ClockOffset]


def list_findings(report: SessionReport) -> list[ReportFinding]:
    """Return all findings on a report, the most severe ones first, and then what was found to be good."""
    bad = [
        *_find_faults(report),
        *_find_mended(report),
        *_find_restarts(report),
        *_find_registration(report),
        *_find_card_reader_fault(report),
        *_find_read_errors(report),
        *_find_health(report),
        *_find_link_errors(report),
        *_count_marks(report),
    ]
    found = sorted(bad, key=lambda finding: [*Level].index(finding.level))
    return [*found, *_find_good_news(report)]


def _find_faults(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield each active fault, then the cleared ones by meaning and connector, then the number of those not kept."""
    for episode in report.active_faults:
        yield ReportFinding(
            Level.FAULT, f"{format_fault(episode)}, active at the end, since {format_since(report, episode)}"
        )
    kinds: dict[str, list[Episode]] = {}
    for episode in report.faults:
        if episode.is_over:
            kinds.setdefault(format_fault(episode), []).append(episode)
    for name, episodes in kinds.items():
        lengths = [episode.duration for episode in episodes if episode.duration is not None]
        for_so_long = f", {format_duration(sum(lengths))} in all" if lengths else ""
        yield ReportFinding(Level.FAULT, f"{name}, {format_times(len(episodes))}{for_so_long}, over at the end")
    if report.more_faults:
        yield ReportFinding(Level.FAULT, f"{format_count(report.more_faults, 'more fault')}, not listed one by one")


def format_fault(episode: Episode) -> str:
    """Return the meaning of a fault and its connector."""
    connector = episode.fault.connector
    mended = f" ({RESTS_ON_MENDED})" if episode.fault.is_mended else ""
    return format_meaning(episode.fault) + ("" if connector is None else f" on connector {connector}") + mended


def _find_mended(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield the number of mended lines, and the states at the end that rest on them."""
    if report.mended:
        lines = format_count(report.mended, "line was", "lines were")
        yield ReportFinding(Level.WARNING, f"{lines} misread and mended: what rests on them is assumed")
    if report.is_mendable:
        yield ReportFinding(
            Level.NOTE, "lines look misread, as in a photographed log: --mend mends what fits in one way"
        )
    for number, status in report.mended_states:
        yield ReportFinding(Level.WARNING, f"connector {number} {status} {RESTS_ON_MENDED}")


def format_since(report: SessionReport, episode: Episode) -> str:
    """Return when a fault was raised, and the record or line that reported it."""
    place = format_place(episode.raised)
    return place if episode.fault.since is None else f"{format_clock(episode.fault.since, report.zone)} ({place})"


def _find_restarts(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield each boot loop, and each part that restarted."""
    for loop in report.boot_loops:
        goes_on = ", goes on at the end" if any(loop == part.loop for part in report.restarts) else ""
        yield ReportFinding(Level.FAULT, f"{format_loop(loop)}{goes_on}")
    for restarts in report.restarts:
        shown = [restart.evidence for restart in report.restart_episodes if restart.part == restarts.part]
        evidence = f": {shown[0]}" if len(shown) == restarts.count == 1 else ""
        yield ReportFinding(Level.WARNING, f"{format_restarts(restarts)}{evidence}")


def _find_registration(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield a registration that is pending at the end, with what to check."""
    for episode in report.registrations:
        if episode.is_pending:
            announced = format_announced(episode.announcements, episode.period)
            state = f"registration {format_registration_outcome(episode)}: {WAITED_FOR}"
            parts = (state, announced, format_checks(report.charge_point_id))
            yield ReportFinding(Level.WARNING, "; ".join(filter(None, parts)))


def format_registration_outcome(episode: RegistrationEpisode) -> str:
    """Return that registration is pending at the end, and for how long; or after how long the charger was accepted."""
    if not episode.is_pending:
        return format_accepted(episode.waited, 0)
    waited = "" if episode.waited is None else f", for {format_seconds(episode.waited)}"
    return f"pending at the end{waited}"


def _find_card_reader_fault(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield that the card reader did not answer, and whether that is over."""
    if report.card_reader:
        over = "" if report.card_reader.is_active else ", over at the end"
        text = describe_card_reader(report.card_reader.reports, report.card_reader.fault.period)
        yield ReportFinding(Level.WARNING, f"{text}{over}")


def _find_read_errors(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield why the source could not be read to its end, the losses, and the gaps without traffic."""
    if report.read_error:
        yield ReportFinding(Level.WARNING, f"not all could be read: {report.read_error}")
    for loss in report.losses[:LOSSES_SHOWN]:
        if loss.reason != report.read_error:
            yield ReportFinding(Level.WARNING, format_loss(report, loss))
    more = len(report.losses[LOSSES_SHOWN:]) + report.more_losses
    if more:
        yield ReportFinding(Level.WARNING, f"{format_count(more, 'more loss', 'more losses')} of the source or of data")
    if report.gaps:
        silent = report.format_length(total_of(report.gaps))
        yield ReportFinding(Level.WARNING, f"{format_count(len(report.gaps), 'gap')} without traffic, {silent} in all")


def format_loss(report: SessionReport, loss: Loss) -> str:
    """Return the reason of a loss, how long nothing could be read, and the record that reports it."""
    tap = f" of tap {loss.tap}" if loss.tap else ""
    away = duration_between(loss.begins, loss.ends)
    length = f"for {format_duration(away)}" if away is not None else "" if loss.has_ended else "until the end"
    # Where a capture says nothing but that data was lost, the reason adds nothing.
    reason = loss.reason.removeprefix("data lost").removeprefix(": ")
    why = f": {reason}" if reason else ""
    return f"data{tap} lost at #{loss.number}{why}; {f'nothing was read {length}'.rstrip()}"


def _find_health(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield the verdict on the link at the end if it is not alive; without any frame, another finding says why."""
    health = report.health
    if health.health is Health.ALIVE or not report.ledger.frames or health.health is Health.LOST:
        return
    if health.health is Health.ONE_SIDE and health.route:
        direction = health.route.direction
        if not report.has_board_frames:
            unknown = "" if report.lanes else ": state and faults unknown"
            yield ReportFinding(Level.WARNING, f"only {direction} was heard{unknown}")
        elif health.route is PWR_TO_COM and not any(one.direction == "com>pwr" for one in report.exchanges):
            yield ReportFinding(
                Level.WARNING, f"only {direction} was heard: no request and no answer to the power board"
            )
        else:
            yield ReportFinding(Level.WARNING, f"at the end only {direction} was heard, the other side no more")
        return
    yield ReportFinding(Level.WARNING, f"at the end the link was {health.health}: {health.reason}")


def _explain_no_frame(report: SessionReport) -> str:
    """Return the possible reasons why no frame was read: a text log has no baud rate and no wire."""
    if report.ledger.lines and not report.noise_bytes and not report.is_timed:
        return "no line of this text is a record of the charger's log"
    if report.ledger.lines and not report.noise_bytes:
        return "this part of the log has none"
    if is_unknown(report.ledger):
        return f"wrong baud rate, wrong wire, or unknown frames, which `{SEARCH}` looks for"
    if report.noise_bytes and not report.definition.is_charger:
        shaped = report.ledger.noise[Reason.CRC]
        pieces = format_count(shaped, "piece has", "pieces have")
        found = f"{pieces} the shape of its frames, but not its check: " if shaped else ""
        return f"{found}wrong baud rate, wrong wire, or a definition that does not fit: `{SEARCH}` looks for another"
    if report.noise_bytes:
        return "wrong baud rate or wrong wire"
    return "the source was lost before" if report.losses else "not one byte was received: wrong wire, or no traffic"


def _format_line_errors(report: SessionReport) -> str:
    """Return the number of line errors that the receiver detected, by kind; empty if it detected none."""
    found = {error: count for error, count in report.ledger.marked.items() if count}
    kinds = ", ".join(f"{count:,} {error}" for error, count in found.items())
    return f"{format_count(sum(found.values()), 'line error')}: {kinds}" if found else ""


def _find_link_errors(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield the bytes in no frame, the lack of any frame, unanswered requests and retransmissions."""
    if report.noise_bytes:
        wrong = report.ledger.noise[Reason.CRC]
        crc = f", among them {format_count(wrong, 'frame')} with a wrong CRC" if wrong else ""
        share, size = format_share(report.noise_share), format_count(report.noise_bytes, "byte")
        yield ReportFinding(Level.WARNING, f"{share} of the bytes are in no frame ({size}){crc}")
    for link, count in _count_unchecked(report).items():
        frames = format_count(count, "frame has", "frames have")
        yield ReportFinding(Level.WARNING, f"{frames} no check, on the link {link}: noise can look like them")
    if errors := _format_line_errors(report):
        yield ReportFinding(Level.WARNING, errors)
    if report.has_board_frames and not report.lanes and not report.faults:
        about = "no status report was received: the state of the charger and its faults are unknown"
        yield ReportFinding(Level.WARNING, about)
    if not report.ledger.frames:
        yield ReportFinding(Level.FAULT, f"no frame was read: {_explain_no_frame(report)}")
    unanswered = sum(exchange.stats.unanswered for exchange in report.exchanges)
    again = sum(exchange.stats.retransmissions for exchange in report.exchanges)
    if unanswered:
        yield ReportFinding(Level.WARNING, f"{format_count(unanswered, 'request')} stayed without an answer")
    if again:
        yield ReportFinding(Level.WARNING, f"{format_count(again, 'frame was', 'frames were')} sent again")


def _count_unchecked(report: SessionReport) -> Counter[str]:
    """Return the number of frames on each link whose frames have no check."""
    found: Counter[str] = Counter()
    for stats in (exchange.stats for exchange in report.exchanges):
        if not stats.route.link.is_checked:
            found[stats.route.link.name] += stats.count
    return found


def _count_marks(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield the number of marks of each kind."""
    for kind, marks in report.marks.items():
        # There is one event of the clock in a session, and it says what is wrong.
        text = marks[0].text if kind == _CLOCK else format_count(len(marks), *_MARK_PHRASES[kind])
        yield ReportFinding(Level.WARNING, text)


def _find_good_news(report: SessionReport) -> Iterator[ReportFinding]:
    """Yield what was looked for and not found, where something was received that could show it.

    Bytes show noise, status reports show faults, and frames of the power board show announcements and restarts. While
    the link is not alive, nothing is said of its bytes.
    """
    ledger = report.ledger
    is_alive = report.health.health is Health.ALIVE
    if is_alive:
        yield ReportFinding(Level.FINE, f"the link is alive at the end: {report.health.reason}")
    if ledger.frames and not report.noise_bytes and is_alive:
        check = f" with a valid {'CRC' if report.definition.is_charger else 'check'}"
        frames, unchecked = format_count(ledger.frames, "frame"), _count_unchecked(report).total()
        without = f", {unchecked:,} of them without a check" if unchecked < ledger.frames else ", all without a check"
        about = f": {frames}{without}" if unchecked else f"{check}: {frames}"
        yield ReportFinding(Level.FINE, f"every byte is in a frame{about}")
    reports = sum(lane.reports for lane in report.lanes if lane.reports_faults)
    if (reports or report.fault_reports) and not report.faults:
        counts = ((reports, "status report"), (report.fault_reports, "fault report"))
        shown = " and ".join(format_count(count, noun) for count, noun in counts if count)
        yield ReportFinding(Level.FINE, f"no fault was seen in {shown}")
    if report.registration.state == "accepted" and report.registrations:
        last = report.registrations[-1]
        accepted = format_accepted(last.waited, last.announcements)
        yield ReportFinding(Level.FINE, f"{accepted}: {last.evidence}")
    if report.registration.state is None and not report.restarts and report.has_board_frames:
        yield ReportFinding(Level.FINE, "no announcement and no restart was seen")
