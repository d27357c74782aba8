"""`--definition` and `evse-sniff definition` as people run them: what a file adds is seen wherever things are shown."""

import json
import os
import subprocess
import sys
import tomllib

import pytest

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from tests.cli.helpers import CAPTURE, objects, refused, run
from tests.core.protocol.helpers import DEFINITION, frame

MINE = """\
[[error]]
vendor = 0x100208
m4 = 7

[enumeration.status]
values = [{ number = 9, name = "Parked", meaning = "Barrier is down" }]

[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x40
name = "fan"
summary = "{speed}"
fields = [{ name = "speed", size = 2, unit = "rpm" }, { name = "unknown_2", size = 1 }]
"""
FAN = frame(COM_TO_PWR, 0x40, b"\x04\xb0\x01").raw
RELAY = frame(PWR_TO_COM, 0x01, bytes([1, 8, 7, 0, 0, 0, 7, 0, 9, 0, 0])).raw
PARKED = frame(PWR_TO_COM, 0x01, bytes([1, 9, 6, 0, 0, 0, 0, 0, 12, 0, 0])).raw


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text(MINE)
    return path


@pytest.fixture
def tap(tmp_path):
    path = tmp_path / "tap.bin"
    path.write_bytes(FAN + RELAY + PARKED)
    return path


class TestWhatAFileAdds:
    def test_is_in_the_dump(self, mine, tap):
        printed = objects(run("dump", "--json", "--definition", mine, tap))
        fan, relay, parked = (found for found in printed if found["type"] == "frame")
        assert (fan["name"], fan["summary"], fan["fields"]) == ("fan", "fan: 1200 rpm", {"speed": 1200, "unknown_2": 1})
        assert relay["fields"]["m4_error"] == 7
        assert parked["fields"]["status"] == "Parked"
        (fault,) = (found for found in printed if found.get("event") == "fault_raised")
        assert fault["meaning"] == ["Relay fault"]
        assert [found["to"] for found in printed if found.get("event") == "status"] == ["Faulted", "Parked"]

    def test_is_unknown_without_it(self, tap):
        printed = objects(run("dump", "--json", tap))
        assert printed[0]["name"] == "command 40 (unknown)"
        assert [found["meaning"] for found in printed if found.get("event") == "fault_raised"] == [[]]

    def test_is_the_users_where_that_is_shown(self, mine):
        definition = load(packaged_files(), [("my.toml", MINE)])
        decode = Codec(definition).decode
        fan = decode(frame(COM_TO_PWR, 0x40, b"\x04\xb0\x01"))
        assert {field.name: field.provenance for field in fan.fields} == {"speed": "user", "unknown_2": None}
        printed = run("explain", "--definition", mine, FAN.hex(" ")).stdout.decode()
        (speed,) = (line for line in printed.splitlines() if "speed" in line)
        assert speed.split() == ["speed", "04", "B0", "1200", "rpm", "user"]

    def test_its_codes_and_names_are_explained(self, mine):
        assert "as M4 error code  (user)" in run("explain", "--definition", mine, "7").stdout.decode()
        assert "as M4 error code" not in run("explain", "7").stdout.decode()
        printed = run("explain", "--definition", mine, "Parked").stdout.decode()
        assert "Barrier is down  (user)" in printed

    def test_of_several_files_the_later_one_holds(self, mine, tmp_path):
        other = tmp_path / "other.toml"
        other.write_text(MINE.replace('name = "fan"', 'name = "pump"'))
        for files, name in (((mine, other), b"pump"), ((other, mine), b"fan")):
            words = [word for file in files for word in ("--definition", file)]
            assert run("explain", *words, FAN.hex(" ")).stdout.startswith(name)


