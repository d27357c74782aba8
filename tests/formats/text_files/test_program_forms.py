"""Forms in which public logs print bytes: the least text of each, and the bytes with their directions."""

import pytest

from sniffer.core.wire.items import Chunks, Tap, TapGap
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
OTHER = bytes.fromhex("AAEEEE040101BF44")
HEX, HEX_OTHER = FRAME.hex(" "), OTHER.hex(" ")
SHORT = " ".join(map(hex, FRAME))


def items_of(text: str) -> list[object]:
    """Return the items of a text; none if it is no hex text."""
    shape = find_text_shape(text.encode())
    reader = TextReader(shape) if shape else None
    return [*reader.feed(text.encode()), *reader.finish()] if reader else []


def read(text: str) -> list[tuple[str, int | None, bytes]]:
    """Return the direction, time in milliseconds and bytes of each chunk."""
    items = items_of(text)
    names = {item.tap: item.name for item in items if isinstance(item, Tap)}
    chunks = [item for item in items if isinstance(item, Chunks)]
    return [
        (names.get(chunk.tap, ""), None if time is None else time // 1_000_000, data)
        for chunk in chunks
        for data, time in chunk.pieces
    ]


def bytes_of(text: str) -> bytes:
    return b"".join(data for _, _, data in read(text))


@pytest.mark.parametrize(
    ("received", "sent"),
    [
        ("R |   13 | {0}", "W |    8 | {1}"),
        ("RX 13 {0}", "TX 8 {1}"),
        ("rx[13] {0}", "tx[8] {1}"),
        ("[rx_task] {0}", "[tx_task] {1}"),
        ("SERIAL « 0x{2}   (13 bytes)", "SERIAL » 0x{3}   (8 bytes)"),
        ("Recv (len=13): [#A1] {0}", "Send command API Version [ReqId=1] (len=8): [#A1] {1}"),
        ("【接收】 {0}", "【发送】 {1}"),
        ("Incoming raw data\n  {0}", "Outgoing raw data\n  {1}"),
        ("33\tIRP_MJ_READ - Request (COM5)\n   {0}", "35\tIRP_MJ_WRITE - Request (COM5)\n   {1}"),
        (f">>>>> recv: {SHORT} extra data: ", f">>>>> send: {' '.join(map(hex, OTHER))}"),
        (f"<- {'-'.join(map(str, FRAME))}", f"-> {'-'.join(map(str, OTHER))}"),
        (r'read: "\xBB\xDD\xDD""2\x06Y*YhY\xADk\xBC"', r'write: "\xAA\xEE\xEE\x04\x01\x01\xBF""D"'),
        (r'RX "\xbb\xdd\xdd""2\x6Y*YhY\xadk\xbc"', r'TX "\xaa\xee\xee\x4\x1\x1\xbf""D"'),
        (r"RX '\xbb\xdd\xdd2\x06Y*YhY\xadk\xbc'", r"TX '\xaa\xee\xee\x04\x01\x01\xbfD'"),
    ],
)
def test_directions_are_named_in_many_ways(received: str, sent: str) -> None:
    values = HEX, HEX_OTHER, FRAME.hex(), OTHER.hex()
    found = read(f"{received.format(*values)}\n{sent.format(*values)}\n")
    assert [data for _, _, data in found] == [FRAME, OTHER]
    assert len({name for name, _, _ in found}) == 2
    assert all(time is None for _, time, _ in found)


@pytest.mark.parametrize(
    "text",
    [
        "BB DD DD 32 - 06 59 - 2A 59 68 59 AD 6B BC",
        "  ".join(HEX.split()),
        f"{FRAME.hex('.')} (13)",
        f"App[311:907] received <{FRAME.hex(' ', -4)}>",
        f"[00:00:01.001000 0.000000] {HEX}",
        f"0.000\t1.5.2\t{FRAME.hex()}",
        "\n".join(f"received Byte  {byte} (0X{byte:x})" for byte in FRAME),
        "avrdude: Recv: . [bb] . [dd] . [dd] 2 [32] . [06] Y [59] * [2a] Y [59] h [68] Y [59] . [ad] k [6b] . [bc] ",
        "x := [" + ", ".join(f"16#{byte:02X}" for byte in FRAME) + "];",
        " ".join(f"B#16#{byte:02X}" for byte in FRAME),
        "".join(f"#${byte:02X}" for byte in FRAME),
        "DB " + ",".join(f"{byte:03X}h" if byte > 0x9F else f"{byte:02X}h" for byte in FRAME),
        "[" + " ".join(f"{byte:3}" for byte in FRAME) + "]",
        f"INFO: {[*FRAME]} Rx",
        "printf '" + "".join(f"\\x{byte:02x}" for byte in FRAME) + "' > /dev/ttyUSB0",
    ],
)
def test_bytes_are_printed_in_many_ways(text: str) -> None:
    assert bytes_of(f"{text}\n") == FRAME


@pytest.mark.parametrize(
    "line",
    [
        "[db    ] TRACE SELECT count(*)",
        "10\t08:59:51\tapp.exe\tIRP_MJ_READ\tSerial0\tTIMEOUT\tLength 0: \t",
        "33\tIRP_MJ_DEVICE_CONTROL - Request operates a serial port (COM5)\t",
        "DEVICE (AA:BB:CC:DD:EE:FF)",
        "Connecting to AA:BB:CC:DD:EE:FF...",
    ],
)
def test_other_numbers_of_a_log_are_no_bytes(line: str) -> None:
    assert bytes_of(f"{line}\nRX: {HEX}\n{line}\n") == FRAME


def test_other_numbers_beside_decimal_lists_are_no_bytes() -> None:
    assert bytes_of(f'<-- {[*FRAME]}\n<-- AF {{"status":0,"transid":36}}\n') == FRAME
    assert bytes_of(f"recv: {SHORT} old_data: \n[Response': 3]\n") == FRAME


@pytest.mark.parametrize("again", ["parseNext", "parsing"])
def test_bytes_that_a_program_shows_again_count_once(again: str) -> None:
    lines = [f"00:00:01.5 <-- {HEX}", f"00:00:01.5 {again} {HEX}", f"00:00:01.5 {again} {FRAME[1:-2].hex(' ')}"]
    assert bytes_of("\n".join(lines)) == FRAME
    later = f"00:00:09.5 {again} {HEX}"
    assert bytes_of("\n".join([*lines, later])) == FRAME * 2
    assert bytes_of("\n".join([lines[0], f"00:00:01.5 {HEX}"])) == FRAME * 2


def test_a_number_before_bytes_is_a_byte_where_it_is_not_their_number() -> None:
    assert bytes_of(f"RX 13 {HEX}\nRX 13 {HEX_OTHER}\n") == b"\x13" + FRAME + b"\x13" + OTHER


def test_strings_may_hold_what_web_pages_put_in_place_of_quotation_marks() -> None:
    assert bytes_of("RX '\\xbb»\\x00\\x00\\x00\\x00\\x01«'\n") == b"\xbb\xbb\0\0\0\0\x01\xab"


USBMON = """ffff888100000000 2587000000 C Bi:2:005:2 0 13 = bbdddd32 06592a59 6859ad6b bc
ffff888100000001 2587000100 S Bo:2:005:1 -115 8 = aaeeee04 0101bf44
"""
CAST = f"""{{"version": 2, "width": 80, "height": 24}}
[2587.0, "o", "Rx {HEX}\\r\\n"]
[2587.0001, "o", "Tx {HEX_OTHER}\\r\\n"]
"""


@pytest.mark.parametrize("text", [USBMON, CAST])
def test_events_have_times_and_directions(text: str) -> None:
    found = read(text)
    assert [(time, data) for _, time, data in found] == [(2_587_000, FRAME), (2_587_000, OTHER)]
    assert len({name for name, _, _ in found}) == 2


def test_the_time_may_stand_in_the_line_before_after_tags_of_a_logger() -> None:
    assert read(f"00:00:01\t[D]\t[uart_debug:114]\t\n<<< {HEX}\n") == [("", 1000, FRAME)]


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        (f"RX <Buffer {HEX} ... 187 more bytes>", 187),
        ('read(5, "\\273\\335\\3352\\6Y*YhY\\255k\\274"..., 4096) = 15', 2),
    ],
)
def test_bytes_that_a_program_left_out_are_a_gap(line: str, missing: int) -> None:
    gaps = [item.reason for item in items_of(f"{line}\n") if isinstance(item, TapGap)]
    assert bytes_of(f"{line}\n") == FRAME
    assert gaps == [f"{missing} bytes are not in the dump"]


