"""A reader of `dump` that takes nothing stops neither reading nor recording, and learns what it missed."""

import time
from pathlib import Path

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.live.helpers import PATIENCE, Line, Tap

FRAMES = 30_000


def frame(number: int) -> bytes:
    return PWRBOARD.build(PWR_TO_COM.head, 1 + number % 50_000, 0x40, number.to_bytes(4, "big"))


def test_all_is_read_and_recorded_while_nobody_reads(tmp_path: Path) -> None:
    capture = tmp_path / "x.pcapng"
    with Line() as line, Tap(line.port, "--baud", "115200", "-o", str(capture), is_read=False) as tap:
        tap.wait_until_open(line.port)
        for number in range(FRAMES + 1):
            line.write(frame(number))
        recorded = wait_for(capture, frame(FRAMES))
        tap.start_reading()
        assert tap.interrupt() == (0, "")
        lines = tap.left
    assert all(frame(number) in recorded for number in range(0, FRAMES, 997))
    overruns = [found for found in lines if found.get("event") == "overrun"]
    written = sum(found["type"] == "frame" for found in lines)
    assert overruns
    assert written + sum(found["records"] for found in overruns) == FRAMES + 1


def wait_for(capture: Path, last: bytes) -> bytes:
    """Return the bytes of the capture when it holds this frame."""
    for _ in range(PATIENCE * 20):
        if capture.is_file() and last in (content := capture.read_bytes()):
            return content
        time.sleep(0.05)
    raise AssertionError("the last frame was not recorded")
