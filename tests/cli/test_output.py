"""Standard output and standard error of all commands: full disks, closed streams, and characters they cannot encode."""

import os
import subprocess
import sys

import pytest

from sniffer.base.errors import SourceError
from sniffer.cli.output import print_error, print_escaped, print_line, report_recording_state
from tests.cli.helpers import CAPTURE, STREAM
from tests.tools import EVSE_SNIFF


class TestOutput:
    @pytest.mark.parametrize(
        "words",
        [
            ["--help"],
            ["--version"],
            ["dump", "--help"],
            ["dump", CAPTURE],
            ["dump", "--json", CAPTURE],
            ["dump", "demo"],
            ["explain", "14"],
            ["report", CAPTURE],
            ["definition"],
            ["help"],
            ["ports"],
        ],
    )
    def test_a_full_disk_is_reported_in_one_line(self, words):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*EVSE_SNIFF, *map(str, words)], stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
        assert b"standard output cannot be written: no room is left" in done.stderr

    def test_the_status_reports_an_error_that_cannot_be_printed(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([*EVSE_SNIFF, "dump", "nothing.log"], stderr=full, timeout=60)
        assert done.returncode == 1

    @pytest.mark.parametrize(("closing", "message"), [(">&-", "output is closed"), ("<&-", "input: it is closed")])
    def test_a_closed_stream_is_reported_in_one_line(self, closing, message):
        command = f"{sys.executable} -m sniffer dump {CAPTURE if closing[0] == '>' else '-'} {closing}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert message in done.stderr

    def test_an_output_that_has_no_arrows_gets_escapes(self):
        done = subprocess.run(
            [*EVSE_SNIFF, "dump", CAPTURE],
            capture_output=True,
            timeout=60,
            env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"first report \\u2192 Faulted" in done.stdout

    def test_a_reader_that_goes_away_ends_it_quietly(self, tmp_path):
        (tmp_path / "long.bin").write_bytes(STREAM * 2000)
        command = f"{sys.executable} -m sniffer dump {tmp_path}/long.bin | head -n 1; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1


class TestLines:
    def test_an_error_is_one_line_without_control_characters(self, capsys):
        print_error(SourceError("no \x1b[2J"))
        assert capsys.readouterr().err == "evse-sniff: no \\x1b[2J\n"

    def test_a_line_with_a_name_of_a_file_is_escaped(self, capsys):
        print_escaped("into \x1b[2J")
        assert capsys.readouterr().out == "into \\x1b[2J\n"

    def test_a_plain_line_is_printed_as_it_is(self, capsys):
        print_line("a\nb →")
        assert capsys.readouterr().out == "a\nb →\n"

    def test_a_recording_that_stops_and_resumes_is_reported(self, capsys):
        report_recording_state("full \x1b")
        report_recording_state("")
        printed = capsys.readouterr()
        assert printed.err == "evse-sniff: NOT RECORDED: full \\x1b\nevse-sniff: recording again\n"
        assert printed.out == ""