def test_what_other_files_hold_is_none_of_a_port() -> None:
    others = ['read(3, "\\177ELF\\2\\1\\1\\0\\0", 832) = 9', 'read(3</etc/x>, "\\1\\2\\3\\4\\5\\6\\7", 7) = 7']
    port = 'read(5</dev/ttyUSB0>, "\\273\\335\\3352\\6Y*YhY\\255k\\274", 13) = 13'
    assert bytes_of("\n".join([*others, port])) == FRAME


def test_each_decoder_of_an_analyser_is_a_direction() -> None:
    rows = [
        *(f"0,{at}.0,,{byte:02X}" for at, byte in enumerate(FRAME)),
        *(f"1,{at}.0,{byte:02X}," for at, byte in enumerate(OTHER)),
    ]
    found = read("\n".join(["Id,Time[ns],1:UART: RX/TX,0:UART: RX/TX", *rows]))
    assert b"".join(data for name, _, data in found if name == "uart-0") == FRAME
    assert b"".join(data for name, _, data in found if name == "uart-1") == OTHER
    rows = [
        f'"Async Serial{name}","data",0.1,,0x{byte:02X}'
        for name, data in (("", FRAME), (" [1]", OTHER))
        for byte in data
    ]
    found = read("\n".join(["name,type,start_time,duration,data", *rows]))
    assert b"".join(data for name, _, data in found if name == "uart-0") == FRAME
    assert b"".join(data for name, _, data in found if name == "uart-1") == OTHER


