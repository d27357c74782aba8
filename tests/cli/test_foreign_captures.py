"""Captures of other programs through the commands: what is read, what is skipped, what is refused, and `--dlt`."""

import json
from pathlib import Path

import pytest

from sniffer.formats.pcapng.rtac_serial import RtacEvent
from tests.cli.helpers import objects, read_up_to_a_cut, refused, run
from tests.formats.pcap.helpers import header, record, rtac
from tests.formats.pcapng.test_reader import interface, packet, section
from tests.known_frames import KNOWN_FRAMES

POLL, ANSWER = (next(one.raw for one in KNOWN_FRAMES if one.direction == way) for way in ("com>pwr", "pwr>com"))


@pytest.fixture
def user_type(tmp_path: Path) -> Path:
    """Return a capture of link type 147 in which two bytes stand before those of the line."""
    path = tmp_path / "a.pcap"
    path.write_bytes(header(link_type=147) + record(b"\0\1" + POLL) + record(b"\0\2" + ANSWER))
    return path


def frames_of(path: Path, *words: str) -> list[str]:
    return [found["raw"] for found in objects(run("dump", "--json", path, *words)) if found["type"] == "frame"]


def test_two_directions_that_cut_each_other_give_both_frames_with_their_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    packets = [(1, POLL[:4]), (2, ANSWER[:4]), (1, POLL[4:]), (8, ANSWER[4:]), (7, b""), (9, b"\0"), (5, b"")]
    path.write_bytes(header(">") + b"".join(record(rtac(RtacEvent(one), raw), 1, 0, ">") for one, raw in packets))
    found = objects(run("dump", "--json", path))
    assert [one["raw"] for one in found if one["type"] == "frame"] == [POLL.hex(), ANSWER.hex()]
    assert [one["line_errors"] for one in found if "line_errors" in one] == [
        [{"at": 4, "error": "parity"}],
        [{"at": 0, "error": "break"}],
    ]
    assert [one["error"] for one in found if one.get("event") == "line_error"] == ["framing"]
    assert "data lost" in [one["reason"] for one in found if one.get("event") == "source_lost"]
    assert "3 line errors: 1 framing, 1 parity, 1 break" in run("report", path).stdout.decode()
    link = json.loads(run("report", "--json", path).stdout)["link"]
    assert link["line_errors"] == {"framing": 1, "parity": 1, "break": 1}


def test_a_layout_that_is_named_holds_for_every_command_that_reads_a_file(user_type: Path, tmp_path: Path) -> None:
    assert frames_of(user_type, "--dlt", "147=raw+2") == [POLL.hex(), ANSWER.hex()]
    named = ("--dlt", "147=raw+2")
    assert run("convert", user_type, tmp_path / "b.bin", *named).returncode == 0
    assert (tmp_path / "b.bin").read_bytes() == POLL + ANSWER
    assert "2 frames, 0 pieces of noise" in run("report", user_type, *named).stdout.decode()
    assert "noise" in run("report", user_type).stdout.decode()
    assert run("record", user_type, "-o", tmp_path / "c.pcapng", *named).returncode == 0
    assert frames_of(tmp_path / "c.pcapng") == [POLL.hex(), ANSWER.hex()]
    for words in (
        ("status", user_type),
        ("learn", user_type),
        ("bundle", user_type, "-o", tmp_path / "d.zip", "--yes"),
    ):
        assert run(*words, *named).returncode in (0, 5), words


def test_a_capture_on_standard_input_is_recognised() -> None:
    done = run("dump", "--json", "-", stdin=header() + record(rtac(RtacEvent.RECEIVED, POLL), 7))
    (frame, *_) = objects(done)
    assert (frame["raw"], frame["time"]) == (POLL.hex(), "1970-01-01T00:00:07.000000+00:00")


def test_a_capture_that_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes((header() + record(rtac(RtacEvent.RECEIVED, POLL)) * 2)[:-1])
    assert "cut off after packet 1; all before it was read" in read_up_to_a_cut("dump", path)
    assert frames_of(path) == [POLL.hex()]


@pytest.mark.parametrize("command", ["dump", "report", "status", "record"])
def test_a_network_capture_is_refused_with_what_to_type(command: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(header(link_type=1) + record(bytes(60)))
    words = (path, "-o", tmp_path / "b.pcapng") if command == "record" else (path,)
    assert refused(command, *words).endswith("read the packets as its bytes all the same with --dlt 1=raw\n")


def test_packets_of_another_link_type_are_one_notice(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    ethernet = interface("<").replace(b"\xfa\0", b"\1\0", 1)
    data = rtac(RtacEvent.RECEIVED, POLL)
    path.write_bytes(
        section("<") + interface("<") + ethernet + packet("<", 1, b"x", number=1) * 2 + packet("<", 1, data)
    )
    assert read_up_to_a_cut("dump", path) == (
        f"evse-sniff: {path}: skipped: 2 packets of link type 1 (Ethernet); all others were read\n"
    )


def test_a_layout_that_is_none_is_wrong_usage(user_type: Path) -> None:
    done = run("dump", user_type, "--dlt", "147=com")
    assert done.returncode == 2
    assert b"such as 147=rtac, 147=raw or 147=raw+4" in done.stderr
