"""What is wrong with a session, and what could be done, as texts for the header.

In: the state of a session. Out: one text each; empty if nothing is wrong. Text from outside is safe to be shown.
"""

from collections.abc import Sequence

from sniffer.base.sanitize import printable
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.wire.items import TapState
from sniffer.history.records.record_store import RecordStore
from sniffer.text.unknown_line import describe_unknown_line


def describe_lost_taps(taps: Sequence[TapState]) -> str:
    """Return the taps that are lost but waited for, each with its reason; empty if there is none."""
    return "; ".join(f"{tap.name}: {tap.lost}" for tap in taps if tap.lost)


def list_advice(taps: Sequence[TapState]) -> str:
    """Return the advice on these taps, such as a better source to open; empty if there is none."""
    return "; ".join(tap.advice for tap in taps if tap.advice)


def describe_left_records(store: RecordStore) -> str:
    """Return the warning that the oldest records left the store; empty while all are there."""
    if not store.disk_error:
        return ""
    left = f"{store.first - store.before - 1:,}"
    return f"the temporary disk is full ({printable(store.disk_error)}): the oldest {left} records left the screen"


def describe_detached_view(error: Exception | None) -> str:
    """Return the warning of a view that failed and was detached; empty while it is attached."""
    if error is None:
        return ""
    reason = printable(f"{type(error).__name__}: {error}")
    return f"this screen failed and shows no new records ({reason}); reading and recording go on"


def offer_search(snapshot: Snapshot, baud: int | None) -> str:
    """Return the offer to look for the framing of a line without known frames; empty for any other line."""
    about = describe_unknown_line(snapshot, baud)
    return f"{about}: u looks for a framing" if about else ""
