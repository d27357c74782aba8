"""`evse-sniff dump` as people and scripts run it: the sample log, raw bytes, and damaged files."""

import gzip
import json
import os
import re
import subprocess
from contextlib import suppress

import pytest

from tests.cli.helpers import CAPTURE, STREAM, objects, read_up_to_a_cut, refused, run
from tests.known_frames import KNOWN_FRAMES
from tests.tools import EVSE_SNIFF, need


class TestTheSampleLog:
    def test_holds_fifteen_frames_and_no_noise(self):
        done = run("dump", "--json", CAPTURE)
        kinds = [found["type"] for found in objects(done)]
        assert done.returncode == 0
        assert kinds.count("frame") == 15
        assert "noise" not in kinds

    def test_holds_one_series_of_announcements_and_one_fault(self):
        events = [found for found in objects(run("dump", "--json", CAPTURE)) if found["type"] == "event"]
        names = [event["event"] for event in events]
        assert names == ["boot", "registration", "link_health", "status", "fault_raised"]
        fault = events[4]
        assert (fault["connector"], fault["m4_error"], fault["ocpp_error"]) == (1, 4, "UnderVoltage")
        assert (fault["vendor_error"], fault["meaning"]) == ("0x200208", ["Under voltage"])

    def test_has_its_lines_understood(self):
        texts = {found["text"]: found["fields"] for found in objects(run("dump", "--json", CAPTURE)) if "text" in found}
        assert texts["pwrCom error Code vol:4,8,9"] == {"m4_error": 4, "status": "Faulted", "cp_voltage": 9}
        assert texts["ocpp error Code :14,2097672"] == {"ocpp_error": "UnderVoltage", "vendor_error": "0x200208"}
        assert texts["icomCode = 4,index=3"]["m4_error"] == 4

    def test_reads_the_same_with_crlf_without_numbers_and_compressed(self, tmp_path):
        def dumped(path):
            return [
                re.sub(r', "line": [0-9]+', "", json.dumps(found)) for found in objects(run("dump", "--json", path))
            ]

        text = CAPTURE.read_text()
        (tmp_path / "crlf.log").write_bytes(text.replace("\n", "\r\n").encode())
        (tmp_path / "plain.txt").write_text("".join(line.split(" ", 1)[1] for line in text.splitlines(True)))
        (tmp_path / "packed.log.gz").write_bytes(gzip.compress(text.encode()))
        (tmp_path / "unnamed").write_text(text)
        assert {tuple(dumped(path)) for path in tmp_path.iterdir()} == {tuple(dumped(CAPTURE))}

    def test_reads_as_lines_for_people(self):
        lines = run("dump", CAPTURE).stdout.decode().splitlines()
        (fault,) = (line for line in lines if "fault raised" in line)
        assert "Under voltage (M4 4, OCPP 14 UnderVoltage; by the error table vendor 0x200208), connector 1" in fault
        assert any("pwr>com   61D9  status report: connector 1 Faulted" in line for line in lines)

    def test_ends_with_a_summary_on_request(self):
        lines = run("dump", "--summary", CAPTURE).stdout.decode().splitlines()
        assert [line for line in lines if line.startswith("=== pwr>com") and "status report, 1 answered" in line]
        printed = objects(run("dump", "--summary", "--json", CAPTURE))
        assert [found["event"] for found in printed[-17:]] == ["side"] * 4 + ["command"] * 12 + ["fault_active"]


class TestRawBytes:
    @pytest.mark.parametrize("ending", [".bin", ".bin.gz", ".anything"])
    def test_from_a_file_are_printed_to_the_last_byte(self, tmp_path, ending):
        path = tmp_path / f"tap{ending}"
        path.write_bytes(gzip.compress(STREAM) if ending.endswith(".gz") else STREAM)
        printed = objects(run("dump", "--json", path))
        self.assert_whole(printed)
        assert {found["time"] for found in printed} == {None}

    def test_from_a_pipe_have_the_time_of_their_arrival(self):
        printed = objects(run("dump", "--json", "-", stdin=STREAM))
        self.assert_whole(printed)
        assert all(found["time"] for found in printed)

    def test_from_a_redirected_file_have_no_times(self, tmp_path):
        (tmp_path / "tap").write_bytes(STREAM)
        with (tmp_path / "tap").open("rb") as stdin:
            done = subprocess.run([*EVSE_SNIFF, "dump", "--json", "-"], stdin=stdin, capture_output=True, timeout=60)
        self.assert_whole(objects(done))
        assert {found["time"] for found in objects(done)} == {None}

    def test_without_bytes_nothing_is_printed(self):
        done = run("dump", "--json", "-")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def assert_whole(self, printed):
        seen = [found for found in printed if found["type"] in ("frame", "noise")]
        assert b"".join(bytes.fromhex(found["raw"]) for found in seen) == STREAM
        assert [found["type"] for found in seen].count("frame") == len(KNOWN_FRAMES)
        assert [found["reason"] for found in seen if found["type"] == "noise"] == ["garbage", "truncated"]


