"""Lines that name the time and direction of the bytes after them."""

import pytest

from sniffer.formats.text_files.hex_lines.hex_header import find_header

SENTENCE = "00:00:01 ERROR No response received after 3 retries, continue with next request"


@pytest.mark.parametrize(
    ("line", "time", "channel"),
    [
        ("[00:00:01] Read data (COM3)", 1, "Read"),
        ("Read 13 bytes:", None, "Read"),
        ("RX Uint8Array(13) [", None, "RX"),
        ("O 00:00:01.000000", 1, "O"),
        ("  direction: 'Rx',", None, "Rx"),
        ("- dir: tx", None, "tx"),
        ("Answer: 01/01/1970 00:00:01.0000 (+0.1230 seconds)", 1, "Answer"),
        ("Thu 1970-01-01 00:00:01.000000 UTC [s=4c1f0b7e;i=1f2;b=01234567]", 1, ""),
        ("[ 00:00:01.000  1234: 5678 D/UsbSerial ]", 1, ""),
        ("RX_TASK: Read 13 bytes: '...2>Y.'", None, "Read"),
        ("00:00:01\t[D]\t[uart_debug:114]\t", 1, ""),
        ("3  IRP_MJ_READ - Transfers data from a COM port to a client (COM5)", None, "IRP_MJ_READ"),
        ("read from 0x55d0c8a1b2c0 [0x55d0c8a1f453] (13 bytes => 13 (0xD))", None, "read"),
        ("    ts: ISODate('1970-01-01T00:00:01.000Z'),", 1, ""),
        ("Timestamp: 1970-01-01 00:00:01.000000 +0000 UTC", 1, ""),
        ('  "time": "1970-01-01T00:00:01Z",', 1, ""),
        ("    peer: 1", None, "peer 1"),
        ("  - peer: 0", None, "peer 0"),
        ("char peer1_12[] = { /* Packet 9 */", None, "peer 1"),
    ],
)
def test_a_header_has_a_direction_or_a_time(line: str, time: int | None, channel: str) -> None:
    header = find_header(line)
    assert header
    assert (header.data, header.channel) == (b"", channel)
    assert (header.printed and header.printed.time // 1_000_000_000) == time


@pytest.mark.parametrize(
    "line", ["", "hello", "Connected", "00:00:01 it is ready", "direction: up", "00:00:01 ERROR No response", SENTENCE]
)
def test_other_lines_are_none(line: str) -> None:
    assert find_header(line) is None


def test_a_member_after_bytes_is_that_of_the_bytes_before_it() -> None:
    assert find_header("  direction: 'Rx',", is_after_bytes=True) is None
    assert find_header("Read 13 bytes:", is_after_bytes=True)
