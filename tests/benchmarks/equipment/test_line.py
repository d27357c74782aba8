"""The fed line delivers whole frames, and keeps bytes that nobody reads."""

import os
from time import sleep

import pytest

from tests.benchmarks.equipment.line import Feed, Line

FRAMES = [b"one", b"three", b"eleven"]
ROUND = b"".join(FRAMES)


def read(line: Line, count: int) -> bytes:
    """Return so many bytes, read as a tap reads them."""
    descriptor = os.open(line.port, os.O_RDONLY | os.O_NOCTTY)
    try:
        data = b""
        while len(data) < count:
            data += os.read(descriptor, count - len(data))
        return data
    finally:
        os.close(descriptor)


def test_what_is_fed_comes_out_and_ends_with_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    with Line() as line:
        feed = Feed(line, FRAMES, rate=128)
        for now in (1.0, 1.0625, 1.15625):
            monkeypatch.setattr("tests.benchmarks.equipment.line.monotonic", lambda now=now: now)
            feed.turn()
        assert feed.fed == 20
        feed.end()
        monkeypatch.setattr("tests.benchmarks.equipment.line.monotonic", lambda: 9.0)
        feed.turn()
        assert feed.ended
        assert feed.fed == 2 * len(ROUND) - len(b"eleven")
        # Linux hands over what was written in its own time.
        for _ in range(100):
            if line.unread == feed.fed:
                break
            sleep(0.02)
        assert line.unread == feed.fed
        assert read(line, feed.fed) == ROUND + b"onethree"
        assert feed.waited == 0


def test_line_that_nobody_reads_makes_bytes_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with Line() as line:
        feed = Feed(line, FRAMES, rate=1_000_000)
        for now in (1.0, 2.0):
            monkeypatch.setattr("tests.benchmarks.equipment.line.monotonic", lambda now=now: now)
            feed.turn()
        assert 0 < feed.fed < 1_000_000
        assert feed.fed + feed.waited == 1_000_000
