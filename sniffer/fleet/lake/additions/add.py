"""Add captures to a lake: find what is new, and let workers read it. Nothing that is in the lake is written again.

In: captures and workers. Out: an `AddSummary`. It can be ended at any time: what is done stays, and the next run does
the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sniffer.base.errors import LakeError
from sniffer.fleet.lake.additions.capture_list import CaptureFile
from sniffer.fleet.lake.additions.ingest import AddRequest, CaptureFailure, add_sessions, find_sessions
from sniffer.fleet.lake.additions.plan import plan_additions
from sniffer.fleet.lake.additions.workers import Workers
from sniffer.fleet.lake.store import LakeStore
from sniffer.sources.file_options import DEFAULT, FileOptions


@dataclass(slots=True)
class AddSummary:
    """The result: sessions and frames that were added, and sessions that were known before.

    `incomplete` are sessions of which only a part could be read, `failures` those that could not be read at all.
    """

    sessions: int = 0
    frames: int = 0
    known: int = 0
    incomplete: list[CaptureFailure] = field(default_factory=list)
    failures: list[CaptureFailure] = field(default_factory=list)


def add_captures(
    lake: str,
    captures: Sequence[CaptureFile],
    workers: Workers,
    *,
    bench: str | None = None,
    definition: Sequence[str] = (),
    options: FileOptions = DEFAULT,
    on_progress: Callable[[int], None] = lambda _: None,
) -> AddSummary:
    """Add captures to a lake. `on_progress` is called with the bytes of the captures that are done so far.

    Raises `OutputError` if the lake cannot be written, and `LakeError` if it cannot be read.
    """
    store, summary = LakeStore(lake), AddSummary()
    store.remove_abandoned()
    listing = store.list_files()
    found = [outcome for _, outcome in workers.map(find_sessions, captures)]
    summary.failures += [failure for one in found for failure in one.failures]
    plan = plan_additions(found, listing, store.read_sizes)
    summary.known = plan.known
    done = sum(capture.size for capture in captures if capture not in plan.sessions)
    on_progress(done)
    # The largest first, so that none is left alone at the end.
    requests = [
        AddRequest(lake, capture, sessions, tuple(definition), bench, options, plan.replaces.get(capture, {}))
        for capture, sessions in sorted(plan.sessions.items(), key=lambda one: (-one[0].size, one[0].path))
    ]
    for _, result in workers.map(add_sessions, requests):
        summary.sessions += result.sessions
        summary.frames += result.frames
        summary.incomplete += result.incomplete
        summary.failures += result.failures
        done += result.size
        on_progress(done)
    summary.failures.sort(key=lambda failure: failure.name)
    summary.incomplete.sort(key=lambda failure: failure.name)
    return summary


def check_bench(name: str) -> None:
    """Raise `LakeError` if this cannot be the name of a bench."""
    if not name.strip() or len(name) > LONGEST_BENCH or not name.isprintable():
        raise LakeError(f"--bench {name}: a name of 1 to {LONGEST_BENCH} characters is needed")


LONGEST_BENCH = 60
"""The most characters of the name of a bench, which becomes the name of a folder."""
