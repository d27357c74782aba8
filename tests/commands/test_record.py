"""Recording without a screen: the limits, the signals, and the line on what the capture holds."""

import asyncio
import os
import signal
from datetime import tzinfo
from pathlib import Path

import pytest

from sniffer.base.errors import RecordingError
from sniffer.commands.record import LimitedRecorder, record
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk, Segments, TapState
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.recording.destination import SingleFile
from sniffer.session import Attachments, Session
from sniffer.sources.source import Source, Take
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw


class Endless:
    """A source of `chunks` that stays open after them, until it is cancelled."""

    name = "endless"
    is_live = True
    baud: int | None = 115200
    zone: tzinfo | None = None
    taps: tuple[TapState, ...] = ()
    times_are_first_bytes = False
    about = "a made-up session"
    needs_merging = False

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks
        self.is_delivered = asyncio.Event()

    def now(self) -> int:
        return 1_700_000_000_000_000_000

    def close(self) -> None:
        """Do nothing: nothing is open."""

    async def run(self, take: Take) -> None:
        for chunk in self._chunks:
            take(Chunk(chunk, self.now()))
        self.is_delivered.set()
        await asyncio.Event().wait()


def set_up(folder: Path, source: Source, frames: int | None = None) -> tuple[Session, LimitedRecorder]:
    recorder = LimitedRecorder(SingleFile(folder / "a.pcapng"), source, lambda _: None, frames)
    return Session(source, Pipeline(packaged_definition()), attachments=Attachments(recorder)), recorder


def recorded(folder: Path, *chunks: bytes, frames: int | None = None, duration: float | None = None) -> str:
    session, recorder = set_up(folder, Endless(*chunks), frames)
    asyncio.run(asyncio.wait_for(record(session, recorder, duration, lambda _: None), 30))
    return recorder.summary


def test_it_stops_at_the_number_of_frames(tmp_path: Path) -> None:
    summary = recorded(tmp_path, FRAME * 2 + b"\x00" + FRAME * 3, frames=3)
    size = (tmp_path / "a.pcapng").stat().st_size
    assert summary == (
        f"recorded {3 * len(FRAME) + 1} bytes: 3 frames and 1 piece of noise, into {tmp_path}/a.pcapng ({size:,} bytes)"
    )


def test_the_capture_holds_what_was_read_up_to_the_limit(tmp_path: Path) -> None:
    recorded(tmp_path, b"\x00" + FRAME * 3, frames=2)
    items = list(items_of(CaptureReader().feed((tmp_path / "a.pcapng").read_bytes())))
    raws = [piece for item in items if isinstance(item, Segments) for piece, _ in item.pieces]
    assert raws == [b"\x00", FRAME, FRAME]


def test_it_stops_after_the_duration(tmp_path: Path) -> None:
    assert "2 frames and 0 pieces of noise" in recorded(tmp_path, FRAME * 2, duration=0.5)


def test_it_announces_where_it_records(tmp_path: Path) -> None:
    session, recorder = set_up(tmp_path, Endless(FRAME), 1)
    lines: list[str] = []
    asyncio.run(asyncio.wait_for(record(session, recorder, None, lines.append), 30))
    assert lines == [f"recording endless into {tmp_path}/a.pcapng: Ctrl-C ends it"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    # The alarm ends a process that does not end by itself, and this one is that of the tests.
    monkeypatch.setattr(signal, "alarm", lambda seconds: 0)

    async def interrupted() -> str:
        source = Endless(FRAME)
        session, recorder = set_up(tmp_path, source)
        running = asyncio.create_task(record(session, recorder, None, lambda _: None))
        await asyncio.wait_for(source.is_delivered.wait(), 30)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(running, 30)
        return recorder.summary

    assert "1 frame" in asyncio.run(interrupted())


def test_a_capture_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.pcapng").write_text("mine")
    with pytest.raises(RecordingError):
        recorded(tmp_path, FRAME, frames=1)
