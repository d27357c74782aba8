"""The live path as real processes: whatever a pseudo-terminal delivers, `dump --json` prints every byte once, in order.

Bytes come one at a time, in bursts and cut anywhere; the port is only ever read.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.known_frames import KNOWN_FRAMES
from tests.live.helpers import PATIENCE, Line, Tap
from tests.live.socat import Pair
from tests.tools import EVSE_SNIFF

SESSION = [known.raw for known in KNOWN_FRAMES if known.link == "pwrboard"]
BOOT_ANNOUNCEMENT, *_, STATUS_REPORT = SESSION
# A stall of this process in the middle of a frame must not look like the end of the frame.
PATIENT = ("--idle", "5")

HOLD = """
import fcntl, os, sys
with open("/proc/self/comm", "w") as name:
    name.write(chr(27) + "[31mred")
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY), fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""
"""Another program that has the port, under a name that would colour a terminal."""


def one_at_a_time(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


def one_burst(data: bytes) -> Iterator[bytes]:
    yield data


def cut_anywhere(data: bytes) -> Iterator[bytes]:
    cuts = sorted(random.Random(3).sample(range(1, len(data)), 25))
    return (data[start:end] for start, end in pairwise([0, *cuts, len(data)]))


@pytest.mark.parametrize("delivery", [one_at_a_time, one_burst, cut_anywhere])
def test_every_delivery_gives_the_same_frames(delivery):
    with Line() as line, Tap(line.port, *PATIENT) as tap:
        tap.wait_until_open(line.port)
        for piece in delivery(b"".join(SESSION) * 3):
            line.write(piece)
            time.sleep(0.0005)
        seen = tap.next_seen(3 * len(SESSION))
        assert [bytes.fromhex(frame["raw"]) for frame in seen] == SESSION * 3
        assert {frame["type"] for frame in seen} == {"frame"}
        assert tap.interrupt() == (0, "")


def test_the_undervoltage_report_raises_one_fault_on_a_live_line():
    with Line() as line, Tap(line.port, *PATIENT) as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT * 2)
        status, fault = tap.until("fault_raised")[-2:]
        assert (status["from"], status["to"]) == (None, "Faulted")
        assert fault["ocpp_error"] == "UnderVoltage"
        assert fault["m4_error"] == 4
        assert fault["vendor_error"] == "0x200208"
        assert fault["meaning"] == ["Under voltage"]
        assert tap.next()["raw"] == STATUS_REPORT.hex()
        assert tap.interrupt() == (0, "")


def test_a_damaged_length_holds_back_nothing_on_an_idle_line():
    damaged = bytearray(BOOT_ANNOUNCEMENT)
    damaged[4] = 0xFF
    with Line() as line, Tap(line.port) as tap:
        tap.wait_until_open(line.port)
        line.write(bytes(damaged) + STATUS_REPORT)
        *before, frame = tap.next_seen(2)
        assert [piece["reason"] for piece in before] == ["truncated"]
        assert frame["raw"] == STATUS_REPORT.hex()


def test_a_frame_that_never_ends_is_reported_while_the_line_is_silent():
    with Line() as line, Tap(line.port) as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT[:9])
        (noise,) = tap.next_seen(1)
        assert (noise["type"], noise["reason"]) == ("noise", "truncated")
        assert noise["raw"] == STATUS_REPORT[:9].hex()


def test_times_ascend_and_carry_a_zone():
    with Line() as line, Tap(line.port, *PATIENT) as tap:
        tap.wait_until_open(line.port)
        line.write(b"".join(SESSION))
        times = [frame["time"] for frame in tap.next_seen(len(SESSION))]
        assert times == sorted(times)
        assert all(time[-6] in "+-" and time[19] == "." for time in times)


