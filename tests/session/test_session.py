"""The pump of a session: each record reaches every sink once and in order, silence ends a frame, no error is lost."""

import asyncio
import time
from contextlib import nullcontext

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, Note, Tap
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session, SessionNotes
from tests.helpers import FRAME, SILENCE, Collector, Script, session_of


async def test_every_sink_gets_every_record_once_and_in_order():
    first, second = Collector(), Collector()
    await session_of(Script(FRAME[:5], FRAME[5:] + FRAME), first, second).run()
    assert first.raws == [FRAME, FRAME]
    assert [record.number for record in first.records] == [1, 2]
    assert first.records == second.records


async def test_silence_on_a_live_line_ends_an_unfinished_frame():
    seen = Collector()
    await session_of(Script(FRAME[:9], SILENCE, FRAME), seen).run()
    assert seen.raws == [FRAME[:9], FRAME]
    assert isinstance(seen.items[0], Noise)
    assert seen.items[0].reason is Reason.TRUNCATED


async def test_silence_releases_the_good_frame_after_a_damaged_length():
    damaged = FRAME[:4] + b"\xff" + FRAME[5:]
    seen = Collector()
    await session_of(Script(damaged + FRAME, SILENCE), seen).run()
    assert seen.raws == [damaged, FRAME]


async def test_each_read_restarts_the_silence():
    slow = [FRAME[at : at + 1] for at in range(len(FRAME))]
    seen = Collector()
    await session_of(Script(*slow), seen, idle=60).run()
    assert seen.raws == [FRAME]


async def test_a_loop_that_was_held_up_is_no_silence():
    class HeldUp(Script):
        async def run(self, take):
            take(Chunk(FRAME[:9]))
            # What arrives now is delivered a few turns of the loop later, as from a connection.
            time.sleep(0.2)
            for _ in range(4):
                await asyncio.sleep(0)
            take(Chunk(FRAME[9:]))
            while self.pipeline.waiting:
                await asyncio.sleep(0.001)

    script, seen = HeldUp(), Collector()
    await session_of(script, seen, idle=0.05).run()
    assert seen.raws == [FRAME]


async def test_a_source_that_is_not_live_may_pause_within_a_frame():
    class Slow(Script):
        async def run(self, take):
            take(Chunk(FRAME[:9]))
            await asyncio.sleep(0.05)
            take(Chunk(FRAME[9:]))

    seen = Collector()
    await session_of(Slow(is_live=False), seen).run()
    assert seen.raws == [FRAME]


async def test_bytes_that_wait_at_the_end_are_delivered():
    seen = Collector()
    await session_of(Script(FRAME + b"\xaa\x01", is_live=False), seen).run()
    assert seen.raws == [FRAME, b"\xaa\x01"]


async def test_a_lost_source_is_delivered_after_all_bytes_and_raised():
    seen = Collector()
    session = session_of(Script(FRAME[:9], ends=SourceError("unplugged")), seen, idle=60)
    with pytest.raises(SourceError, match="unplugged"):
        await session.run()
    assert seen.raws == [FRAME[:9]]
    assert seen.records[-1].events[0] == SourceLost(7, "unplugged")
    assert session.snapshot().ledger.waiting == 0


async def test_an_error_of_a_sink_ends_the_session():
    class Broken:
        def receive(self, records):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await session_of(Script(FRAME), Broken()).run()


async def test_bytes_at_which_a_sink_fails_are_recorded(tmp_path):
    class Broken:
        def receive(self, records):
            raise BrokenPipeError

    script = Script(FRAME, b"\xaa\x01")
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "script", None)
    with pytest.raises(BrokenPipeError):
        await Session(script, script.pipeline, [Broken()], attachments=Attachments(recorder)).run()
    assert FRAME in (tmp_path / "a.pcapng").read_bytes()


async def test_notes_of_the_source_are_recorded(tmp_path):
    class Noted(Script):
        async def run(self, take):
            take(Note("early"))
            take(Chunk(FRAME + FRAME))
            take(Note("late", 2))

    script = Noted()
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "script", None)
    await Session(script, script.pipeline, attachments=Attachments(recorder)).run()
    saved = (tmp_path / "a.pcapng").read_bytes()
    assert b"early" in saved
    assert b"note #2: late" in saved


async def test_cancelling_leaves_no_timer_behind():
    class Endless(Script):
        async def run(self, take):
            take(Chunk(FRAME[:9]))
            await asyncio.Event().wait()

    seen = Collector()
    running = asyncio.create_task(session_of(Endless(), seen, idle=60).run())
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert seen.raws == [FRAME[:9]]


async def test_an_error_of_a_sink_after_silence_ends_the_session():
    class Broken:
        def receive(self, records):
            raise BrokenPipeError

    class Endless(Script):
        async def run(self, take):
            take(Chunk(FRAME[:9]))
            await asyncio.Event().wait()

    with pytest.raises(BrokenPipeError):
        await asyncio.wait_for(session_of(Endless(), Broken()).run(), 30)


async def test_silence_on_a_slow_line_is_longer_than_its_bytes():
    class Slow(Script):
        baud = 300

        async def run(self, take):
            take(Chunk(FRAME[:9]))
            await asyncio.sleep(10 / self.baud)
            take(Chunk(FRAME[9:]))

    seen = Collector()
    await session_of(Slow(), seen).run()
    assert seen.raws == [FRAME]


async def test_a_late_note_is_reported_only_for_a_record_that_was_delivered():
    class Noted(Script):
        async def run(self, take):
            take(Note("first"))
            take(Chunk(FRAME))
            take(Note("again", 1))
            take(Note("to come", 2))

    script, late = Noted(), []
    notes = SessionNotes(on_late=lambda *note: late.append(note))
    session = Session(script, script.pipeline, notes=notes)
    await session.run()
    assert late == [(1, "again")]
    assert session.notes == {1: "again", 2: "to come"}
    session.set_note(2, "")
    assert session.notes == {1: "again"}


async def test_each_tap_is_kept_once():
    class Tapped(Script):
        async def run(self, take):
            for number in (1, 2, 1):
                take(Tap(number, f"tap {number}", None, 9600))

    script = Tapped()
    session = Session(script, script.pipeline)
    await session.run()
    assert [tap.name for tap in session.taps] == ["tap 1", "tap 2"]


class Closed(Collector):
    """A trigger that keeps what it got, and the order in which it was closed."""

    def __init__(self, closed):
        super().__init__()
        self._closed = closed

    async def close(self):
        await asyncio.sleep(0)
        self._closed.append(len(self.records))


@pytest.mark.parametrize("ends", [None, SourceError("pulled")])
async def test_triggers_get_every_record_and_are_closed_at_the_end(ends):
    closed: list[int] = []
    script = Script(FRAME, FRAME[:3], ends=ends)
    attachments = Attachments(triggers=[Closed(closed), Closed(closed)])
    session = Session(script, script.pipeline, attachments=attachments, idle=0.001)
    with pytest.raises(SourceError, match="pulled") if ends else nullcontext():
        await session.run()
    assert closed == ([2, 2] if ends is None else [3, 3])


async def test_triggers_are_closed_when_the_session_is_cancelled():
    class Silent(Script):
        async def run(self, take):
            await asyncio.Event().wait()

    closed: list[int] = []
    script = Silent()
    session = Session(script, script.pipeline, attachments=Attachments(triggers=[Closed(closed)]))
    running = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert closed == [0]
