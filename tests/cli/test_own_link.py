"""Frames of a user's own link in every output: they are what they are, or are counted as not held."""

import json
import re
from pathlib import Path

import pytest

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from tests.cli.helpers import run

DEFINITION = """
[[link]]
name = "display"
heads = { "cpu>display" = "A5 5A", "display>cpu" = "A5 5B" }
sequence = { at = 2, size = 1 }
command = { at = 3, size = 1 }
length = { at = 4, size = 1, adds = 7 }
payload = 5
check = { name = "CRC-16/XMODEM", order = "little", from = 2 }

[[command]]
direction = "display>cpu"
code = 0x10
name = "key"
summary = "key {key}"
fields = [{ name = "key", size = 1 }]
"""
FRAMES = 12


@pytest.fixture
def session(tmp_path: Path) -> tuple[Path, Path]:
    """Return the files of a session and of its definition."""
    codec = Codec(load(packaged_files(), [("my.toml", DEFINITION)]))
    command = codec.definition.command("key")
    frames = (codec.encode(command, number, {"key": number}) for number in range(FRAMES))
    (tmp_path / "tap.bin").write_bytes(b"".join(frames))
    (tmp_path / "my.toml").write_text(DEFINITION)
    return tmp_path / "tap.bin", tmp_path / "my.toml"


def names_of(*words: str | Path) -> list[str]:
    """Return the names of the frames that `dump --json` prints."""
    done = run("dump", "--json", *words)
    assert done.returncode == 0, done.stderr
    return [entry["name"] for entry in map(json.loads, done.stdout.splitlines()) if entry["type"] == "frame"]


@pytest.mark.parametrize("ending", ["pcapng", "jsonl", "bin"])
def test_a_session_is_converted_and_read_again(session: tuple[Path, Path], ending: str) -> None:
    tap, definition = session
    copy = tap.with_name(f"copy.{ending}")
    assert names_of("--definition", definition, tap) == ["key"] * FRAMES
    assert run("convert", "--definition", definition, tap, copy).returncode == 0
    assert names_of("--definition", definition, copy) == ["key"] * FRAMES


def test_the_charger_s_log_has_no_such_frames(session: tuple[Path, Path]) -> None:
    tap, definition = session
    done = run("convert", "--definition", definition, tap, tap.with_name("copy.log"))
    assert b"not held by .log: 12 frames of another board's link" in done.stderr
    assert not tap.with_name("copy.log").exists()


def test_they_are_shown_and_reported(session: tuple[Path, Path]) -> None:
    tap, definition = session
    assert b"display>cpu  03    key: key 3" in run("dump", "--definition", definition, tap).stdout
    report = run("report", "--definition", definition, tap).stdout.decode()
    assert "12 frames, 0 pieces of noise" in report
    assert "display>cpu  key" in report


@pytest.mark.parametrize("command", ["dump", "status"])
def test_without_the_definition_the_search_is_suggested(session: tuple[Path, Path], command: str) -> None:
    tap, _ = session
    tap.write_bytes(tap.read_bytes() * 12)
    notice = run(command, tap).stderr.decode()
    assert notice.startswith("evse-sniff: no known frames in 1,152 bytes: `evse-sniff learn --framing ")
    assert notice.count("\n") == 1
    assert run(command, "--quiet", tap).stderr == b""


def test_frames_without_a_check_are_marked_as_such(session: tuple[Path, Path]) -> None:
    """The word stands there without colour: in lines, in JSON, in reports, and for filters."""
    tap, definition = session
    definition.write_text(
        DEFINITION.replace('{ name = "CRC-16/XMODEM", order = "little", from = 2 }', '{ name = "none" }')
    )
    tap.write_bytes(b"".join(b"\xa5\x5b%c\x10\x01%c\x00" % (number, number) for number in range(FRAMES)))
    definition.write_text(definition.read_text().replace("adds = 7", "adds = 6"))
    lines = run("dump", "--definition", definition, "--filter", "crc none", tap).stdout.decode().splitlines()
    assert len(lines) == FRAMES
    assert all(line.endswith("  [no check]") for line in lines)
    objects = map(json.loads, run("dump", "--json", "--definition", definition, tap).stdout.splitlines())
    assert {entry.get("checked") for entry in objects if entry["type"] == "frame"} == {False}
    assert run("dump", "--definition", definition, "--filter", "crc good", tap).stdout == b""
    report = run("report", "--definition", definition, tap).stdout.decode()
    assert f"! {FRAMES} frames have no check, on the link display: noise can look like them" in report


def test_an_own_direction_needs_no_quotes_in_a_filter(session: tuple[Path, Path]) -> None:
    tap, definition = session
    for text in ("dir display>cpu", "dir == display->cpu", "dir cpu<-display and not crc bad"):
        done = run("dump", "--definition", definition, "--filter", text, tap)
        assert done.stdout.count(b"\n") == FRAMES, done.stderr
    assert run("dump", "--definition", definition, "--filter", "dir cpu>display", tap).stdout == b""


def test_a_frame_in_hex_is_explained_by_its_definition(session: tuple[Path, Path]) -> None:
    tap, definition = session
    frame = tap.read_bytes()[:8].hex(" ")
    shown = run("explain", "--definition", definition, frame).stdout.decode()
    assert "key  (display, display>cpu, sequence 00)" in shown
    assert "  key 0" in shown
    wrong = run("explain", "--definition", definition, frame[:-2] + "FF").stdout.decode()
    assert "a frame with a wrong CRC: it holds" in wrong
    packaged = run("explain", "--definition", definition, "AA 00 01 2C 04 00 00 02 00 11 22").stdout.decode()
    assert "a frame with a wrong CRC" in packaged


MACHINE = """
[[link]]
name = "lamp"
heads = { "lamp>host" = "C5" }
sizes = [{ size = 3 }]
payload = 1
check = { name = "sum" }

[enumeration.lamp]
label = "lamp"
values = [{ number = 0, name = "off" }, { number = 1, name = "on" }, { number = 2, name = "dim" }]
moves = [{ from = "off", to = ["on"], name = "press" }, { from = "on", to = ["off", "dim"] }]

[[command]]
direction = "lamp>host"
code = 0
name = "state"
summary = "{state}"
fields = [{ name = "state", size = 1, enumeration = "lamp", tells = "status" }]
"""


def test_the_name_of_a_move_stands_in_every_form_of_it(tmp_path: Path) -> None:
    tap, definition = tmp_path / "lamp.bin", tmp_path / "lamp.toml"
    tap.write_bytes(bytes.fromhex("C5 00 C5 C5 01 C6 C5 02 C7 C5 00 C5"))
    definition.write_text(MACHINE)
    events = map(json.loads, run("dump", "--json", "--definition", definition, tap).stdout.splitlines())
    moves = [(one["to"], one["legal"], one.get("move")) for one in events if one.get("event") == "status"]
    assert moves == [("off", True, None), ("on", True, "press"), ("dim", True, None), ("off", False, None)]
    text = run("report", "--definition", definition, tap).stdout.decode()
    assert re.search(r"on +press\n.*dim\n.*off +not a move that the definition allows", text)
    report = json.loads(run("report", "--json", "--definition", definition, tap).stdout)
    states = [(one["legal"], one.get("move")) for one in report["connectors"][0]["states"]]
    assert states == [(True, None), (True, "press"), (True, None), (False, None)]
    assert b"; press</title>" in run("report", "--html", "--definition", definition, tap).stdout
