"""A port that is pulled out and plugged in again, as a real process: every byte is accounted for, cycle after cycle."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.known_frames import STATUS_REPORT
from tests.live.helpers import PATIENCE, Line, Tap
from tests.live.socat import Pair
from tests.thoroughness import repetitions

CYCLES, SOCAT_CYCLES = repetitions(40, 200), repetitions(5, 20)
FRAME = STATUS_REPORT.raw


@pytest.mark.slow
def test_many_cycles_lose_no_byte(tmp_path: Path) -> None:
    name = tmp_path / "adapter"
    line = Line()
    name.symlink_to(line.port)
    sent, received, events = b"", b"", []
    with Tap(str(name), "--baud", "115200") as tap:
        tap.wait_until_open(line.port)
        for cycle in range(CYCLES):
            data = FRAME if cycle % 3 else FRAME + FRAME[: 1 + cycle % 7]
            line.write(data)
            sent += data
            # A pseudo-terminal throws away what was not read when it is closed.
            while len(received) < len(sent):
                received += bytes.fromhex(tap.next_seen(1)[0]["raw"])
            # Its number is given to the next terminal, which may be somebody else's.
            name.unlink()
            line.unplug()
            found = tap.until("source_lost")
            line = Line()
            name.symlink_to(line.port)
            # The health of the link changes with the loss, and may be reported between the two.
            events += [one for one in [found[-1], *tap.until("source_back")] if one["event"] != "link_health"]
            tap.wait_until_open(line.port)
        assert tap.interrupt()[0] == 0
    line.unplug()
    assert received == sent
    assert [one["event"] for one in events] == ["source_lost", "source_back"] * CYCLES
    assert max(one["away"] for one in events if one["event"] == "source_back") < PATIENCE


def test_a_line_of_socat_s_loses_no_byte_either(tmp_path: Path) -> None:
    pair, events = Pair(tmp_path), []
    with ExitStack() as plugged:
        plugged.enter_context(pair)
        with Tap(pair.far, "--baud", "115200") as tap:
            for _ in range(SOCAT_CYCLES):
                tap.wait_until_open(os.path.realpath(pair.far))
                pair.write(FRAME)
                assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
                plugged.close()
                events.append(tap.until("source_lost")[-1])
                plugged.enter_context(pair)
                events.append(tap.until("source_back")[-1])
            assert tap.interrupt()[0] == 0
    assert [one["event"] for one in events] == ["source_lost", "source_back"] * SOCAT_CYCLES
