"""`kill -9` at any moment, on a damaged line: at most the last second is not in the recording."""

import random
import time
from pathlib import Path

import pytest

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.live.helpers import Line, longest_pause
from tests.live.test_record import Recording, raw
from tests.thoroughness import repetitions

MOMENTS = repetitions(8, 30)
ALLOWED = 1.0
"""Seconds before the kill whose bytes may be lost."""

LATE = 0.2
"""Seconds by which the kill and the notes about sent bytes may differ from the kernel's on a busy machine."""

SPEED = 11_520
"""Bytes a second at 115200 baud."""


def damaged_mix(source: random.Random) -> bytes:
    """Return a frame, a damaged frame, a false head, or garbage."""
    frame = PWRBOARD.build(PWR_TO_COM.head, source.randrange(0x10000), 0x01, source.randbytes(11))
    damaged = bytearray(frame)
    damaged[source.randrange(len(frame))] ^= 1 << source.randrange(8)
    false_head = bytes.fromhex("FF6AA6") + source.randbytes(4)
    return source.choice([frame, frame, frame, bytes(damaged), frame[: source.randrange(1, 18)], false_head])


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_kill_loses_at_most_the_last_second(tmp_path: Path, moment: int) -> None:
    source = random.Random(moment)
    with Line() as line:
        recording = Recording(line.port, tmp_path / "a.pcapng")
        sent, marks = bytearray(), list[tuple[float, int]]()
        start = time.monotonic()
        end = start + source.uniform(0.2, 4)
        while time.monotonic() < end:
            piece = damaged_mix(source)
            line.write(piece)
            sent += piece
            marks.append((time.monotonic(), len(sent)))
            time.sleep(max(0.0, start + len(sent) / SPEED - time.monotonic()))
        recording.process.kill()
        killed = time.monotonic()
        recording.process.communicate()
    recorded = raw(recording.path)
    assert bytes(sent).startswith(recorded)
    late = LATE + longest_pause([start, *(moment for moment, _ in marks), killed])
    due = max((size for moment_sent, size in marks if moment_sent < killed - ALLOWED - late), default=0)
    assert len(recorded) >= due
