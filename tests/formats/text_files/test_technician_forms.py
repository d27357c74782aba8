"""Forms of bytes that technicians have in files: a kind of text each, and the records in it."""

from base64 import b64encode

import pytest

from sniffer.core.wire.items import Chunks
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape
from tests.formats.text_files.test_program_forms import FRAME, HEX, HEX_OTHER, OTHER, bytes_of, read

BOTH = {"rx": FRAME, "tx": OTHER}


def items_of_bytes(text: bytes) -> bytes:
    """Return the bytes in a text of any encoding."""
    shape = find_text_shape(text)
    reader = TextReader(shape) if shape else None
    items = [*reader.feed(text), *reader.finish()] if reader else []
    return b"".join(data for item in items if isinstance(item, Chunks) for data, _ in item.pieces)


def both(form: str) -> str:
    """Return a text with a line for each of two frames, half a second from one another."""
    return "".join(
        form.format(
            way=way,
            WAY=way.upper(),
            hex=data.hex(" "),
            run=data.hex(),
            spaced=data.hex("!").replace("!", "&nbsp;"),
            n=len(data),
            at=at,
            ms=at * 500,
        )
        for at, (way, data) in enumerate(BOTH.items())
    )


@pytest.mark.parametrize(
    "words",
    [
        "Odebrano/Wysłano",
        "Ricevuti/Inviati",
        "Принято/Передано",
        "Recebido/Enviado",
        "수신/송신",
        "Přijato/Odesláno",
        "Reçues/Envoyées",
        "📥/📤",
        "⬇️/⬆️",
    ],
)
def test_directions_are_named_in_many_languages(words: str) -> None:
    received, sent = words.split("/")
    found = read(f"00:00:01 {received}: {HEX}\n00:00:02 {sent}: {HEX_OTHER}\n")
    assert [data for _, _, data in found] == [FRAME, OTHER]
    assert len({name for name, _, _ in found}) == 2


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("{WAY} {hex} @ 00:00:0{at}\n", 0),
        ("{ms}000us {WAY} {hex}\n", 0),
        ("[    {ms} ms] {WAY}: {hex}\n", 0),
        ("[00:00:01+{ms:03}][{WAY}][{hex}][{n}]\n", 1000),
        ("[01/Jan/1970:00:00:0{at} +0000] {WAY} {n} {run}\n", 0),
        ("( {at}.000)  ttyS1  {WAY}   [{n}]  {hex}\n", 0),
        ("00:00:0{at};{WAY};#H{run}\n", 0),
    ],
)
def test_times_and_directions_stand_in_many_places(form: str, first: int) -> None:
    found = read(both(form))
    assert [data for _, _, data in found] == [FRAME, OTHER]
    times = [time for _, time, _ in found]
    assert times[0] == first
    assert times[1] is not None
    assert times[1] > first
    assert len({name for name, _, _ in found}) == 2


@pytest.mark.parametrize("decimal", [True, False])
def test_lists_within_fields_of_a_log_are_bytes(decimal: bool) -> None:
    shown = " ".join(map(str, FRAME)) if decimal else " ".join(f"{byte:08b}" for byte in FRAME)
    text = f'time=2026-01-15T08:59:48Z level=DEBUG msg="serial rx" n=13 data="[{shown}]"\n'
    assert bytes_of(text if decimal else f"08:59:48.001 RX {shown}\n") == FRAME


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{byte:02X}({chr(byte) if 32 < byte < 127 else '.'})" for byte in FRAME),
        ", ".join(f"rx[{at}]=0x{byte:02X}" for at, byte in enumerate(FRAME)),
        f"RX head=0xBB seq=0x{FRAME[1:3].hex()} cmd=0x32 len=6 payload={FRAME[5:-2].hex()} crc=0x{FRAME[-2:].hex()}",
        "".join(f"uart rx [{at}..{at + 4}]: {FRAME[at : at + 4].hex(' ')}\n" for at in (0, 4, 8, 12)),
        f"000001f5`3c2b0000  {FRAME[:8].hex(' ')}-{FRAME[8:].hex(' ')}\n000001f5`3c2b000d",
        "RX 13 bytes\n" + "".join(f"  [{at:2}] 0x{byte:02x}\n" for at, byte in enumerate(FRAME)),
        "".join(f"DB1.DBB{at}\tHEX\tB#16#{byte:02X}\n" for at, byte in enumerate(FRAME)),
        "Rx " + " ".join(f"&H{byte:X}" for byte in FRAME),
        "Rx " + " ".join(f"'{chr(byte)}'" if 32 < byte < 127 else f"0x{byte:02X}" for byte in FRAME),
        f"  1.5 1  Rx d 13 {HEX}",
        f"D Uart: <- {'|'.join(f'{byte:02X}' for byte in FRAME)}",
        f"  1.5  Rx  13  {HEX}  checksum = BC",
        'read(0x3, "\\273\\335\\3352\\006Y*YhY\\255k\\274\\0", 0x400)\t\t = 13 0',
    ],
)
def test_bytes_have_characters_names_and_places_beside_them(text: str) -> None:
    assert bytes_of(f"{text}\n") == FRAME


