"""The session view: showing less never changes what is read, counted or concluded."""

import sqlite3
from collections.abc import Callable, Sequence

import pytest

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapState
from sniffer.history.records import record_pages
from sniffer.history.records.page import PAGE_SIZE
from sniffer.history.records.page_file import PageFile
from sniffer.history.timeline.silences import SILENT
from sniffer.history.timeline.tracks import Grid, TrackEntry
from sniffer.session import Session, Sink
from sniffer.simulator.traffic import generate_reads
from sniffer.tui.state.session_view import SessionView
from tests.benchmarks.equipment.traffic import charging_frames
from tests.tui.helpers import FakeSource, captured, parameter, status_report
from tests.tui.state.test_filter_scan import Numbers

DEFINITION = packaged_definition()


class Recorder:
    """A sink that keeps everything, beside the screen's."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def receive(self, records: Sequence[Record]) -> None:
        self.records += records


def noisy() -> list[Chunk]:
    """Return some seconds of traffic on a damaged line."""
    return [
        chunk for _, chunk in zip(range(600), generate_reads("noisy", baud=115200, seed=3, start_time=0), strict=False)
    ]


def nothing(_watch: SessionView, _turn: int) -> None:
    """Leave the session alone."""


def pausing(session_view: SessionView, turn: int) -> None:
    if turn % 7 == 0:
        session_view.toggle_pause()


def filtering(session_view: SessionView, turn: int) -> None:
    if turn % 50 == 0:
        session_view.set_filter("some", Numbers(frozenset(range(0, 5000, 3))))
    session_view.continue_filter(0)


def noting(session_view: SessionView, turn: int) -> None:
    if turn and turn % 9 == 0:
        session_view.set_note(turn, "a note")


async def watched(source: FakeSource, meddle: Callable[[SessionView, int], None]) -> tuple[SessionView, Recorder]:
    """Run the session, and use the screen after each chunk that is read."""
    recorder = Recorder()
    turns = iter(range(10**6))

    def news() -> None:
        if ready:
            meddle(ready[0], next(turns))
            ready[0].advance()
            ready[0].current_state()

    def session_for(sink: Sink) -> Session:
        return Session(source, Pipeline(DEFINITION), [sink, recorder], idle=0.01)

    ready: list[SessionView] = []
    session_view = SessionView(session_for, DEFINITION, news)
    ready.append(session_view)
    await session_view.session.run()
    session_view.complete = True
    return session_view, recorder


@pytest.mark.parametrize("meddle", [pausing, filtering, noting])
async def test_session_is_the_same_whatever_the_screen_does(meddle: Callable[[SessionView, int], None]) -> None:
    alone, reported = await watched(FakeSource(*noisy(), live=True), nothing)
    used, reported_too = await watched(FakeSource(*noisy(), live=True), meddle)
    assert reported.records == reported_too.records
    assert any(record.events for record in reported.records)
    assert alone.session.snapshot() == used.session.snapshot()
    assert len(alone.store) == len(used.store) == len(reported.records)
    assert [used.store.record(record.number) for record in reported.records] == reported.records


def stepping(session_view: SessionView, turn: int) -> None:
    if session_view.playback:
        session_view.playback.step(-3 if turn % 2 else 2, 2)


async def test_replay_that_is_stepped_while_it_is_read_is_the_same() -> None:
    alone, reported = await watched(FakeSource(*captured()), nothing)
    used, reported_too = await watched(FakeSource(*captured()), stepping)
    assert reported.records == reported_too.records
    assert alone.session.snapshot() == used.session.snapshot()
    assert used.until < len(used.store)


async def test_paused_session_view_shows_what_was_there() -> None:
    source = FakeSource(live=True, ends=False)
    source.frames(status_report("Available"), parameter(1))
    source.fail("gone")
    session_view, _ = await _until_lost(source)
    session_view.toggle_pause()
    _, before, _ = session_view.current_state()
    session_view.receive([Record(len(session_view.store) + 1, None)])
    window, view, status = session_view.current_state()
    shown = (view.until, view.snapshot, view.now, view.rate)
    assert shown == (before.until, before.snapshot, before.now, before.rate)
    assert status.waiting == 1
    assert len(window) == window.end
    assert window.number_at(window.end - 1) == view.until
    session_view.toggle_pause()
    assert session_view.current_state()[2].waiting == 0


async def _until_lost(source: FakeSource) -> tuple[SessionView, Recorder]:
    recorder = Recorder()

    def session_for(sink: Sink) -> Session:
        return Session(source, Pipeline(DEFINITION), [sink, recorder], idle=0.01)

    session_view = SessionView(session_for, DEFINITION, lambda: None)
    with pytest.raises(Exception, match="gone"):
        await session_view.session.run()
    return session_view, recorder


async def test_filter_chooses_among_what_is_shown() -> None:
    session_view, _ = await watched(FakeSource(*captured()), nothing)
    session_view.set_filter("every third", Numbers(frozenset(range(3, 99, 3))))
    while session_view.is_filtering:
        session_view.continue_filter(1)
    assert session_view.playback is not None
    session_view.playback.seek(10)
    window, _, status = session_view.current_state()
    assert {window.number_at(position) for position in range(window.first, window.end)} == {3, 6, 9}
    assert status.filter_progress is not None
    assert (status.filter_progress.found, status.filter_progress.share) == (9, 1)
    session_view.set_filter("", None)
    window, _, status = session_view.current_state()
    assert status.filter_progress is None
    assert window.number_at(window.end - 1) == 10


async def test_a_view_that_was_detached_warns_on_the_screen() -> None:
    def session_for(sink: Sink) -> Session:
        return Session(FakeSource(*captured()), Pipeline(DEFINITION), view=sink, idle=0.01)

    def fail() -> None:
        raise RuntimeError("\x1b[2J")

    view = SessionView(session_for, DEFINITION, fail)
    assert view.current_state()[2].warning == ""
    await view.session.run()
    warning = view.current_state()[2].warning
    assert warning.startswith("this screen failed and shows no new records (RuntimeError: ")
    assert "\x1b" not in warning


async def test_a_tap_that_is_better_opened_otherwise_says_so() -> None:
    source = FakeSource(*captured())
    source.taps = (TapState("socket://far:1", advice="use rfc2217://far:1"),)
    view, _ = await watched(source, nothing)
    assert view.current_state()[2].warning == "use rfc2217://far:1"


async def test_full_temporary_disk_is_reported(monkeypatch) -> None:
    monkeypatch.setattr(record_pages, "PAGES_IN_MEMORY", 1)
    monkeypatch.setattr(PageFile, "_open", _fail)
    frames = charging_frames(4 * PAGE_SIZE)
    view, _ = await watched(FakeSource(*(Chunk(frame, time) for time, frame in enumerate(frames))), nothing)
    assert view.store.first > PAGE_SIZE
    window, _, status = view.current_state()
    left = f"the oldest {view.store.first - 1:,} records left the screen"
    assert status.warning == f"the temporary disk is full (no space\\x1b): {left}"
    first = window.at(window.first)
    assert first is not None
    assert first.record.number == view.store.first
    assert window.rows.entry(0) is None
    assert view.playback is not None
    for moment in (1, view.store.first + 5):
        view.playback.seek(moment)
        window, shown, _ = view.current_state()
        assert shown.until == moment
        assert bool(len(window)) is (moment > 1)


def _fail(_file: PageFile) -> None:
    raise sqlite3.OperationalError("no space\x1b")


async def test_gaps_and_notes_are_landmarks_both_ways() -> None:
    session_view, _ = await watched(FakeSource(*captured()), nothing)
    for number, value in ((5, SILENT), (6, ""), (9, SILENT), (12, "")):
        session_view.timeline.gaps.add(TrackEntry(number, number, value), Grid(0, 1))
    for number in (9, 3):
        session_view.set_note(number, "here")
    for name, first, last in (("gap", 5, 9), ("note", 3, 9)):
        forth = [session_view.find_landmark(name, number, 1) for number in (0, first, last)]
        back = [session_view.find_landmark(name, number, -1) for number in (28, last, first)]
        assert (forth, back) == ([first, last, None], [last, first, None])
    assert session_view.find_landmark("boot", 0, 1) == 3
