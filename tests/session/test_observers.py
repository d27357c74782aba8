"""The observers of a session: they get what the sinks get, start and end with it, and their failures stop nothing."""

import asyncio

import pytest

from sniffer.base.errors import SourceError
from sniffer.session import Attachments, Session
from tests.helpers import FRAME, Collector, Script


class Watching(Collector):
    """An observer that fails at its delivery number `fails_at`; 0 is never."""

    def __init__(self, fails_at=0):
        super().__init__()
        self.calls = []
        self.deliveries = 0
        self.fails_at = fails_at

    def start(self, session):
        asyncio.get_running_loop()
        self.calls.append(("start", session))

    def receive(self, records):
        self.deliveries += 1
        if self.deliveries == self.fails_at:
            raise RuntimeError("no more room")
        super().receive(records)

    def detach(self, error):
        self.calls.append(("detach", str(error)))

    async def close(self):
        await asyncio.sleep(0)
        self.calls.append(("close", len(self.records)))


async def test_an_observer_is_started_gets_every_record_and_is_closed():
    script, sink, observer = Script(FRAME, FRAME), Collector(), Watching()
    session = Session(script, script.pipeline, [sink], attachments=Attachments(observers=[observer]))
    await session.run()
    assert observer.records == sink.records
    assert observer.calls == [("start", session), ("close", 2)]


async def test_an_observer_that_fails_is_detached_and_all_else_goes_on():
    script, sink, view = Script(FRAME, FRAME, FRAME), Collector(), Collector()
    failing, other = Watching(fails_at=2), Watching()
    attachments = Attachments(observers=[failing, other])
    session = Session(script, script.pipeline, [sink], view=view, attachments=attachments)
    await session.run()
    assert sink.raws == view.raws == other.raws == [FRAME] * 3
    assert failing.raws == [FRAME]
    assert failing.deliveries == 2
    assert failing.calls[1:] == [("detach", "no more room"), ("close", 1)]
    assert session.view_error is None


@pytest.mark.parametrize("ends", [SourceError("gone"), RuntimeError("broken")])
async def test_an_observer_is_closed_when_the_session_fails(ends):
    script, observer = Script(FRAME, ends=ends), Watching()
    with pytest.raises(type(ends)):
        await Session(script, script.pipeline, attachments=Attachments(observers=[observer])).run()
    assert observer.calls[-1][0] == "close"