def test_a_text_may_show_bytes_again_in_words_for_the_same_direction() -> None:
    again = f"[00:00:01.0][I][bridge:105]: Received Bucket: {HEX}"
    lines = [f"[00:00:01.0][D][uart_debug:114]: <<< {HEX}", again]
    assert bytes_of("\n".join(lines)) == FRAME
    assert bytes_of("\n".join([lines[0], again.replace("Received", "Sent")])) == FRAME * 2
    assert bytes_of("\n".join([lines[0], again.replace("01.0", "02.0")])) == FRAME * 2


def test_numbers_after_other_names_than_that_of_frames_are_no_bytes() -> None:
    text = f"port: /dev/ttyUSB0\nbaud: 9600\n  dir: rx\n  data: {HEX}\n  source: 7f14fe9f\n  data: {HEX_OTHER}\n"
    assert bytes_of(text) == FRAME + OTHER
    assert bytes_of(f"rx: {HEX}\ntx: 06\n") == FRAME + b"\x06"


BUS_HOUND = """Device - Device ID
            (50) USB Serial Port

Device  Phase  Data                     Description  Delta  Cmd.Phase.Ofs(rep)  Date        Time
------  -----  -----------------------  -----------  -----  ------------------  ----------  ------------
  50.1  IN     bb dd dd 32  06 59 2a 59  ...2.Y*Y     785us               1.1.0  2026-01-15  08:59:48.001
               68 59 ad 6b  bc           hY.k.                            1.1.8
  50.2  OUT    aa ee ee 04  01 01 bf 44  .......D     785us               2.1.0  2026-01-15  08:59:48.501
"""


def test_a_table_may_have_a_line_of_dashes_instead_of_delimiters() -> None:
    found = read(BUS_HOUND)
    assert [(name, data) for name, _, data in found] == [("IN", FRAME), ("OUT", OTHER)]
    assert [time and time % 86_400_000 for _, time, _ in found] == [32_388_001, 32_388_501]


def test_the_names_of_columns_may_stand_after_lines_about_a_recording() -> None:
    head = "Tektronix MSO54, version 1.42.3\nBus Definition:,RS232 B1\nTime,Tx,Rx,Errors\n"
    rows = "".join(f"{at}e-3,,{byte:02X},\n" for at, byte in enumerate(FRAME))
    assert bytes_of(head + rows) == FRAME


def test_a_table_of_packets_names_their_bytes() -> None:
    head = '"frame.time_epoch","usb.endpoint_address.direction","usb.capdata"\n'
    rows = f'"1768467588.001000000","1","{FRAME.hex()}"\n"1768467588.501000000","0","{OTHER.hex()}"\n'
    assert [(time, data) for _, time, data in read(head + rows)] == [
        (1_768_467_588_001, FRAME),
        (1_768_467_588_501, OTHER),
    ]


@pytest.mark.parametrize(
    ("form", "ends"),
    [
        ('[[frame]]\ntime = 1970-01-01T00:00:0{at}Z\ndir = "{way}"\nhex = "{run}"\n\n', ("", "")),
        (
            "<tr><td><p>00:00:0{at}</p></td><td><p>{way}</p></td>\n<td><p>{spaced}</p></td></tr>\n",
            ("<table>", "</table>"),
        ),
        ('evse/uart/{way} {{"ts":1768467588{at}00,"hex":"{run}"}}\n', ("", "")),
    ],
    ids=["members", "cells", "topics"],
)
def test_a_direction_may_stand_before_the_record_of_its_bytes(form: str, ends: tuple[str, str]) -> None:
    found = read(ends[0] + both(form) + ends[1])
    assert [data for _, _, data in found] == [FRAME, OTHER]
    assert [name for name, _, _ in found] == ["rx", "tx"]


def test_identifiers_of_objects_are_no_bytes() -> None:
    text = (
        '{"_id":{"$oid":"65a4f0c2e1b2c3d4e5f60718"},"ts":{"$date":"1970-01-01T00:00:01Z"},'
        f'"data":{{"$binary":{{"base64":"{b64encode(FRAME).decode()}"}}}}}}'
    )
    assert read(text) == [("", 1000, FRAME)]


