"""Two taps on one charger as a real process: two pseudo-terminals, one for each wire, one session."""

import os
import random
import subprocess
import time

from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.formats.pcapng.reader import CaptureReader
from tests.live.helpers import PATIENCE, Line, Tap
from tests.live.socat import Pair
from tests.tools import EVSE_SNIFF

EXCHANGES = 20
SKEW = 0.004
"""Seconds. An adapter of unknown latency is assumed to be late by up to 0.016."""


def report(sequence: int) -> bytes:
    return PWRBOARD.build(PWR_TO_COM.head, sequence, 0x01, bytes([1, 0, 6, 0, 0, 0, 0, 0, 12, 0, 0]))


def answer(sequence: int) -> bytes:
    return PWRBOARD.build(COM_TO_PWR.head, sequence, 0x01, bytes([1, 3, 0xE7, 0]))


def orders_of_answers(seen):
    """Return on what the places of the answers rest. After a pause of a busy machine it is the times: None."""
    return {found.get("order") for found in seen if found["tap"] == 1} - {None}


def test_two_wires_are_one_session(tmp_path):
    capture = tmp_path / "two.pcapng"
    with Line() as com, Line() as pwr:
        options = (pwr.port, "--baud", "115200", "-o", str(capture))
        with Tap(com.port, *options) as tap:
            for line in (com, pwr):
                tap.wait_until_open(line.port)
            seen = []
            for sequence in range(1, EXCHANGES + 1):
                pwr.write(report(sequence))
                com.write(answer(sequence))
                seen += tap.next_seen(2)
            assert tap.interrupt()[0] == 0
    assert [found["raw"] for found in seen] == [
        raw.hex() for sequence in range(1, EXCHANGES + 1) for raw in (report(sequence), answer(sequence))
    ]
    assert {(found["direction"], found["tap"]) for found in seen} == {("pwr>com", 2), ("com>pwr", 1)}
    assert orders_of_answers(seen) == {"exchange"}
    reader = CaptureReader()
    assert len(list(reader.feed(capture.read_bytes()))) == 2 * EXCHANGES
    assert [one.name for one in reader.interfaces] == [com.port, pwr.port]


def test_skewed_delivery_is_merged_in_the_order_of_the_wire(tmp_path):
    """Adapters may deliver the bytes of two wires in any order, within the time that they may be late."""
    source, seen = random.Random(8), []
    with Pair(tmp_path, "com") as com, Pair(tmp_path, "pwr") as pwr, Tap(com.far, pwr.far, "--baud", "115200") as tap:
        for pair in (com, pwr):
            tap.wait_until_open(os.path.realpath(pair.far))
        for sequence in range(1, EXCHANGES + 1):
            both = [(pwr, report(sequence)), (com, answer(sequence))]
            for pair, frame in source.sample(both, 2):
                pair.write(frame)
                time.sleep(source.uniform(0, SKEW))
            seen += tap.next_seen(2)
        assert tap.interrupt()[0] == 0
    raws = [bytes.fromhex(found["raw"]) for found in seen]
    assert raws == [raw for sequence in range(1, EXCHANGES + 1) for raw in (report(sequence), answer(sequence))]
    assert orders_of_answers(seen) == {"exchange"}


def test_a_file_is_no_second_tap(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\0")
    with Line() as line:
        words = [*EVSE_SNIFF, "dump", line.port, str(tmp_path / "a.bin")]
        refused = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 1
    assert "two sources are two taps" in refused.stderr
    assert refused.stderr.count("\n") == 1
