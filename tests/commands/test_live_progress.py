"""The progress of a command that listens until Ctrl-C."""

import asyncio
import os
from io import StringIO

import pytest

from sniffer.base.errors import SourceError
from sniffer.commands import live_progress
from sniffer.commands.live_progress import LiveProgress, progress_for, run_with_progress
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.session import Session
from sniffer.sources.open import open_source
from sniffer.sources.pipe import PipeSource
from tests.known_frames import KNOWN_FRAMES
from tests.paths import CAPTURES
from tests.sources.helpers import FakeTap

FRAME = KNOWN_FRAMES[2].raw


class FakeTerminal(StringIO):
    """An output that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def listen(out: StringIO | None, *items: Chunk, error: SourceError | None = None) -> LiveProgress:
    """Run a session of these items, with its progress on `out`. The clock goes on by a second at each reading."""
    progress = LiveProgress("tap\x1b[2J", "the report", out, clock=iter(range(100)).__next__)
    session = Session(FakeTap("tap", 9600, *items, error=error), Pipeline(packaged_definition()), [progress])
    asyncio.run(run_with_progress(session, progress))
    return progress


def test_frames_and_noise_are_counted() -> None:
    progress = listen(None, Chunk(FRAME + b"\0\0", 1), Chunk(FRAME, 2))
    assert progress.format_line().endswith(" 1 s, 2 frames, 1 piece of noise; Ctrl-C prints the report")


def test_on_a_terminal_one_line_counts_on_and_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_progress, "INTERVAL", 0)
    out = FakeTerminal()
    listen(out, *[Chunk(FRAME, 1)] * 3)
    shown = out.getvalue()
    assert "tap\\x1b[2J: 1 s, 0 frames" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\x1b[K")


def test_a_line_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    out = FakeTerminal()
    listen(out, Chunk(FRAME, 1))
    assert max(len(line) for line in out.getvalue().split("\r\x1b[K")) == 19


def test_elsewhere_one_line_says_how_it_ends() -> None:
    out = StringIO()
    listen(out, Chunk(FRAME, 1))
    assert out.getvalue() == "listening to tap\\x1b[2J: Ctrl-C prints the report\n"


@pytest.mark.parametrize(("terminal", "is_shown"), [(FakeTerminal(), True), (StringIO(), False)])
def test_a_pipe_that_may_end_soon_shows_its_progress_on_a_terminal_only(terminal: StringIO, is_shown: bool) -> None:
    read, write = os.pipe()
    os.close(write)
    source = PipeSource(read, "pipe")
    progress = progress_for(source, "the report", terminal)
    assert progress
    asyncio.run(run_with_progress(Session(source, Pipeline(packaged_definition()), [progress]), progress))
    assert bool(terminal.getvalue()) == is_shown


def test_a_live_source_has_progress_and_a_file_has_none() -> None:
    assert progress_for(open_source("demo"), "the report", StringIO())
    assert progress_for(open_source(str(CAPTURES / "charging.pcapng")), "the report", StringIO()) is None


def test_an_error_of_the_session_is_raised() -> None:
    with pytest.raises(SourceError, match="gone"):
        listen(None, error=SourceError("gone"))
