"""The work of `evse-sniff lake add`: which captures are meant, who reads them, and what is said at the end."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from sniffer.base.errors import SourceError
from sniffer.base.phrasing import format_count
from sniffer.commands.convert.progress import ConversionProgress
from sniffer.config.definition_files import load_definition
from sniffer.fleet.lake.packages import STORE_PACKAGES, WORKER_PACKAGES, require_packages
from sniffer.sources.file_options import DEFAULT, FileOptions

if TYPE_CHECKING:
    from sniffer.fleet.lake.additions.add import AddSummary
    from sniffer.fleet.lake.additions.capture_list import CaptureList
    from sniffer.fleet.lake.additions.workers import Workers

MOST_NAMED = 3
"""Files without a session that are named, at most."""


def add(
    words: Sequence[str],
    lake: str,
    *,
    bench: str | None = None,
    jobs: int | None = None,
    dask: str | None = None,
    definition: Sequence[str] = (),
    options: FileOptions = DEFAULT,
    terminal: TextIO | None = None,
) -> tuple["AddSummary", Sequence[str]]:
    """Add what these words name to a lake. Return what was done, and the files of folders that hold no session.

    Raises `SnifferError` if a package is missing, if the words name no session, or if the lake cannot be used.
    """
    require_packages(STORE_PACKAGES, "fleet")
    if dask:
        require_packages(WORKER_PACKAGES, "fleet,dask")
    from sniffer.fleet.lake.additions.add import add_captures, check_bench

    # What is wrong with these is reported before anything is read.
    if bench is not None:
        check_bench(bench)
    load_definition(definition)
    place = lake if "://" in lake else os.path.abspath(lake)
    listed = _list_captures(words, place)
    with (
        _create_workers(jobs, dask) as workers,
        ConversionProgress(terminal, sum(capture.size for capture in listed.captures)) as progress,
    ):
        summary = add_captures(
            place,
            listed.captures,
            workers,
            bench=bench,
            definition=_make_absolute(definition),
            options=options,
            on_progress=progress.update,
        )
    return summary, listed.others


def _list_captures(words: Sequence[str], lake: str) -> "CaptureList":
    """Return the captures that these words name, without those in the lake itself. Raises `SourceError` for none."""
    from sniffer.fleet.lake.additions.capture_list import list_captures

    listed = list_captures(words, None if "://" in lake else lake)
    if not listed.captures:
        raise SourceError(f"{', '.join(words)}: there is no capture and no log to add")
    return listed


@contextmanager
def _create_workers(jobs: int | None, dask: str | None) -> "Iterator[Workers]":
    """Yield the executor of the work: processes on this machine, or a cluster, which is left at the end."""
    from sniffer.fleet.lake.additions.workers import DaskWorkers, LocalWorkers, count_processors

    if dask is None:
        yield LocalWorkers(jobs or count_processors())
        return
    cluster = DaskWorkers(dask)
    try:
        yield cluster
    finally:
        cluster.close()


def _make_absolute(definition: Sequence[str]) -> list[str]:
    """Return the words of `--definition` with absolute paths, for a process in any folder."""
    return [os.path.abspath(word) if os.path.isfile(word) else word for word in definition]


def list_problems(summary: "AddSummary") -> list[str]:
    """Return a line for each session that could not be read, or only in part."""
    parts = [f"{one.name}: added in part: {one.why}" for one in summary.incomplete]
    return [*parts, *(f"{one.name}: not added: {one.why}" for one in summary.failures)]


def format_summary(summary: "AddSummary", others: Sequence[str]) -> str:
    """Return the result in one line."""
    parts = [f"added {format_count(summary.sessions, 'session')} with {format_count(summary.frames, 'frame')}"]
    if summary.known:
        parts.append(f"{summary.known:,} known already")
    if summary.incomplete:
        parts.append(f"{len(summary.incomplete):,} in part")
    if summary.failures:
        parts.append(f"{len(summary.failures):,} could not be read")
    if others:
        more = ", ..." if len(others) > MOST_NAMED else ""
        parts.append(f"{format_count(len(others), 'file')} without a session ({', '.join(others[:MOST_NAMED])}{more})")
    return "; ".join(parts)
