"""One line of hex text, as terminal programs, loggers, analysers and source code print it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import HOUR, MILLISECOND, MINUTE, SECOND
from sniffer.formats.text_files.hex_lines.hex_line import HexLine, parse_hex_line

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
SPACED = FRAME.hex(" ").upper()
CLOCK = 13 * HOUR + 53 * MINUTE + 45 * SECOND + 65 * MILLISECOND


@pytest.mark.parametrize(
    "line",
    [
        SPACED,
        SPACED.lower() + " ",
        f"  {SPACED}",
        FRAME.hex(),
        FRAME.hex(":"),
        FRAME.hex("-"),
        FRAME.hex(","),
        FRAME.hex(" ", 2),
        "  ".join([FRAME[:8].hex(" "), FRAME[8:].hex(" ")]),
        " | ".join([FRAME[:8].hex(" "), FRAME[8:].hex(" ")]),
        ",".join(f"0x{byte:02X}" for byte in FRAME),
        " ".join(f"0x{byte:02x}" for byte in FRAME),
        " ".join(f"{byte:02X}h" for byte in FRAME),
        "; ".join(f"{byte:02X}" for byte in FRAME),
        "const uint8_t f[] = { " + ", ".join(f"0x{byte:02X}" for byte in FRAME) + " };",
        "  " + ", ".join(f"0x{byte:02x}" for byte in FRAME) + ", // BB 01",
        "  " + ", ".join(f"0x{byte:02x}" for byte in FRAME) + "  /* ...2.Y*Y */",
        '"' + "".join(f"\\x{byte:02x}" for byte in FRAME) + '" \\',
        f"{SPACED}  ...2.Y*YhY.k.",
        f"{SPACED} |...2.Y*YhY.k.|",
        f"{SPACED}\t# the voltages",
        f"{SPACED} (13 bytes)",
        f"Data: {SPACED}",
        f"payload = {SPACED}",
        f"bytes.fromhex('{SPACED}')"[len("bytes.fromhex(") : -1],
        f"{SPACED} ...2.Y*YhY.k.",
        f"DEBUG serial_reader {SPACED}",
        f"<Buffer {FRAME.hex(' ')}>",
        f"- `{SPACED}`",
        f'{{"data":"{FRAME.hex()}","len":13}}',
        f'{{"len": 13, "raw": "{FRAME.hex()}"}}',
        "let f: &[u8] = &[" + ", ".join(f"0x{byte:02x}" for byte in FRAME) + "];",
        "byte[] f = {" + ", ".join(f"(byte)0x{byte:02X}" for byte in FRAME) + "};",
        "const uint8_t f[] = {" + ", ".join(f"0x{byte:02X}u" for byte in FRAME) + "};",
    ],
)
def test_bytes_are_read_in_any_form(line: str) -> None:
    found = parse_hex_line(line)
    assert found == HexLine(FRAME, None, "")


@pytest.mark.parametrize(
    ("line", "time", "channel"),
    [
        (f"[13:53:45.065] Rx <= {SPACED}", CLOCK, "Rx"),
        (f"[13:53:45.065] {SPACED}", CLOCK, ""),
        (f"[13:53:45:065] TX: {SPACED}", CLOCK, "TX"),
        (f"13:53:45.065 -> {SPACED}", CLOCK, "->"),
        (f"13:53:45.065 CU->PB: {SPACED}", CLOCK, "CU->PB"),
        (f"1/1/1970 1:53:45.065 PM [RX] - {SPACED}", CLOCK, "RX"),
        (f"01.01.1970 13:53:45.065 [COM3] - {SPACED}", CLOCK, "COM3"),
        (f"13:53:45.065 DEBUG logger:103 RECV: {SPACED}", CLOCK, "RECV"),
        (f"[13:53:45.065][D][uart_debug:114]: <<< {FRAME.hex(':')}", CLOCK, "<<<"),
        (f"13:53:45.065 Rx (13): {SPACED}", CLOCK, "Rx"),
        (f"13:53:45.065 COM3 Rx 13 bytes: {SPACED}", CLOCK, "COM3 Rx"),
        (f"19700101135345.065,{SPACED}", CLOCK, ""),
        (f"13:53:45.065 | Received | len=13 | {SPACED}", CLOCK, "Received"),
        (f"< {SPACED}", None, "<"),
        (f"Tx => {SPACED}", None, "Tx"),
        (f"CU => {SPACED}", None, "=>"),
        (f"CU -> PB: {SPACED}", None, "CU -> PB"),
        (f"1000-2000 uart-1: {SPACED}", None, "uart-1"),
        (f"uart-1: rx-data: {SPACED}", None, "uart-1 rx-data"),
        (f'uart-2: "{SPACED}"', None, "uart-2"),
        (f"/dev/ttyUSB0: {SPACED}", None, "/dev/ttyUSB0"),
        (f"R: {SPACED}", None, "R"),
        (f"recv {SPACED}", None, "recv"),
        (f"S> {SPACED}", None, "S"),
        (f"184\t13:53:45.065\tapp\tIRP_MJ_WRITE\tSerial0\tSUCCESS\tLength 13: {SPACED} \t", CLOCK, "IRP_MJ_WRITE"),
        (f"Tx:000031-{SPACED}", None, "Tx"),
        (f"[13:53:45.065] evse uart rx: {SPACED}", CLOCK, "rx"),
        (f"[13:53:45.065] wait timed out: {SPACED}", CLOCK, ""),
        (f"1970.01.01 13:53:45.065 5: SW: {FRAME.hex()}", CLOCK, ""),
        (f"rx (0x20001000): {SPACED}", None, "rx"),
        (f"I (13:53:45.065) uart_rx: {SPACED}", CLOCK, "rx"),
        (f"13:53:45.065 UART2 RX len=13 crc=OK | {SPACED}", CLOCK, "RX"),
        (f"B: 13:53:45.065: {SPACED}", CLOCK, "B"),
        (f"INFO: [{SPACED}] Rx", None, "Rx"),
        (f'13:53:45.065 "{SPACED}" sent', CLOCK, "sent"),
        (f"13:53:45.065 0000fff1-0000-1000-8000-00805f9b34fb value=0x{FRAME.hex()}", CLOCK, ""),
        (f"13:53:45.065 | Received: Buffer (HEX): [{', '.join(f'0x{byte:02X}' for byte in FRAME)}]", CLOCK, "Received"),
        (f"evse/1/rx {FRAME.hex()}", None, "rx"),
        (f"evse/1/status {FRAME.hex()}", None, ""),
        (f"Device --> {SPACED}", None, "Device"),
        (f"       --> {SPACED}", None, ""),
        (f"(1.065) can0 123#{FRAME.hex()}", SECOND + 65_000_000, "can0 123"),
        (f"  can0  1ABCDEF0   [13]  {SPACED}", None, "can0 1ABCDEF0"),
    ],
)
def test_time_and_direction_before_the_bytes_are_read(line: str, time: int | None, channel: str) -> None:
    found = parse_hex_line(line)
    assert found
    assert (found.data, found.printed and found.printed.time, found.channel) == (FRAME, time, channel)


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        ("> 1970/01/01 13:53:45.065000  length=13 from=0 to=12", ">"),
        ("1970-01-01 13:53:45.065: /dev/ttyS0", "/dev/ttyS0"),
        ("[13:53:45.065]", ""),
    ],
)
def test_a_time_without_bytes_is_that_of_the_next_lines(line: str, channel: str) -> None:
    found = parse_hex_line(line)
    assert found
    assert found.printed
    assert (found.data, found.printed.time, found.channel) == (b"", CLOCK, channel)


@pytest.mark.parametrize(
    "line",
    [
        *["", "hello", "BB D", "BBD", "BB DD deadlock", "uart-1: 1", "uart-1: Start bit", "[13:53:45] Connected"],
        "Total bytes transmitted: 13",
        *["const uint8_t f[] = {", "12 volts", "Rx errors: none", "COM3", "unsigned int n = 13;"],
        "Docklight Log File (HEX) - started 1/1/1970 1:53:45.065 PM",
    ],
)
def test_what_holds_no_bytes_is_none(line: str) -> None:
    assert parse_hex_line(line) is None


def test_a_number_before_a_direction_is_no_byte() -> None:
    assert parse_hex_line("0001 | RX | hello") is None
    assert parse_hex_line("0001 | RX | Carrier=") is None
    assert parse_hex_line(f"0001 | RX | {SPACED}") == HexLine(FRAME, None, "RX")
    assert parse_hex_line("AA 01 | RX") == HexLine(b"\xaa\x01", None, "")


def test_characters_that_look_like_bytes_are_none() -> None:
    found = parse_hex_line("61 62 63 64  abcd")
    assert found
    assert found.data == b"abcd"


@given(st.text('0123456789abcdefx:,-|<=>[](){}"\\/ \tRTrx.', max_size=60))
def test_no_line_raises(line: str) -> None:
    parse_hex_line(line)


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("31 30 34 32 37 32 34 30 00 00 10427240..", b"10427240\0\0"),
        ("31 30 34 32 37 32 34 30  00 00 00 00 00 00 00 00 |10427240 ........|", b"10427240" + bytes(8)),
        ("00 00 00 00 00 00 00 00  31 30 34 32 37 32 34 30 |........ 10427240|", bytes(8) + b"10427240"),
    ],
)
def test_characters_are_known_by_the_bytes_that_they_show(line: str, data: bytes) -> None:
    assert parse_hex_line(line) == HexLine(data, None, "")


@pytest.mark.parametrize(
    "line",
    [
        "DEBUG lost be ad",
        "(c) 1989, 1990, 1993, 1994, 1995",
        "Jo <jo@example.org> (2008-2015)",
        "see UINT64_C(18446744073709551615)",
        "10:00:01 Jo said it in bed",
        "0xBB, (word) 0xDD",
        "10:00:01 DEBUG Rx",
    ],
)
def test_words_are_no_bytes(line: str) -> None:
    assert parse_hex_line(line) is None