def test_the_kernel_refuses_to_write_to_the_tapped_port():
    with Line() as line, Tap(line.port) as tap:
        descriptor = tap.wait_until_open(line.port)
        with open(f"/proc/{tap.process.pid}/fdinfo/{descriptor}") as info:
            flags = int(next(row.split()[1] for row in info if row.startswith("flags")), 8)
        assert flags & os.O_ACCMODE == os.O_RDONLY


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_port_is_left_as_it_was_found(number):
    with Line() as line:
        found = line.settings
        with Tap(line.port, "--baud", "9600") as tap:
            tap.wait_until_open(line.port)
            assert line.settings != found
            tap.process.send_signal(number)
            tap.ended()
        assert line.settings == found


def test_a_second_reader_is_refused_in_one_line():
    with Line() as line, Tap(line.port) as tap:
        tap.wait_until_open(line.port)
        second = subprocess.run([*EVSE_SNIFF, "dump", line.port], capture_output=True, text=True, timeout=PATIENCE)
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert "another program has the port open" in second.stderr
        assert f"({tap.process.pid})" in second.stderr


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="who has a file open is seen on Linux only")
def test_the_name_of_who_has_the_port_is_text_and_nothing_else():
    with (
        Line() as line,
        subprocess.Popen(
            [sys.executable, "-c", HOLD, line.port], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder,
    ):
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        refused = subprocess.run([*EVSE_SNIFF, "dump", line.port], capture_output=True, text=True, timeout=PATIENCE)
        holder.stdin.close()
    assert refused.returncode == 1
    assert f"\\x1b[31mred ({holder.pid})" in refused.stderr
    assert "\x1b" not in refused.stderr


def test_a_refused_second_reader_leaves_the_first_as_it_is():
    with Line() as line, Tap(line.port, *PATIENT) as tap:
        tap.wait_until_open(line.port)
        before = line.settings
        tap.process.send_signal(signal.SIGSTOP)
        line.write(STATUS_REPORT)
        command = [*EVSE_SNIFF, "dump", line.port, "--baud", "9600"]
        assert subprocess.run(command, capture_output=True, timeout=PATIENCE).returncode == 1
        tap.process.send_signal(signal.SIGCONT)
        assert tap.next_seen(1)[0]["raw"] == STATUS_REPORT.hex()
        assert line.settings == before


def test_a_terminal_that_goes_away_is_reported_and_ends_with_status_1():
    with Line() as line, Tap(line.port) as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT)
        assert tap.next_seen(1)[0]["type"] == "frame"
        line.unplug()
        lost = tap.until("source_lost")[-1]
        status, errors = tap.ended()
        assert status == 1
        assert errors.count("\n") == 1
        assert "went away" in errors
        assert lost["reason"] in errors


def test_a_port_that_goes_away_is_waited_for(tmp_path):
    name = tmp_path / "adapter"
    with Line() as line:
        name.symlink_to(line.port)
        tap = Tap(str(name), *PATIENT)
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT)
        assert tap.next_seen(1)[0]["type"] == "frame"
        name.unlink()
        line.unplug()
        lost = tap.until("source_lost")[-1]
        assert "went away" in lost["reason"]
    with Line() as line, tap:
        name.symlink_to(line.port)
        back = tap.until("source_back")[-1]
        assert back["away"] < PATIENCE
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT)
        assert tap.next_seen(1)[0]["raw"] == STATUS_REPORT.hex()
        assert tap.interrupt()[0] == 0


def test_bytes_that_mark_errors_are_bytes_of_the_line(tmp_path):
    data = bytes(range(256)) * 4 + b"\xff\xff\x00\xff\x00\x00\xff"
    with Line() as line, Tap(line.port) as tap:
        tap.wait_until_open(line.port)
        line.write(data)
        raw = b""
        while len(raw) < len(data):
            raw += bytes.fromhex(tap.next_seen(1)[0]["raw"])
    assert raw == data


def test_a_socat_pair_carries_the_same_bytes(tmp_path):
    with Pair(tmp_path) as pair, Tap(pair.far, *PATIENT) as tap:
        tap.wait_until_open(os.path.realpath(pair.far))
        pair.write(b"".join(SESSION))
        seen = tap.next_seen(len(SESSION))
        assert [bytes.fromhex(frame["raw"]) for frame in seen] == SESSION
        assert tap.interrupt() == (0, "")
