"""`dump --filter` as people run it: what is printed, what is not, and how a wrong filter is refused."""

import json
import subprocess
import sys

import pytest

from tests.cli.helpers import CAPTURE, STREAM, objects, run


def test_prints_only_the_records_that_match_with_their_events():
    lines = run("dump", CAPTURE, "--filter", "command == 01 and status == Faulted").stdout.decode().splitlines()
    assert len(lines) == 3
    assert "status report: connector 1 Faulted" in lines[0]
    assert "fault raised: Under voltage" in lines[2]
    # Number, time and delta are those of the whole session.
    assert lines[0].split()[:3] == ["13", "00:00:49.000", "2.000"]


def test_leaves_objects_as_they_are():
    whole, some = (objects(run("dump", "--json", CAPTURE, *more)) for more in ((), ("--filter", "event == boot")))
    assert [found["line"] for found in some] == [706, 706, 706]
    assert all(found in whole for found in some)


def test_counts_the_whole_session_in_the_summary():
    whole, none = (
        run("dump", "--summary", CAPTURE, *more).stdout.decode().splitlines() for more in ((), ("--filter", "noise"))
    )
    assert none == [line for line in whole if line.startswith("===")]


def test_takes_the_time_of_day_in_the_zone_of_the_log(tmp_path):
    path = tmp_path / "east.log"
    path.write_text(CAPTURE.read_text().replace("+0000", "+0530"))
    found = objects(run("dump", "--json", path, "--filter", "time == 00:00:50"))
    assert [one["line"] for one in found] == [728]


def test_knows_what_a_definition_adds(tmp_path):
    (tmp_path / "my.toml").write_text(
        '[[line]]\npattern = "hello {mood}"\nname = "greeting"\nfields = [{ name = "mood" }]\n'
    )
    (tmp_path / "tap.log").write_text("[ocpp] hello 1\n[ocpp] hello 2\n")
    words = ["--definition", tmp_path / "my.toml", "--filter", "mood > 1"]
    first, *found = objects(run("dump", "--json", tmp_path / "tap.log", *words))
    assert (first["event"], first["definitions"][0]["name"]) == ("definition", "my.toml")
    assert [one["text"] for one in found] == ["hello 2"]


def test_of_bytes_without_times():
    done = run("dump", "--json", "-", "--filter", "noise or charge_point_id", stdin=STREAM)
    assert {found["type"] for found in objects(done)} == {"noise", "frame"}


@pytest.mark.parametrize("source", [CAPTURE, "nothing.log"])
def test_that_is_wrong_is_wrong_usage_with_the_place_marked(source):
    done = run("dump", source, "--filter", "crc bad or statsu == 1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "evse-sniff: unknown name `statsu`: did you mean status?",
        "  crc bad or statsu == 1",
        "             ^^^^^^",
    ]


def test_cannot_act_on_the_terminal():
    done = run("dump", CAPTURE, "--filter", "\x1b[31m\udcff red")
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_parser_is_loaded_only_for_a_filter():
    def loaded(*more):
        words = json.dumps(["dump", str(CAPTURE), *more])
        code = f"import sys, sniffer.cli\nsniffer.cli.main({words})\nprint(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
        return set(done.stdout.splitlines()[-1].split())

    assert "lark" not in loaded()
    assert "lark" in loaded("--filter", "noise")