class TestPrinted:
    def test_it_loads_again_to_the_same(self, mine, tmp_path):
        for words in ([], ["--definition", mine]):
            printed = run("definition", *words)
            assert (printed.returncode, len(printed.stderr.splitlines())) == (0, len(words) // 2)
            (tmp_path / "printed.toml").write_bytes(printed.stdout)
            again = run("definition", "--definition", tmp_path / "printed.toml")
            assert again.stdout == printed.stdout
        own = [("my.toml", MINE)]
        assert (
            load(packaged_files(), [("printed", printed.stdout.decode())]) == load(packaged_files(), own) != DEFINITION
        )

    def test_each_fact_has_its_word(self, mine):
        table = tomllib.loads(run("definition", "--definition", mine).stdout.decode())
        relay = next(row for row in table["error"] if row["vendor"] == 0x100208)
        assert relay == {
            "vendor": 0x100208,
            "stop_reason": "SR_RELAY",
            "meaning": "Relay fault",
            "provenance": "documented",
            "ocpp": 11,
            "ocpp_provenance": "inferred",
            "m4": 7,
            "m4_provenance": "user",
        }
        assert table["enumeration"]["status"]["values"][-1]["provenance"] == "user"

    def test_each_file_is_summed_up_after_it(self, mine, tmp_path):
        empty = tmp_path / "empty.toml"
        empty.write_text("")
        words = ["definition", "--definition", mine, "--definition", empty, "--definition", "modbus"]
        assert run(*words).stderr.decode().splitlines() == [
            f"{mine}: 1 command, 1 error, 1 enumeration",
            f"{empty}: no link, command or error",
        ]
        assert run("definition").stderr == b""

    def test_a_reader_that_goes_away_ends_it_quietly(self):
        command = f"{sys.executable} -m sniffer definition | head -n 1; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1


class TestAFileThatCannotBeUsed:
    """One line and status 1, from every command that takes a definition, before anything is opened."""

    @pytest.mark.parametrize("words", [["dump", CAPTURE], ["explain", "14"], ["definition"], ["demo"]])
    def test_a_wrong_entry_is_named_with_its_place(self, tmp_path, words):
        (tmp_path / "my.toml").write_text("[[error]]\nvendro = 1")
        text = refused(*words, "--definition", tmp_path / "my.toml")
        assert f"{tmp_path}/my.toml: error 1: vendro: no such key here: allowed are vendor, stop_reason" in text

    def test_what_is_not_toml(self, tmp_path):
        (tmp_path / "my.toml").write_text("[[error]]\nvendor = 0x\n")
        assert "my.toml: not valid TOML: " in refused("definition", "--definition", tmp_path / "my.toml")
        assert "at line 2" in refused("definition", "--definition", tmp_path / "my.toml")

    def test_a_file_that_is_not_there(self):
        assert "nothing.toml: no such definition file" in refused("explain", "4", "--definition", "nothing.toml")

    def test_a_directory_is_refused(self, tmp_path):
        assert "this is a directory" in refused("definition", "--definition", tmp_path)

    def test_what_is_not_utf_8(self, tmp_path):
        (tmp_path / "my.toml").write_bytes("# größer\n".encode("latin-1"))
        assert "save it as UTF-8" in refused("definition", "--definition", tmp_path / "my.toml")

    def test_a_port_is_not_opened(self):
        main, port = os.openpty()
        try:
            assert "this is a device" in refused("dump", "demo", "--definition", os.ttyname(port))
        finally:
            os.close(main)
            os.close(port)

    def test_hostile_names_do_not_act_on_the_terminal(self, tmp_path):
        (tmp_path / "my.toml").write_text('"\\u001b[2J" = 1')
        assert "\x1b" not in refused("definition", "--definition", tmp_path / "my.toml")

    def test_no_file_at_all_is_wrong_usage(self):
        assert run("definition", "--definition").returncode == 2
        assert run("definition", "extra").returncode == 2


def test_a_file_of_a_windows_editor_is_read(tmp_path):
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINE.replace("\n", "\r\n").encode())
    assert json.dumps("Parked").encode() in run("definition", "--definition", path).stdout


def test_the_known_boards_are_listed():
    assert b"modbus  Modbus RTU" in run("definition", "--list").stdout
    assert json.loads(run("definition", "--list", "--json").stdout)["boards"][0]["name"] == "ant"
    assert b"--json is for --list" in run("definition", "--json").stderr
    assert b"give one of them" in run("definition", "--list", "--definition", "tuya").stderr


def test_a_known_board_is_decoded_by_its_name(tmp_path):
    bus = tmp_path / "bus.bin"
    bus.write_bytes(bytes.fromhex("0106000100551835 0106000100551835"))
    found = objects(run("dump", "--json", "--definition", "modbus", bus))
    frames = [one for one in found if one["type"] == "frame"]
    assert [frame["direction"] for frame in frames] == ["master>slave", "slave>master"]
    assert [frame["name"] for frame in frames] == ["write register", "write register answer"]
    assert frames[1]["answers"]