def test_rows_of_a_dump_have_the_time_and_direction_of_their_prefix() -> None:
    text = f"[    1.500000] ch341 rx: 00000000: {HEX}\n[    2.500000] ch341 tx: 00000000: {HEX_OTHER}\n"
    assert read(text) == [("rx", 1500, FRAME), ("tx", 2500, OTHER)]


def test_halves_of_the_characters_may_have_a_blank_between_them() -> None:
    text = (
        f"00000000: {FRAME[:8].hex(' ')}  {FRAME[8:].hex(' ')}            |...2.Y*Y hY.k.   |\n"
        f"00000000: {OTHER.hex(' ')}                           |.......D         |\n"
    )
    assert bytes_of(text) == FRAME + OTHER


def test_times_since_the_line_before_are_added() -> None:
    passed = ("00:00:00.300", "00:00:00.100", "00:00:00.900", "00:00:00.200", "00:00:00.800", "00:00:00.100")
    times = [time for _, time, _ in read("".join(f"[{time}] {HEX}\n" for time in passed))]
    assert times == [300, 400, 1300, 1500, 2300, 2400]
    cast = f'{{"version": 3, "term": {{"cols": 80}}}}\n[0.5, "o", "{HEX}"]\n[0.25, "i", "x"]\n[0.25, "o", "{HEX}"]\n'
    assert [time for _, time, _ in read(cast)] == [500, 1000]


