"""A line of a known board whose rate is not known, as a real process: rate, frames, and the capture of both."""

import time
from pathlib import Path

from sniffer.sources.stored.recorded_definitions import read_recorded
from tests.core.protocol.test_known_boards import lines_of
from tests.live.helpers import Line, Tap

PAUSE = 0.06
"""The seconds between two frames: silence before and after a frame is evidence of the rate."""


def test_the_rate_is_found_by_the_frames_of_the_board_and_recorded(tmp_path: Path) -> None:
    path, known = tmp_path / "meter.pcapng", lines_of("modbus")[:6]
    words = ["--baud", "auto", "--definition", "modbus", "-o", str(path)]
    with Line() as line, Tap(line.port, *words) as tap:
        tap.wait_until_open(line.port)
        for one in known:
            line.write(one.raw)
            time.sleep(PAUSE)
        found = tap.until("rate")
        tap.interrupt()
        found += tap.left
    rates = [(one["baud"], one["evidence"]) for one in found if one.get("event") == "rate"]
    assert rates[0][0] > 0
    assert "frames valid" in rates[0][1]
    assert [one["name"] for one in found if one["type"] == "frame"] == [one.name for one in known]
    assert [origin.name for origin in read_recorded(path).origins] == ["modbus"]
