"""What stands at the top of a report: what a technician must know first, the worst of it first.

In: a report. Out: findings, each a level and a sentence. Where nothing is wrong, that is said too.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sniffer.charger.events import EVENT_NAMES, Contradicted, Disagreed, StatusChanged
from sniffer.report.model import Episode, Report, counted, percent, times, total_of
from sniffer.times import clock, short
from sniffer.wire.frame import Reason
from sniffer.wording import loop_text, meaning_text, where


class Level(StrEnum):
    """How bad it is."""

    FAULT = "fault"
    WARNING = "warning"
    NOTE = "note"
    FINE = "fine"


class Finding(NamedTuple):
    """One thing to know."""

    level: Level
    text: str


_WORTH_A_LOOK = {
    EVENT_NAMES[StatusChanged]: ("move that OCPP does not allow", "moves that OCPP does not allow"),
    EVENT_NAMES[Contradicted]: ("report that contradicts itself", "reports that contradict themselves"),
    EVENT_NAMES[Disagreed]: ("StatusNotification that says other than its report", "StatusNotifications that do"),
}


def findings(report: Report) -> list[Finding]:
    """What is to be known first."""
    bad = [*_faults(report), *_boots(report), *_source(report), *_link(report), *_marks(report)]
    found = sorted(bad, key=lambda finding: [*Level].index(finding.level))
    return [*found, *_fine(report)]


def _faults(report: Report) -> Iterator[Finding]:
    for episode in report.active:
        yield Finding(Level.FAULT, f"{fault_name(episode)}, active at the end, since {since(report, episode)}")
    kinds: dict[str, list[Episode]] = {}
    for episode in report.faults:
        if episode.is_over:
            kinds.setdefault(fault_name(episode), []).append(episode)
    for name, episodes in kinds.items():
        lengths = [episode.lasted for episode in episodes if episode.lasted is not None]
        for_so_long = f", {short(sum(lengths))} in all" if lengths else ""
        yield Finding(Level.FAULT, f"{name}, {times(len(episodes))}{for_so_long}, over at the end")
    if report.more_faults:
        yield Finding(Level.FAULT, f"{counted(report.more_faults, 'more fault')}, not told one by one")


def fault_name(episode: Episode) -> str:
    """What a fault means and where it was."""
    connector = episode.fault.connector
    return meaning_text(episode.fault) + ("" if connector is None else f" on connector {connector}")


def since(report: Report, episode: Episode) -> str:
    """Since when there was a fault, and the record or line that told of it."""
    place = where(episode.raised)
    return place if episode.fault.since is None else f"{clock(episode.fault.since, report.zone)} ({place})"


def _boots(report: Report) -> Iterator[Finding]:
    for loop in report.loops:
        goes_on = ", goes on at the end" if loop == report.boots.loop else ""
        yield Finding(Level.FAULT, f"boot loop: {loop_text(loop)}{goes_on}")
    count = report.boots.count
    if count and not report.loops:
        level = Level.NOTE if count == 1 else Level.WARNING
        yield Finding(level, f"the communication processor booted {times(count)}")


def _source(report: Report) -> Iterator[Finding]:
    if report.complaint:
        yield Finding(Level.WARNING, f"not all could be read: {report.complaint}")
    if report.gaps:
        silent = report.lasted(total_of(report.gaps))
        yield Finding(
            Level.WARNING, f"{counted(len(report.gaps), 'gap')} in which nobody said anything, {silent} in all"
        )


def _link(report: Report) -> Iterator[Finding]:
    if report.noise_bytes:
        wrong = report.ledger.noise[Reason.CRC]
        crc = f", among them {counted(wrong, 'frame')} with a wrong CRC" if wrong else ""
        share, size = percent(report.noise_share), counted(report.noise_bytes, "byte")
        yield Finding(Level.WARNING, f"{share} of the bytes are in no frame ({size}){crc}")
    if not report.ledger.frames:
        yield Finding(Level.FAULT, "no frame was read: wrong rate, wrong wire, or nobody speaks")
    unanswered = sum(exchange.tally.unanswered for exchange in report.exchanges)
    again = sum(exchange.tally.retransmissions for exchange in report.exchanges)
    if unanswered:
        yield Finding(Level.WARNING, f"{counted(unanswered, 'request')} stayed without an answer")
    if again:
        yield Finding(Level.WARNING, f"{counted(again, 'frame was', 'frames were')} sent again")


def _marks(report: Report) -> Iterator[Finding]:
    for kind, marks in report.marks.items():
        yield Finding(Level.WARNING, counted(len(marks), *_WORTH_A_LOOK[kind]))


def _fine(report: Report) -> Iterator[Finding]:
    ledger = report.ledger
    if ledger.frames and not report.noise_bytes:
        yield Finding(Level.FINE, f"every byte is in a frame with a valid CRC: {counted(ledger.frames, 'frame')}")
    if ledger.frames and not report.faults:
        yield Finding(Level.FINE, "no fault was seen")
    if report.boots.count == 0 and ledger.frames:
        yield Finding(Level.FINE, "no boot was seen")