@pytest.mark.parametrize(
    "text",
    [
        f"commit {FRAME.hex()}{FRAME[:7].hex()}\nAuthor: A B\n" * 4,
        "Certificate:\n    Signature Algorithm: sha256WithRSAEncryption\n      00:b4:3f:e2:11:22:33:44:55:66\n" * 2,
        "uint16_t table[4] = {\n 0x0000, 0xC0C1, 0xC181, 0x0140, 0xC301, 0x03C0\n};\n#define A 0x40013800\n",
        "Address  Hex     Dec  Name\n40001    0x00E6  230  A\n40002    0x00E5  229  B\n40003    0x0010  16   C\n",
        ":root {\n  --fault: #bb0000;\n  --ok: #00aa55;\n}\n",
        "[  1.5] Internal error: Oops: 17 [#1]\n[  1.6] pc : [<c02f1a24>] lr : [<c02f19f8>]\n"
        "[  1.7] Code: e5943010 e3530000 0a000005 e5932010 (e5921000)\n[  1.8] ---[ end trace 3f1c2b4a5d6e7f80 ]---\n",
        "Cell 01 - Address: B8:27:EB:12:34:56\n   IE: Unknown: 010882848B962430486C\n   IE: Unknown: 000465767365AA\n",
        "index 4f2a1bc..9d8e7f6 100644\n commit 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567\n+#define BAUD 115200\n",
    ],
    ids=["git", "certificate", "words", "registers", "colours", "crash", "networks", "diff"],
)
def test_numbers_and_keys_of_other_texts_are_no_bytes(text: str) -> None:
    assert find_text_shape(text.encode()) is None


def test_a_database_prints_the_time_since_the_epoch_after_its_fields() -> None:
    text = both('frames,dir={way},port=ttyUSB0 data="{run}",len={n}i 176846758800{at}000000\n')
    assert [(time, data) for _, time, data in read(text)] == [(1_768_467_588_000, FRAME), (1_768_467_588_001, OTHER)]


def test_bytes_may_have_underscores_between_groups() -> None:
    group = "_".join([FRAME[:1].hex(), *(FRAME[at : at + 2].hex() for at in range(1, len(FRAME), 2))])
    assert bytes_of(f"Rx {group}\n") == FRAME


def test_a_number_after_a_prompt_is_no_byte() -> None:
    assert bytes_of(f"uart1> hd:32\n{HEX}\n{HEX_OTHER}\n") == FRAME + OTHER


def test_what_a_terminal_program_paints_again_counts_once() -> None:
    edge = "".join(f"\x1b[9;80H{character}" for character in f" {HEX_OTHER}")
    dialog = f"\x1b[8;30H| Leave? |\x1b[9;1H{HEX}\x1b[9;80H"
    assert bytes_of(f"{HEX}{edge}{dialog}\n") == FRAME + OTHER


def test_a_time_may_stand_in_the_line_above_the_bytes() -> None:
    text = both("Jan 15, 2026 8:59:0{at} AM com.evse.Serial log\nFINE: {WAY} {hex}\n")
    assert [(time and time % 60_000, data) for _, time, data in read(text)] == [(0, FRAME), (1000, OTHER)]
    bare = read(f"2026-01-15 08:59:48 opened\n{HEX}\n{HEX_OTHER}\nclosed\n{HEX}\n")
    assert {time for _, time, _ in bare} == {None}


def test_a_text_may_name_its_sides_in_words_of_its_own() -> None:
    text = f"00:00:01 D onData: {HEX}\n00:00:02 D putBytes: {HEX_OTHER}\n00:00:03 D onData: {HEX}\n"
    assert [name for name, _, _ in read(text)] == ["onData", "putBytes", "onData"]


@pytest.mark.parametrize("bytes_in_row", [8, 4])
def test_groups_after_a_gap_are_bytes_unless_they_are_the_characters(bytes_in_row: int) -> None:
    for gap in ("   ", " | "):
        rows = [data.hex(" ", 1) for data in (FRAME[:bytes_in_row], FRAME[bytes_in_row : bytes_in_row + 3])]
        assert bytes_of(f"RX {gap.join(rows)}\nTX {HEX_OTHER}\n") == FRAME[: bytes_in_row + 3] + OTHER


@pytest.mark.parametrize("head", ["Send/Receive", "What", "Kind of row"])
def test_a_column_of_directions_is_known_by_its_cells(head: str) -> None:
    rows = f"1,0.000,Receive,{HEX}\n2,0.001,Send,{HEX_OTHER}\n"
    assert [name for name, _, _ in read(f"No.,Time,{head},Data\n{rows}")] == ["Receive", "Send"]


def test_a_time_without_seconds_is_no_byte() -> None:
    assert bytes_of(f"[09:41] Nowak, Piotr\nRx {HEX}\n[09:43] Schmidt, Anna\n") == FRAME


def test_a_dump_has_more_offsets_that_count_its_bytes_than_others() -> None:
    assert find_text_shape(b"0x0000 0x0001 Voltage L1\n0x0002 0x0001 Voltage L2\n0x0010 0x0002 Energy\n") is None


