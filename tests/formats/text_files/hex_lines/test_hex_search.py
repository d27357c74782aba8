"""Bytes anywhere in a line, and what looks like bytes and is a number, a hash or an address."""

import pytest

from sniffer.base.times import HOUR, MILLISECOND, MINUTE, SECOND
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.hex_lines.hex_search import find_context, search_bytes

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
SPACED = FRAME.hex(" ").upper()
CLOCK = 13 * HOUR + 53 * MINUTE + 45 * SECOND + 65 * MILLISECOND


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        (f"[pod/serlog-6d4b75cb6d-hk2xp/serlog] 13:53:45.065 RX: {SPACED}", "RX"),
        (f"Jan 15 09:00:00 bench serlog[12]: 13:53:45.065 RX: {SPACED}", "RX"),
        (f"[15/01/2026, 09:12:00] Bob: 13:53:45.065 RX: {SPACED}", "RX"),
        (f'2026-01-15T09:00:00Z {{job="serlog"}} 13:53:45.065 RX: {SPACED}', "RX"),
        (f"13:53:45.065 | DEBUG    | serial.reader:read:42 - RX: {SPACED}", "RX"),
        (f"13:53:45.065 DEBUG    [reader.py:42] RX: {SPACED}", "RX"),
        (f"<14>1 1970-01-01T13:53:45.065Z bench serlog 12 - - RX: {SPACED}", "RX"),
        (f"1970-01-01 13:53:45.065  1234  1260 I Serial  : RX: {FRAME.hex()}", "RX"),
        (f"1 13:53:45.065 {SPACED}", ""),
        (f"bus.log:1:1970-01-01 13:53:45.065 <= {SPACED}", "<="),
        (f"+13:53:45.065 RX: {SPACED}", "RX"),
        (f"[13:53:45.065]收←◆{SPACED} ", "收"),
        (f"13:53:45.065 write(characteristic, value=0x{FRAME.hex()}, DEFAULT)", "write"),
        (
            f"0\t13:53:45.065\t0.00000123\tapp.exe\tIRP_MJ_READ\tCOM3\tOK\tLength: 13, Data: {SPACED} ",
            "IRP_MJ_READ COM3",
        ),
        (f"1970-01-01 13:53:45.065+0000 0x1a2b     Debug  0  512 evse: rx <{FRAME.hex(' ', -4)}>", "rx"),
        (f"[1] 13:53:45.065 RX: {SPACED}", "RX"),
        (f"(13:53:45.065) (COM3) (<<) {SPACED} (13)", "COM3 <<"),
        (f'13:53:45.065 read(3, "{"".join(f"{chr(92)}x{byte:02x}" for byte in FRAME)}", 255) = 13', "read"),
    ],
)
def test_bytes_are_found_after_anything(line: str, channel: str) -> None:
    found = parse_hex_line(line)
    assert found
    assert (found.data, found.printed and found.printed.time, found.channel) == (FRAME, CLOCK, channel)


@pytest.mark.parametrize(
    "line",
    [
        "commit 4f2a9c1be03d5a7788c0ffee0123456789abcdef by bob",
        "id=6f9619ff-8b86-d011-b42d-00cf4fc964ff started",
        "values were: 10 20 30 40 50 60 70 80 90",
        "eui 00:11:22:33:44:55:66:77 joined",
        "BB DD DD 32 06 59 came in",
        "",
    ],
)
def test_what_may_be_anything_else_is_not_taken_for_bytes(line: str) -> None:
    assert search_bytes(line) is None


def test_the_last_time_and_direction_before_bytes_are_theirs() -> None:
    line = "09:00:00 rx 13:53:45.065 TX: "
    printed, channel = find_context(line, 0, len(line))
    assert printed
    assert (printed.time, channel) == (CLOCK, "TX")
    assert find_context("nothing", 0, 7) == (None, "")


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("10:00:01 current: 0A 0A 0A", b""),
        ("10:00:01 current: 6A 6A 6A", b""),
        ("10:00:01 I: 0A 0A 0A", b""),
        ("10:00:01 data: 0A 0A 0A", b"\n\n\n"),
        ("10:00:01 RX: 0A 0A 0A", b"\n\n\n"),
        ("0A 0A 0A", b"\n\n\n"),
    ],
)
def test_currents_after_their_name_are_no_bytes(line: str, data: bytes) -> None:
    found = parse_hex_line(line)
    assert (found.data if found else b"") == data
