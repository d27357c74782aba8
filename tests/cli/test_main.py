"""The command as people and scripts run it: real processes, exit statuses, one clear line for what cannot be used."""

import fcntl
import grp
import gzip
import json
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import time
import tomllib

import pytest

from tests.known_frames import KNOWN_FRAMES
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF, need

CAPTURE = CAPTURES / "undervoltage.log"
STREAM = b"\x00\x01" + b"".join(known.raw for known in KNOWN_FRAMES) + b"\xaa\x01"


def run(*words, stdin=b""):
    return subprocess.run([*EVSE_SNIFF, *map(str, words)], input=stdin, capture_output=True, timeout=60)


def objects(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(*words):
    """What the command said when it refused: always one line on standard error, status 1, no traceback."""
    done = run(*words)
    assert done.returncode == 1
    text = done.stderr.decode()
    assert text.startswith("evse-sniff: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


class TestTheSampleLog:
    def test_holds_fifteen_frames_and_no_noise(self):
        done = run("dump", "--json", CAPTURE)
        kinds = [found["type"] for found in objects(done)]
        assert done.returncode == 0
        assert kinds.count("frame") == 15
        assert "noise" not in kinds

    def test_tells_of_two_boots_and_one_fault(self):
        events = [found for found in objects(run("dump", "--json", CAPTURE)) if found["type"] == "event"]
        assert [event["event"] for event in events] == ["boot", "status", "fault_raised", "boot"]
        fault = events[2]
        assert (fault["connector"], fault["m4_error"], fault["ocpp_error"]) == (1, 4, "UnderVoltage")
        assert (fault["vendor_error"], fault["meaning"]) == ("0x200208", ["Under voltage"])

    def test_has_its_lines_understood(self):
        texts = {found["text"]: found["fields"] for found in objects(run("dump", "--json", CAPTURE)) if "text" in found}
        assert texts["pwrCom error Code vol:4,8,9"] == {"m4_error": 4, "status": "Faulted", "cp_voltage": 9}
        assert texts["ocpp error Code :14,2097672"] == {"ocpp_error": "UnderVoltage", "vendor_error": "0x200208"}
        assert texts["icomCode = 4,index=3"]["m4_error"] == 4

    def test_reads_the_same_with_crlf_without_numbers_and_compressed(self, tmp_path):
        def told(path):
            return [
                re.sub(r', "line": [0-9]+', "", json.dumps(found)) for found in objects(run("dump", "--json", path))
            ]

        text = CAPTURE.read_text()
        (tmp_path / "crlf.log").write_bytes(text.replace("\n", "\r\n").encode())
        (tmp_path / "plain.txt").write_text("".join(line.split(" ", 1)[1] for line in text.splitlines(True)))
        (tmp_path / "packed.log.gz").write_bytes(gzip.compress(text.encode()))
        (tmp_path / "unnamed").write_text(text)
        assert {tuple(told(path)) for path in tmp_path.iterdir()} == {tuple(told(CAPTURE))}

    def test_reads_as_lines_for_people(self):
        lines = run("dump", CAPTURE).stdout.decode().splitlines()
        (fault,) = (line for line in lines if "fault raised" in line)
        assert "Under voltage (M4 4, OCPP 14 UnderVoltage; by the error table vendor 0x200208), connector 1" in fault
        assert any("pwr>com   61D9  status report: connector 1 Faulted" in line for line in lines)


class TestLearning:
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
        assert b"M4 4, OCPP 14 UnderVoltage, vendor 0x200208: 2 times" in done.stdout
        # The known frames are not in the order of a session: the report comes after its relay.
        assert b"M4 4, OCPP 14 UnderVoltage: once" in done.stdout

    def test_refuses_a_file_that_is_not_there_before_it_reads_any(self):
        assert "nothing.log: no such file" in refused("learn", CAPTURE, "nothing.log")
        assert run("learn", CAPTURE, "nothing.log").stdout == b""

    def test_tells_what_was_read_before_a_log_was_cut_off(self, tmp_path):
        whole = CAPTURE.read_bytes()
        (tmp_path / "cut.log").write_bytes(whole[: whole.index(b"59 68")])
        assert "cut off" in refused("learn", tmp_path / "cut.log")
        assert b"M4 4: once; confirms the table" in run("learn", tmp_path / "cut.log").stdout

    def test_of_what_never_ends_is_told_on_an_interrupt(self, tmp_path):
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
            told, complaint = process.communicate(timeout=30)
        assert (process.returncode, complaint) == (0, b"")
        assert f"{len(KNOWN_FRAMES)} frames, 2 pieces of noise" in told.decode()

    def test_of_nothing_is_wrong_usage(self):
        assert run("learn").returncode == 2

    def test_ends_with_a_summary_where_it_is_asked_for(self):
        lines = run("dump", "--summary", CAPTURE).stdout.decode().splitlines()
        assert [line for line in lines if line.startswith("=== pwr>com") and "status report, 1 answered" in line]
        told = objects(run("dump", "--summary", "--json", CAPTURE))
        assert [found["event"] for found in told[-17:]] == ["side"] * 4 + ["command"] * 12 + ["fault_active"]


class TestRawBytes:
    @pytest.mark.parametrize("ending", [".bin", ".bin.gz", ".anything"])
    def test_from_a_file_are_told_to_the_last_byte(self, tmp_path, ending):
        path = tmp_path / f"tap{ending}"
        path.write_bytes(gzip.compress(STREAM) if ending.endswith(".gz") else STREAM)
        told = objects(run("dump", "--json", path))
        self.assert_whole(told)
        assert {found["time"] for found in told} == {None}

    def test_from_a_pipe_have_the_time_of_their_arrival(self):
        told = objects(run("dump", "--json", "-", stdin=STREAM))
        self.assert_whole(told)
        assert all(found["time"] for found in told)

    def test_from_a_redirected_file_have_no_times(self, tmp_path):
        (tmp_path / "tap").write_bytes(STREAM)
        with (tmp_path / "tap").open("rb") as stdin:
            done = subprocess.run([*EVSE_SNIFF, "dump", "--json", "-"], stdin=stdin, capture_output=True, timeout=60)
        self.assert_whole(objects(done))
        assert {found["time"] for found in objects(done)} == {None}

    def test_none_at_all_are_told_as_nothing(self):
        done = run("dump", "--json", "-")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def assert_whole(self, told):
        seen = [found for found in told if found["type"] in ("frame", "noise")]
        assert b"".join(bytes.fromhex(found["raw"]) for found in seen) == STREAM
        assert [found["type"] for found in seen].count("frame") == len(KNOWN_FRAMES)
        assert [found["reason"] for found in seen if found["type"] == "noise"] == ["garbage", "truncated"]


class TestBadInput:
    def test_no_such_port(self):
        text = refused("dump", "/dev/ttyUSB99")
        assert "no such port" in text
        assert "Ports here:" in text

    def test_no_such_file(self):
        assert "no such file" in refused("dump", "nothing.log")

    def test_a_directory(self, tmp_path):
        assert "this is a directory" in refused("dump", tmp_path)

    def test_an_empty_file(self, tmp_path):
        (tmp_path / "empty.log").touch()
        assert "the file is empty" in refused("dump", tmp_path / "empty.log")

    def test_a_device_that_is_no_serial_port(self):
        assert "not a serial port" in refused("dump", "/dev/null")

    def test_binary_data_called_log(self, tmp_path):
        (tmp_path / "tap.log").write_bytes(STREAM)
        text = refused("dump", tmp_path / "tap.log")
        assert "binary data" in text
        assert ".bin" in text

    def test_a_log_that_was_cut_off_is_read_up_to_there(self, tmp_path):
        whole = CAPTURE.read_bytes()
        cut = whole[: whole.index(b"59 68")]
        (tmp_path / "cut.log").write_bytes(cut)
        text = refused("dump", tmp_path / "cut.log")
        assert f"cut off within line {len(cut.splitlines())};" in text
        told = objects(run("dump", "--json", tmp_path / "cut.log"))
        assert [found["type"] for found in told].count("frame") == 12
        assert told[-1]["event"] == "source_lost"

    def test_a_compressed_file_that_was_cut_off(self, tmp_path):
        packed = gzip.compress(os.urandom(300_000))
        (tmp_path / "cut.bin.gz").write_bytes(packed[: len(packed) // 2])
        assert "cut off" in refused("dump", tmp_path / "cut.bin.gz")
        told = objects(run("dump", "--json", tmp_path / "cut.bin.gz"))
        assert sum(len(found.get("raw", "")) // 2 for found in told) > 100_000

    def test_a_compressed_file_that_is_damaged(self, tmp_path):
        packed = bytearray(gzip.compress(STREAM))
        packed[12:20] = b"\xff" * 8
        (tmp_path / "odd.bin.gz").write_bytes(packed)
        assert "damaged" in refused("dump", tmp_path / "odd.bin.gz")

    def test_a_baud_rate_that_no_adapter_takes(self):
        main, port = os.openpty()
        try:
            assert "the adapter refuses 99999999999 baud" in refused("dump", os.ttyname(port), "--baud", "99999999999")
        finally:
            os.close(main)
            os.close(port)

    def test_a_port_without_permission_says_which_group_mends_it(self):
        main, port = os.openpty()
        name = os.ttyname(port)
        os.chmod(name, 0o060)
        if os.getuid() == 0:
            os.chown(name, -1, grp.getgrnam("dialout").gr_gid)
        group = grp.getgrgid(os.stat(name).st_gid).gr_name
        # What root may do in spite of a file's mode is a capability, and can be given up.
        powerless = [need("setpriv"), "--inh-caps=-all", "--bounding-set=-all"] if os.getuid() == 0 else []
        try:
            done = subprocess.run([*powerless, *EVSE_SNIFF, "dump", name], capture_output=True, text=True, timeout=60)
        finally:
            os.close(main)
            os.close(port)
        assert done.returncode == 1
        assert f"no permission: it is for group {group}" in done.stderr
        assert f"usermod -aG {group}" in done.stderr
        assert "`evse-sniff doctor` says how to install the rules" in done.stderr
        assert done.stderr.count("\n") == 1

    def test_a_tap_of_another_kind(self):
        assert "no such kind of tap" in refused("dump", "ftp://localhost:4000")

    def test_an_unknown_scenario(self):
        assert "charging" in refused("dump", "demo:party")

    @pytest.mark.parametrize(
        "words",
        [
            [],
            ["dump"],
            ["dump", "demo", "--baud", "0"],
            ["dump", "demo", "--baud", "fast"],
            ["explain"],
            ["simulate", "--scenario", "party"],
            ["dump", "demo", "--\x1b[31mred"],
        ],
    )
    def test_wrong_usage_has_its_own_status(self, words):
        done = run(*words)
        assert done.returncode == 2
        assert b"usage: evse-sniff" in done.stderr
        assert b"\x1b" not in done.stderr

    def test_without_a_source_and_a_terminal_one_line_says_so(self):
        done = run()
        assert done.returncode == 2
        assert done.stderr == b"usage: evse-sniff SOURCE; without SOURCE, a terminal is needed to choose one\n"


class TestOutput:
    @pytest.mark.parametrize("words", [["dump", CAPTURE], ["dump", "--json", CAPTURE], ["explain", "14"]])
    def test_a_full_disk_is_told_in_one_line(self, words):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*EVSE_SNIFF, *map(str, words)], stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
        assert b"standard output cannot be written: No space left" in done.stderr

    @pytest.mark.parametrize(("closing", "told"), [(">&-", "output is closed"), ("<&-", "input: it is closed")])
    def test_a_closed_stream_is_told_in_one_line(self, closing, told):
        command = f"{sys.executable} -m sniffer dump {CAPTURE if closing[0] == '>' else '-'} {closing}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert told in done.stderr

    def test_an_output_that_has_no_arrows_gets_escapes(self):
        done = subprocess.run(
            [*EVSE_SNIFF, "dump", CAPTURE],
            capture_output=True,
            timeout=60,
            env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"first report \\u2192 Faulted" in done.stdout


class TestBehaviour:
    def test_a_reader_that_goes_away_ends_it_quietly(self, tmp_path):
        (tmp_path / "long.bin").write_bytes(STREAM * 2000)
        command = f"{sys.executable} -m sniffer dump {tmp_path}/long.bin | head -n 1; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1

    def test_explain_answers_codes_names_frames_and_lines(self):
        for words in (["14,2097672"], ["0x200208"], ["2097672"], ["UnderVoltage"], ["icomCode = 4,index=3"]):
            done = run("explain", *words)
            assert done.returncode == 0
            assert b"Under voltage" in done.stdout
        frame = run("explain", "BB", "DD", "DD", "32", "06", "59", "2A", "59", "68", "59", "AD", "6B", "BC")
        assert b"L1 228.26 V" in frame.stdout

    def test_explain_refuses_nonsense_as_wrong_usage(self):
        done = run("explain", "nonsense")
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1

    def test_help_and_version_load_nothing_heavy(self):
        for words in (["--help"], ["--version"], ["dump", "--help"], ["learn", "--help"]):
            code = f"import sys, sniffer.cli\ntry: sniffer.cli.main({words})\nexcept SystemExit: print(*sys.modules)"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
            loaded = set(done.stdout.splitlines()[-1].split())
            assert "sniffer.cli" in loaded
            assert loaded.isdisjoint({"asyncio", "textual", "serial", "crcmod", "tomlkit", "tomllib", "sniffer.wire"})
