"""The view of a session: it gets what the sinks get, and its failure stops nothing."""

from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session
from tests.helpers import FRAME, SILENCE, Collector, Script


class Failing(Collector):
    """A view that fails at its second delivery."""

    def receive(self, records):
        if self.records:
            raise RuntimeError("no more room")
        super().receive(records)


async def test_a_view_that_fails_is_detached_and_all_else_goes_on(tmp_path):
    script, sink, view = Script(FRAME, FRAME, FRAME), Collector(), Failing()
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "script", None)
    session = Session(script, script.pipeline, [sink], view=view, attachments=Attachments(recorder))
    assert session.view_error is None
    await session.run()
    assert view.raws == [FRAME]
    assert sink.raws == [FRAME] * 3
    assert (tmp_path / "a.pcapng").read_bytes().count(FRAME) == 3
    assert isinstance(session.view_error, RuntimeError)
    assert str(session.view_error) == "no more room"


async def test_a_view_that_was_detached_is_not_called_again():
    class Counting(Failing):
        calls = 0

        def receive(self, records):
            self.calls += 1
            super().receive(records)

    script, view = Script(FRAME, FRAME, FRAME, FRAME), Counting()
    await Session(script, script.pipeline, view=view).run()
    assert view.calls == 2


async def test_a_view_gets_every_record_after_the_sinks():
    order = []

    class Ordered(Collector):
        def receive(self, records):
            order.append(self)
            super().receive(records)

    script, sink, view = Script(FRAME), Ordered(), Ordered()
    await Session(script, script.pipeline, [sink], view=view).run()
    assert order == [sink, view]
    assert view.records == sink.records


async def test_a_view_that_fails_after_silence_does_not_end_the_session():
    class Broken:
        def receive(self, records):
            raise BrokenPipeError

    script = Script(FRAME[:9], SILENCE, FRAME)
    session = Session(script, script.pipeline, view=Broken(), idle=0.001)
    await session.run()
    assert isinstance(session.view_error, BrokenPipeError)
    assert session.snapshot().ledger.frames == 1