class TestDamagedFiles:
    def test_a_log_that_was_cut_off_is_read_up_to_there(self, tmp_path):
        whole = CAPTURE.read_bytes()
        cut = whole[: whole.index(b"59 68")]
        (tmp_path / "cut.log").write_bytes(cut)
        text = read_up_to_a_cut("dump", tmp_path / "cut.log")
        assert f"cut off within line {len(cut.splitlines())};" in text
        printed = objects(run("dump", "--json", tmp_path / "cut.log"))
        assert [found["type"] for found in printed].count("frame") == 12
        assert "source_lost" not in [found.get("event") for found in printed]

    def test_a_compressed_file_that_was_cut_off(self, tmp_path):
        packed = gzip.compress(STREAM + os.urandom(300_000))
        (tmp_path / "cut.bin.gz").write_bytes(packed[: len(packed) // 2])
        assert "cut off" in read_up_to_a_cut("dump", tmp_path / "cut.bin.gz")
        printed = objects(run("dump", "--json", tmp_path / "cut.bin.gz"))
        assert sum(len(found.get("raw", "")) // 2 for found in printed) > 100_000

    def test_a_compressed_file_that_is_damaged(self, tmp_path):
        packed = bytearray(gzip.compress(STREAM))
        packed[12:20] = b"\xff" * 8
        (tmp_path / "odd.bin.gz").write_bytes(packed)
        assert "damaged" in refused("dump", tmp_path / "odd.bin.gz")


class TestPackedAndBundled:
    """Every command opens what it is given through the same door, so one command stands for all."""

    @pytest.mark.parametrize("program", ["cat", "gzip", "xz", "bzip2"])
    def test_standard_input_is_recognised(self, program):
        whole = run("dump", "--json", CAPTURE).stdout
        packed = subprocess.run([need(program)], input=CAPTURE.read_bytes(), capture_output=True, check=True).stdout
        done = run("dump", "--json", "-", stdin=packed)
        assert (done.returncode, done.stdout) == (0, whole)

    @pytest.mark.parametrize("words", [["zip", "-q"], ["tar", "cf"], ["tar", "cJf"], ["tar", "czf"]], ids=" ".join)
    def test_an_archive_of_a_rotated_log_is_one_session(self, words, tmp_path):
        whole = CAPTURE.read_bytes()
        (tmp_path / "x.log.1").write_bytes(whole[:1500])
        (tmp_path / "x.log").write_bytes(whole[1500:])
        subprocess.run([need(words[0]), *words[1:], "a.zip", "x.log", "x.log.1"], cwd=tmp_path, check=True)
        assert run("dump", "--json", tmp_path / "a.zip").stdout == run("dump", "--json", CAPTURE).stdout
        (tmp_path / "a.zip").unlink()
        assert run("dump", "--json", tmp_path).stdout == run("dump", "--json", CAPTURE).stdout
        assert "--join" in refused("dump", tmp_path / "x.log", tmp_path / "x.log.1")
        joined = run("dump", "--json", "--join", tmp_path / "x.log", tmp_path / "x.log.1")
        assert (joined.returncode, joined.stdout) == (0, run("dump", "--json", CAPTURE).stdout)

    def test_our_own_bundle_is_opened(self, tmp_path):
        assert run("bundle", CAPTURE, "--yes", "-o", tmp_path / "a.zip").returncode == 0
        frames = [found for found in objects(run("dump", "--json", tmp_path / "a.zip")) if found["type"] == "frame"]
        assert len(frames) == 15

    def test_a_damaged_line_of_json_is_noted(self, tmp_path):
        lines = run("dump", "--json", CAPTURE).stdout.splitlines(keepends=True)
        (tmp_path / "a.jsonl").write_bytes(b"".join([*lines[:5], b"broken\n", *lines[5:]]))
        text = read_up_to_a_cut("dump", tmp_path / "a.jsonl")
        assert "1 line was skipped (line 6: it is no JSON); all others were read" in text
        notes = [found["note"] for found in objects(run("dump", "--json", tmp_path / "a.jsonl")) if "note" in found]
        assert notes == ["line 6 of the file was skipped: it is no JSON"]


class TestColors:
    @pytest.mark.parametrize(
        ("words", "env", "has_colors"),
        [
            ((), {}, True),
            ((), {"NO_COLOR": ""}, True),
            ((), {"NO_COLOR": "1"}, False),
            ((), {"TERM": "dumb"}, False),
            ((), {"TERM": ""}, False),
            (("--color", "auto"), {}, True),
            (("--color", "never"), {}, False),
            (("--color", "always"), {"NO_COLOR": "1", "TERM": "dumb"}, True),
            (("--json", "--color", "always"), {}, False),
        ],
    )
    @pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
    def test_on_a_terminal_as_it_was_asked_for(self, words, env, has_colors):
        plain = {"TERM": "xterm", "NO_COLOR": ""} | env
        assert (b"\x1b[1;31m" in dump_on_a_terminal(words, plain)) is has_colors

    def test_into_a_pipe_only_if_asked_for(self):
        assert b"\x1b" not in run("dump", CAPTURE).stdout
        colored = run("dump", "--color", "always", CAPTURE).stdout
        assert re.sub(rb"\x1b\[[0-9;]*m", b"", colored) == run("dump", CAPTURE).stdout
        assert b"\x1b[1;31m" in colored


def dump_on_a_terminal(words, env):
    """Return what `dump` prints of the sample log on a pseudo-terminal."""
    terminal, end = os.openpty()
    with subprocess.Popen(
        [*EVSE_SNIFF, "dump", *words, str(CAPTURE)], stdout=end, stdin=subprocess.DEVNULL, env=os.environ | env
    ) as process:
        os.close(end)
        printed = b""
        # Linux reports that the other end is closed as an error.
        with suppress(OSError), open(terminal, "rb", buffering=0) as shown:
            while data := shown.read(4096):
                printed += data
    assert process.returncode == 0
    return printed
