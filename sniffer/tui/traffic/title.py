"""The title in the border of the traffic list: what is going on outside the visible rows.

In: the status of the session and the state of the list. Out: one line.
"""

from textual.content import Content

from sniffer.base.sanitize import printable
from sniffer.history.records.record_store import RecordStore
from sniffer.text import describe
from sniffer.tui.state.view_state import Status


def format_title(status: Status | None, *, following: bool, new: int, message: str, partner: str) -> Content:
    """Return the title of the list.

    `new` is how many rows were added since the list stands still. `message` is a text to show, or empty. `partner` is
    how the chosen record and its partner belong together (`describe_partner`), or empty.
    """
    parts: list[tuple[str, str]] = [(" traffic ", "bold")]
    replay = status.progress if status else None
    if status and status.paused:
        parts.append((f" PAUSED, {status.waiting:,} new ", "bold reverse"))
    elif status and status.is_previewing:
        parts.append((" the end of the file; what it means is known when all is read ", "bold $accent"))
    elif replay and not replay.is_replaying:
        parts.append((" FILE, panels at its end ", "$quiet"))
    elif replay:
        parts.append((f" REPLAY, panels at #{replay.moment:,} ", "bold $accent"))
        parts.append((f" +{new:,} new ", "bold $accent") if new else ("", ""))
    elif following:
        parts.append((" following ", "$quiet"))
    else:
        parts.append((f" +{new:,} new ", "bold $accent" if new else "$quiet"))
        parts.append(("G follows ", "$quiet"))
    if status and status.filter_progress:
        progress = status.filter_progress
        looking = "" if progress.share >= 1 else f", looking {progress.share:.0%}"
        parts.append((f" filter: {printable(progress.text)}: {progress.found:,} found{looking} ", "bold $accent"))
    if message:
        parts.append((f" {printable(message)} ", "$accent"))
    if partner and not following and not (status and status.filter_progress):
        parts.append((f" {partner}, Enter goes there ", "$quiet"))
    return Content.assemble(*parts)


def describe_partner(store: RecordStore, number: int, partner: int) -> str:
    """Return the relation of two records and the time between them, or an empty text if they have none."""
    own = store.refers(number)
    if own and own.number == partner:
        return describe.format_reference(own)
    answer = store.refers(partner)
    return describe.format_answer(partner, store.line(partner), answer) if answer else ""
