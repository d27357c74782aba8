"""The comparable parts of a session: names, counts by name, and the least differences that count.

Both the report of two sessions (`compare`) and the check against good ones (`sniffer.commands.check`) use these, so
that one thing has the same name in both, and a difference in one is a difference in the other.
"""

from collections import Counter
from itertools import pairwise

from sniffer.base.times import MILLISECOND
from sniffer.commands.report.findings import format_fault
from sniffer.commands.report.model import Episode, Exchange, Lane, SessionReport
from sniffer.commands.report.symbols import MARK_SYMBOLS

FEWEST_ANSWERS = 5
"""The number of answers that each session must have before latencies are compared."""

LATENCY_RATIO = 1.25
"""The least ratio of two percentiles that is a difference: a smaller one occurs between two sessions of one unit."""

LATENCY_DIFFERENCE = MILLISECOND
"""The least difference of two percentiles in nanoseconds: a smaller one comes from the serial adapter."""

REQUEST_SHARE = 0.01
"""The least difference between shares of unanswered requests, or of retransmissions; some always differ from none."""

NOISE_SHARE = 0.001
"""The least difference between shares of noise; some noise always differs from none."""

MEAN_VOLTS = 0.02
"""The least relative difference between mean voltages, as a share of the larger one."""

EXTREME_VOLTS = 0.05
"""The least relative difference between the lowest, or between the highest voltages."""

MARK_NAMES = {kind: symbol.name for kind, symbol in MARK_SYMBOLS.items()}
"""The names of marks, by the name of the event in JSON."""

REGISTRATION_AT_END = "registration at the end"
ANNOUNCEMENTS = "series of announcements"
BOOT_LOOPS = "boot loops"
NOISE = "bytes in no frame"
GAPS = "gaps without traffic"

REQUEST_COUNTS = {"without an answer": "unanswered", "sent again": "retransmissions"}
"""The counts of the requests of a command, by name, and the attribute of `CommandStats` that has the count."""


def name_state(connector: int | None, state: str) -> str:
    """Return the name of the count of a state, or of a move between two states."""
    return f"connector {connector}: {state}"


def name_restarts(part: str) -> str:
    """Return the name of the count of restarts of a part of the charger."""
    return f"restarts of the {part}"


def name_latency(command: str, rank: int) -> str:
    """Return the name of a percentile of the latencies of a command."""
    return f"{command}, {rank} of 100 answers within"


def group_faults(report: SessionReport) -> dict[str, list[Episode]]:
    """Return the faults by meaning and connector."""
    found: dict[str, list[Episode]] = {}
    for episode in report.faults:
        found.setdefault(format_fault(episode), []).append(episode)
    return found


def count_moves(lane: Lane) -> Counter[str]:
    """Return the number of moves of the connector from one state to another, by both states."""
    states = lane.states
    return Counter(f"{before} → {after}" for before, after in pairwise(states))


def index_exchanges(report: SessionReport) -> dict[str, Exchange]:
    """Return the exchanges by direction, code and name."""
    found = {}
    for exchange in report.exchanges:
        stats = exchange.stats
        code = "" if stats.code is None else f"{stats.route.link.code_text(stats.code)} "
        found[f"{exchange.direction} {code}{stats.name}"] = exchange
    return found