def test_a_quoted_text_is_read_as_it_was_printed() -> None:
    long = bytes.fromhex("BB00060B020000EF3B") * 9
    lines = [f"00:00:0{second} {way}: {data.hex(' ')}" for second, way, data in ((1, "RX", long), (2, "TX", OTHER))]
    wrapped = [line[at : at + 72].rstrip() for line in lines for at in range(0, len(line), 72)]
    found = read("Jo wrote:\n" + "".join(f"> {line}\n" for line in wrapped))
    assert found == [("RX", 1000, long), ("TX", 2000, OTHER)]


def test_characters_and_codes_of_other_programs_are_bytes() -> None:
    shown = "".join(chr(byte) if 32 < byte < 127 else f"${byte:02X}" for byte in FRAME)
    assert read(f"Line 0 (00:00:01):: String From [5001:1:0]-[{shown}]\n") == [("", 1000, FRAME)]


def test_numbers_of_a_program_beside_bytes_are_none() -> None:
    lines = [f"[00:00:01][D][uart_debug:114]: <<< {FRAME.hex(',')}", "[00:00:01][D][custom:100]: Bytes: 13"]
    assert read("\n".join(lines)) == [("", 1000, FRAME)]
    assert bytes_of(f"inet6 fe80::ba27:ebff:fe12:3456/64 scope link\nRX {HEX}\n") == FRAME
    script = f'Script started on 2026-01-15 08:59:48+00:00 [TTY="/dev/pts/1" COLUMNS="80"]\n{HEX}\n'
    assert read(script) == [("", None, FRAME)]
    assert bytes_of("[ 187, 221, 221, 50,\n  6, 89, 42, 89, 104,\n  89, 173, 107, 188 ]\n  - count : 13\n") == FRAME


def test_other_numbers_beside_rows_of_a_dump_are_no_bytes() -> None:
    rows = f"80000000: {HEX}    ...2.Y*YhY.k.\n"
    assert bytes_of(f"=> md.b 80000000 29\n{rows}") == FRAME
    header = "[1970-01-01T00:00:0{}Z DEBUG serial] {} Length: 13 (0x13) bytes\n{}"
    found = read("".join(header.format(second, way, rows) for second, way in ((1, "rx"), (2, "tx"))))
    assert found == [("rx", 1000, FRAME), ("tx", 2000, FRAME)]


def test_a_count_between_bars_is_no_byte() -> None:
    lines = [
        f"1970-01-01 00:00:0{len(data)} | COM3 | RX | {len(data):3} | {data.hex(' ')}" for data in (FRAME[:9], OTHER)
    ]
    assert [(time, data) for _, time, data in read("\n".join(lines))] == [(9000, FRAME[:9]), (8000, OTHER)]


@pytest.mark.parametrize(
    "text",
    [
        "Array\n(\n" + "".join(f"    [{at}] => {byte}\n" for at, byte in enumerate(FRAME)) + ")\n",
        f" [1] {FRAME[:12].hex(' ')}\n[13] {FRAME[12:].hex(' ')}\n",
    ],
)
def test_the_places_of_bytes_in_a_list_are_no_bytes(text: str) -> None:
    assert bytes_of(text) == FRAME


def test_a_time_before_bytes_is_none_of_them() -> None:
    lines = ["<19700101000001.000 SYS>", "COM port is opened", "<19700101000002.500 RX>", HEX]
    assert [(time, data) for _, time, data in read("\n".join(lines))] == [(2500, FRAME)]


def test_a_member_of_an_object_names_the_direction_of_the_bytes_after_it() -> None:
    objects = [
        f"{{\n  port: '/dev/ttyUSB0',\n  direction: '{way}',\n  data: <Buffer {data.hex(' ')}>\n}}\n"
        for way, data in (("Rx", FRAME), ("Tx", OTHER))
    ]
    assert [(way, data) for way, _, data in read("".join(objects))] == [("Rx", FRAME), ("Tx", OTHER)]
    objects = [
        f"{{'data': {data.hex(' ')},\n 'direction': '{way}',\n 'n': 1}}\n"
        for way, data in (("Rx", FRAME), ("Tx", OTHER))
    ]
    assert {way for way, _, _ in read("".join(objects))} == {""}
