"""`evse-sniff learn` as people run it."""

import fcntl
import gzip
import json
import os
import signal
import struct
import subprocess
import termios
import time
import tomllib

from tests.cli.helpers import CAPTURE, STREAM, read_up_to_a_cut, refused, run
from tests.known_frames import KNOWN_FRAMES
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF


class TestLearn:
    def test_from_the_sample_log_confirms_the_table(self):
        done = run("learn", CAPTURE)
        assert (done.returncode, done.stderr) == (0, b"")
        assert tomllib.loads(done.stdout.decode()) == {}
        assert b"# Read: 1 source (undervoltage.log);" in done.stdout
        assert b"M4 4: once; confirms the table" in done.stdout

    def test_takes_files_of_all_kinds_together(self, tmp_path):
        (tmp_path / "packed.log.gz").write_bytes(gzip.compress(CAPTURE.read_bytes()))
        (tmp_path / "tap.bin").write_bytes(STREAM)
        done = run("learn", CAPTURE, tmp_path / "packed.log.gz", tmp_path / "tap.bin")
        assert done.returncode == 0
        assert b"# Read: 3 sources (undervoltage.log, packed.log.gz, tap.bin);" in done.stdout
        # The known frames are not in the order of a session: the report comes after its relay, and belongs to it.
        assert b"M4 4, OCPP 14 UnderVoltage, vendor 0x200208: 3 times" in done.stdout

    def test_refuses_a_file_that_is_not_there_before_it_reads_any(self):
        assert "nothing.log: no such file" in refused("learn", CAPTURE, "nothing.log")
        assert run("learn", CAPTURE, "nothing.log").stdout == b""

    def test_prints_what_was_learnt_before_a_log_was_cut_off(self, tmp_path):
        whole = CAPTURE.read_bytes()
        (tmp_path / "cut.log").write_bytes(whole[: whole.index(b"59 68")])
        assert "cut off" in read_up_to_a_cut("learn", tmp_path / "cut.log")
        assert b"M4 4: once; confirms the table" in run("learn", tmp_path / "cut.log").stdout

    def test_a_source_without_end_is_reported_on_an_interrupt(self, tmp_path):
        os.mkfifo(tmp_path / "tap")
        command = [*EVSE_SNIFF, "learn", str(tmp_path / "tap")]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
            (tmp_path / "tap").open("wb", buffering=0) as tap,
        ):
            tap.write(STREAM)
            while struct.unpack("i", fcntl.ioctl(tap, termios.FIONREAD, bytes(4))) != (0,):
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            printed, complaint = process.communicate(timeout=30)
        assert (process.returncode, complaint) == (0, b"")
        assert f"{len(KNOWN_FRAMES)} frames, 2 pieces of noise" in printed.decode()

    def test_without_a_file_it_is_wrong_usage(self):
        assert run("learn").returncode == 2


class TestFraming:
    def test_the_charger_s_own_framing_is_found_in_the_bytes_of_a_sample(self):
        done = run("learn", "--framing", "--json", CAPTURES / "charging.pcapng")
        assert (done.returncode, done.stderr) == (0, b"")
        best = json.loads(done.stdout)["candidates"][0]
        assert (best["heads"], best["length"]) == (["aa", "bb"], {"at": 4, "size": 1, "order": "big", "adds": 7})
        assert best["check"] == {"name": "CRC-16/MODBUS", "size": 2, "order": "big", "from": 0}

    def test_the_proposal_is_a_definition_that_can_be_tried(self, tmp_path):
        (tmp_path / "proposal.toml").write_bytes(run("learn", "--framing", CAPTURES / "charging.pcapng").stdout)
        done = run("dump", "--definition", tmp_path / "proposal.toml", CAPTURES / "charging.pcapng")
        assert done.returncode == 0
        assert done.stdout.count(b"a>b") > 10
        assert done.stdout.count(b"b>a") > 50

    def test_json_is_for_the_framing(self):
        done = run("learn", "--json", CAPTURE)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"--json is for --framing: leave it out, or add --framing" in done.stderr