@pytest.mark.parametrize(
    "text",
    [
        f"00:00:01 a.js:42 received Uint8Array(13) [{', '.join(map(str, FRAME))}, buffer: ArrayBuffer(13), length: 1]",
        f"000.000 RX   0013: {FRAME[:8].hex(' ')}\n                   {FRAME[8:].hex(' ')}",
        f"Date,Host,Content\n2026-01-15T08:59:48Z,evse01,RX {HEX}\n2026-01-15T08:59:49Z,evse01,RX\n",
    ],
    ids=["browser", "number", "column"],
)
def test_what_stands_around_bytes_is_left_out(text: str) -> None:
    assert bytes_of(f"{text}\n") == FRAME


def test_a_column_of_lines_is_known_by_its_cells() -> None:
    text = both("2026-01-15T08:59:4{at}Z,evse01,{WAY} {hex}\n")
    assert [name for name, _, _ in read(f"Date,Host,Content\n{text}")] == ["RX", "TX"]


def test_a_part_of_a_frame_may_be_in_brackets() -> None:
    assert bytes_of(f"RX {HEX[:-6]} [{HEX[-5:]}]\nTX {HEX_OTHER} [{HEX_OTHER[-5:]}]\n") == FRAME + OTHER
    assert bytes_of(f"RX {HEX[:9]}[{HEX[9:14]}]{HEX[14:]}\n") == FRAME


def test_literals_of_one_line_are_all_bytes() -> None:
    text = repr([(0.5, "rx", b"\xbb\xdd\xdd2\x06Y*YhY\xadk\xbc"), (0.75, "tx", OTHER)])
    assert bytes_of(f"{text}\n") == FRAME + OTHER


def test_characters_of_windows_beside_bytes_are_no_bytes() -> None:
    rows = "".join(f"{data.hex(' '):<41}{data.decode('cp1252', 'replace')}\n" for data in (FRAME, OTHER, FRAME, OTHER))
    items = items_of_bytes(rows.replace("\ufffd", ".").replace("\x04", ".").replace("\x01", ".").encode("cp1252"))
    assert items == (FRAME + OTHER) * 2


def test_a_direction_may_stand_in_an_object_beside_the_bytes() -> None:
    lines = "".join(
        f'{{"properties": {{"headers": {{"dir": "{way}"}}}}, "payload": "{data.hex()}"}}\n'
        for way, data in BOTH.items()
    )
    assert [name for name, _, _ in read(lines)] == ["rx", "tx"]


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"2026-01-15T08:59:0{at}Z request f2a74de452e6b43{at} handled in 5 ms\n" for at in range(5)),
        "08:10 08:25 08:40 08:55\n09:10 09:25 09:40 09:55\n10:10 10:25 10:40 10:55\n",
        "".join(f"{at},1,04E9A2BC5F618{at},22371{at}\n" for at in range(4)).join(["time,connector,idTag,meter\n", ""]),
    ],
    ids=["requests", "timetable", "tags"],
)
def test_identifiers_and_times_are_no_bytes(text: str) -> None:
    assert find_text_shape(text.encode()) is None


def test_a_letter_may_be_a_direction_before_a_number() -> None:
    found = read(f"[00:00:01] R[13]: {HEX}\n[00:00:02] S[8]: {HEX_OTHER}\n")
    assert [(name, data) for name, _, data in found] == [("R", FRAME), ("S", OTHER)]


def test_a_column_may_name_the_sides_in_words_of_its_own() -> None:
    rows = f"1.000,board,{HEX}\n2.000,cpu,{HEX_OTHER}\n3.000,board,{HEX}\n"
    assert [name for name, _, _ in read(f"Time,Side,Hex\n{rows}")] == ["board", "cpu", "board"]


def test_ports_and_addresses_of_a_network_are_no_bytes() -> None:
    text = "PORT     STATE SERVICE\n22/tcp   open  ssh\n80/tcp   open  http\nMAC Address: 00:1E:C0:12:34:56 (M)\n"
    assert find_text_shape(text.encode()) is None


def test_a_line_with_a_count_names_the_direction_of_the_rows_below() -> None:
    rows = [f"Line 1 {way} ({len(data)}):\n  0000: {data.hex(' ')}\n" for way, data in (("Rx", FRAME), ("Tx", OTHER))]
    assert [(name, data) for name, _, data in read("".join(rows * 2))] == [("Rx", FRAME), ("Tx", OTHER)] * 2


def test_addresses_and_negative_numbers_are_no_bytes() -> None:
    text = (
        "[NEW] Device AA:BB:CC:DD:EE:FF X\n[CHG] Device AA:BB:CC:DD:EE:FF RSSI: -60\n[NEW] Device 00-1E-C0-12-34-56 x\n"
    )
    assert find_text_shape(text.encode()) is None
