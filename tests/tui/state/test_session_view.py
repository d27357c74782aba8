"""The watch: showing less never changes what is read, counted or concluded."""

from collections.abc import Callable, Sequence

import pytest

from sniffer.core.pipeline import Pipeline, Record
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.frame import Chunk
from sniffer.session import Session, Sink
from sniffer.simulator.traffic import generate_reads
from sniffer.tui.state.session_view import SessionView
from tests.tui.helpers import Given, captured, parameter, status_report
from tests.tui.state.test_filter_scan import Numbers

DEFINITION = packaged_definition()


class Recorder:
    """A sink that keeps everything, beside the screen's."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def receive(self, records: Sequence[Record]) -> None:
        self.records += records


def noisy() -> list[Chunk]:
    """Some seconds of a line with damage on it."""
    return [
        chunk for _, chunk in zip(range(600), generate_reads("noisy", baud=115200, seed=3, start_time=0), strict=False)
    ]


def nothing(_watch: SessionView, _turn: int) -> None:
    """The session that nobody touches."""


def pausing(watch: SessionView, turn: int) -> None:
    if turn % 7 == 0:
        watch.pause()


def filtering(watch: SessionView, turn: int) -> None:
    if turn % 50 == 0:
        watch.sift("some", Numbers(frozenset(range(0, 5000, 3))))
    watch.work(0)


def noting(watch: SessionView, turn: int) -> None:
    if turn and turn % 9 == 0:
        watch.note(turn, "a note")


async def watched(source: Given, meddle: Callable[[SessionView, int], None]) -> tuple[SessionView, Recorder]:
    """The session while somebody uses the screen after each chunk that is read."""
    recorder = Recorder()
    turns = iter(range(10**6))

    def news() -> None:
        if ready:
            meddle(ready[0], next(turns))
            ready[0].beat()
            ready[0].look()

    def session_for(sink: Sink) -> Session:
        return Session(source, Pipeline(DEFINITION), [sink, recorder], idle=0.01)

    ready: list[SessionView] = []
    watch = SessionView(session_for, DEFINITION, news)
    ready.append(watch)
    await watch.session.run()
    watch.complete = True
    return watch, recorder


@pytest.mark.parametrize("meddle", [pausing, filtering, noting])
async def test_session_is_the_same_whatever_the_screen_does(meddle: Callable[[SessionView, int], None]) -> None:
    alone, told = await watched(Given(*noisy(), live=True), nothing)
    used, told_too = await watched(Given(*noisy(), live=True), meddle)
    assert told.records == told_too.records
    assert any(record.events for record in told.records)
    assert alone.session.snapshot() == used.session.snapshot()
    assert len(alone.archive) == len(used.archive) == len(told.records)
    assert [used.archive.record(record.number) for record in told.records] == told.records


def stepping(watch: SessionView, turn: int) -> None:
    if watch.playback:
        watch.playback.step(-3 if turn % 2 else 2)


async def test_replay_that_is_stepped_while_it_is_read_is_the_same() -> None:
    alone, told = await watched(Given(*captured()), nothing)
    used, told_too = await watched(Given(*captured()), stepping)
    assert told.records == told_too.records
    assert alone.session.snapshot() == used.session.snapshot()
    assert used.until < len(used.archive)


async def test_paused_watch_shows_what_was_there() -> None:
    source = Given(live=True, ends=False)
    source.frames(status_report("Available"), parameter(1))
    source.fail("gone")
    watch, _ = await _until_lost(source)
    watch.pause()
    _, before, _ = watch.look()
    watch.receive([Record(len(watch.archive) + 1, None)])
    window, view, status = watch.look()
    shown = (view.until, view.snapshot, view.now, view.rate)
    assert shown == (before.until, before.snapshot, before.now, before.rate)
    assert status.waiting == 1
    assert len(window) == window.end
    assert window.number_at(window.end - 1) == view.until
    watch.pause()
    assert watch.look()[2].waiting == 0


async def _until_lost(source: Given) -> tuple[SessionView, Recorder]:
    recorder = Recorder()

    def session_for(sink: Sink) -> Session:
        return Session(source, Pipeline(DEFINITION), [sink, recorder], idle=0.01)

    watch = SessionView(session_for, DEFINITION, lambda: None)
    with pytest.raises(Exception, match="gone"):
        await watch.session.run()
    return watch, recorder


async def test_filter_chooses_among_what_is_shown() -> None:
    watch, _ = await watched(Given(*captured()), nothing)
    watch.sift("every third", Numbers(frozenset(range(3, 99, 3))))
    while watch.is_sifting:
        watch.work(1)
    assert watch.playback is not None
    watch.playback.seek(10)
    window, _, status = watch.look()
    assert {window.number_at(position) for position in range(window.first, window.end)} == {3, 6, 9}
    assert status.sifting is not None
    assert (status.sifting.found, status.sifting.share) == (9, 1)
    watch.sift("", None)
    window, _, status = watch.look()
    assert status.sifting is None
    assert window.number_at(window.end - 1) == 10


async def test_a_view_that_was_detached_warns_on_the_screen() -> None:
    def session_for(sink: Sink) -> Session:
        return Session(Given(*captured()), Pipeline(DEFINITION), view=sink, idle=0.01)

    def fail() -> None:
        raise RuntimeError("\x1b[2J")

    view = SessionView(session_for, DEFINITION, fail)
    assert view.look()[2].warning == ""
    await view.session.run()
    warning = view.look()[2].warning
    assert warning.startswith("this screen failed and shows no new records (RuntimeError: ")
    assert "\x1b" not in warning
