"""A false head on a busy line hides no frame: it is printed and recorded long before the claimed length has passed."""

import time
from pathlib import Path

import pytest

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.live.helpers import Line, Tap

CLAIMS_64_KB = bytes.fromhex("FF 6A A6 00 00 FF F0")
GOOD = PWRBOARD.build(PWR_TO_COM.head, 0x1234, 0x01, bytes(range(13)))
PAUSE = 0.02
"""Seconds between frames: less than the silence that resolves what waits."""

MOST = 100
"""The most frames that may be sent before the first is seen; the false head claims 3,275 of them."""


@pytest.mark.parametrize("baud", ["9600", "115200"])
def test_frames_after_a_claim_of_64_kb_are_seen_and_recorded(tmp_path: Path, baud: str) -> None:
    capture = tmp_path / "x.pcapng"
    with Line() as line, Tap(line.port, "--baud", baud, "-o", str(capture)) as tap:
        tap.wait_until_open(line.port)
        line.write(CLAIMS_64_KB)
        sent = 0
        while not tap.has_lines and sent < MOST:
            line.write(GOOD)
            sent += 1
            time.sleep(PAUSE)
        noise, frame = tap.next_seen(2)
        assert (noise["raw"], frame["raw"]) == (CLAIMS_64_KB.hex(), GOOD.hex())
        assert sent < MOST
        assert tap.interrupt() == (0, "")
    assert capture.read_bytes().count(GOOD) == sent
