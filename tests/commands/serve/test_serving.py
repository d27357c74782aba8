"""Serving: the line is read and recorded once, whoever looks on."""

import asyncio
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.commands.serve import serving
from sniffer.commands.serve.serving import serve_screen
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session
from tests.helpers import FRAME, Script


class CountedServer:
    """A server that counts what is done with it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def open(self) -> str:
        self.calls.append("open")
        return "http://here"

    async def close_viewers(self) -> None:
        self.calls.append("close viewers")

    async def close(self) -> None:
        self.calls.append("close")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LOOK_INTERVAL", 0.005)


def session_with(recorder: Recorder, *steps: bytes, ends: Exception | None = None) -> Session:
    script = Script(*steps, ends=ends)
    return Session(script, script.pipeline, attachments=Attachments(recorder))


async def serve_for(seconds: float, server: CountedServer, session: Session | None, said: list[str]) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(serve_screen(server, session, said.append), seconds)  # type: ignore[arg-type]


async def test_a_session_is_recorded_and_shown_until_it_is_cancelled(tmp_path: Path) -> None:
    server, said, path = CountedServer(), list[str](), tmp_path / "a.pcapng"
    recorder = Recorder(SingleFile(path), "script", None)
    await serve_for(0.1, server, session_with(recorder, FRAME), said)
    assert said == [f"recording into {path}", "http://here shows the screen: Ctrl-C ends it"]
    assert path.read_bytes().count(FRAME) == 1
    assert server.calls == ["open", "close"]


async def test_a_saved_session_is_only_shown() -> None:
    server, said = CountedServer(), list[str]()
    await serve_for(0.02, server, None, said)
    assert said == ["http://here shows the screen: Ctrl-C ends it"]
    assert server.calls == ["open", "close"]


async def test_a_new_file_of_the_recording_opens_the_screens_anew(tmp_path: Path) -> None:
    server, recorder = CountedServer(), Recorder(SingleFile(tmp_path / "a.pcapng"), "script", None)

    async def move() -> None:
        await asyncio.sleep(0.05)
        from msgspec.structs import replace

        recorder.state = replace(recorder.state, path=tmp_path / "b.pcapng")

    moving = asyncio.create_task(move())
    await serve_for(0.15, server, session_with(recorder), [])
    await moving
    assert server.calls == ["open", "close viewers", "close"]


async def test_a_source_that_fails_ends_the_serving(tmp_path: Path) -> None:
    server, recorder = CountedServer(), Recorder(SingleFile(tmp_path / "a.pcapng"), "script", None)
    with pytest.raises(SourceError, match="pulled out"):
        await serve_screen(server, session_with(recorder, FRAME, ends=SourceError("pulled out")), lambda _: None)  # type: ignore[arg-type]
    assert server.calls == ["open", "close"]
