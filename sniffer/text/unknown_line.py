"""The texts about a line on which no known frame was found, and about what may help.

In: the ledger and the activity of a session. Out: texts, empty if there are frames, or too few bytes to find any in.
"""

from collections.abc import Sequence

from sniffer.base.phrasing import format_count
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.health.link_health import MISFRAMED_PART, LinkActivity
from sniffer.core.charger.snapshot import Snapshot

LEAST_BYTES = 1_000
"""The bytes from which on frames of an unknown kind may be found: some dozens of frames."""

SEARCH = "evse-sniff learn --framing"
"""The command that looks for the framing of unknown bytes."""


def describe_unknown_line(snapshot: Snapshot, rate: int | None = None) -> str:
    """Return the text for bytes without a frame: `no known frames in 40 kB at 9600`. Empty if there is more to say.

    `rate` is that of the line; None if it is not known. Many framing errors mean a wrong rate, not unknown frames.
    """
    activity = snapshot.link
    if not is_unknown(snapshot.ledger) or activity.is_text_log or _has_framing_errors(activity):
        return ""
    at = f" at {rate}" if rate else ""
    return f"no known frames in {_format_size(_count_noise(snapshot.ledger))}{at}"


def is_unknown(ledger: ByteLedger) -> bool:
    """Return True if many bytes were read, none of them are in frames, and none are of a text log."""
    return not ledger.frames and not ledger.lines and _count_noise(ledger) >= LEAST_BYTES


def format_search_hint(names: Sequence[str], about: str) -> str:
    """Return the line of a command that says how the framing of these sources may be found."""
    import shlex

    return f"evse-sniff: {about}: `{SEARCH} {shlex.join(names)}` may find how the bytes are framed"


def _count_noise(ledger: ByteLedger) -> int:
    return sum(ledger.noise_bytes.values())


def _has_framing_errors(activity: LinkActivity) -> bool:
    return activity.misframed * MISFRAMED_PART >= max(1, activity.noise_bytes)


def _format_size(size: int) -> str:
    return format_count(size, "byte") if size < 10_000 else f"{size // 1000:,} kB"
