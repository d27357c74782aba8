"""Columns and sides around bytes in public logs: the least text of each, and the bytes with their directions."""

from base64 import b64encode

import pytest

from tests.formats.text_files.test_program_forms import FRAME, HEX, HEX_OTHER, OTHER, read

ROWS = [(0, "rx", FRAME), (1, "tx", OTHER), (2, "rx", FRAME)]
ALIKE = FRAME.hex().upper()


@pytest.mark.parametrize(
    "line",
    [
        f"01-15 08:59:48.702  1534  1672 D SerialPortHelper: onDataReceived: {ALIKE}",
        f"01-15 08:59:48.702 1534 1672 D SerialPort: {HEX}",
        f"01-15 08:59:48.702 1534 D SerialPort: {ALIKE}",
    ],
)
def test_the_number_of_a_process_stands_before_the_level(line: str) -> None:
    assert [data for _, _, data in read(f"--------- beginning of main\n{line}\n{line}\n")] == [FRAME] * 2


def test_a_few_bytes_after_a_time_are_bytes_where_no_others_follow() -> None:
    assert read("08:59:48 12 34 ab\n08:59:49 12  text\n") == [("", 32388000, b"\x12\x34\xab"), ("", 32389000, b"\x12")]


def test_the_length_after_a_name_is_no_byte() -> None:
    found = read(f"[pod/gw/bridge] uart.rx len=13 {HEX}\n[pod/gw/bridge] uart.tx len=10 {HEX_OTHER} 00 00\n")
    assert found == [("rx", None, FRAME), ("tx", None, OTHER + bytes(2))]


def test_the_mark_of_a_quotation_is_no_direction_where_one_follows_the_time() -> None:
    text = f"On Monday, Eva wrote:\n> > 08:59:48.123 >> {HEX_OTHER}\n> > 08:59:48.400 << {HEX}\n> thanks\nTom\n"
    assert [(name, data) for name, _, data in read(text)] == [(">>", OTHER), ("<<", FRAME)]


def test_the_zone_of_a_mail_is_not_that_of_what_it_quotes() -> None:
    text = f"Date: Thu, 15 Jan 2026 11:02:11 +0100\n\n> 08:59:48.123 {HEX}\n> 08:59:49.123 {HEX}\n"
    assert [time for _, time, _ in read(text)] == [32388123, 32389123]


@pytest.mark.parametrize(
    "sides",
    [
        (
            "    peer: 0\n    data: !!binary |\n      qu7uBAEBv0Q=\n",
            "    peer: 1\n    data: !!binary |\n      u93dMgZZKlloWa1rvA==\n",
        ),
        (
            f"char peer0_0[] = {{ /* Packet 4 */\n{', '.join(map('0x{:02x}'.format, OTHER))} }};\n",
            f"char peer1_0[] = {{ /* Packet 5 */\n{', '.join(map('0x{:02x}'.format, FRAME))} }};\n",
        ),
        (f"00000000  {HEX_OTHER}   .......D\n", f"    00000000  {HEX}   ...2.Y*YhY.k.\n"),
    ],
    ids=["YAML", "C arrays", "hex dump"],
)
def test_a_stream_of_wireshark_names_its_two_sides(sides: tuple[str, str]) -> None:
    found = read("".join(sides * 2))
    assert [(name, data) for name, _, data in found] == [("peer 0", OTHER), ("peer 1", FRAME)] * 2


def test_a_list_goes_on_in_lines_that_are_indented() -> None:
    text = f"array([{',  '.join(map(str, FRAME[:7]))},\n       {', '.join(map(str, FRAME[7:]))}], dtype=uint8)\n"
    assert b"".join(data for _, _, data in read(text * 2)) == FRAME * 2


def test_an_attribute_beside_a_port_is_no_byte() -> None:
    text = f'<trace port="COM3" baud="9600">\n<packet dir="rx" len="13"><data>{HEX}</data></packet>\n</trace>\n'
    assert [data for _, _, data in read(text)] == [FRAME]


def test_a_letter_after_the_time_is_the_channel_of_a_logger() -> None:
    found = read(f"A 8:59:48.126A {HEX}\nP 1:00:00.001B {HEX_OTHER}\n")
    assert found == [("A", 32388126, FRAME), ("B", 46800001, OTHER)]


def test_the_line_of_source_code_is_no_byte() -> None:
    text = f"2026-01-15 08:59:48.001 | DEBUG    | uart:read:88 - {HEX}\n"
    assert [data for _, _, data in read(text * 2)] == [FRAME] * 2


def test_a_direction_may_be_a_field_after_the_bytes() -> None:
    found = read(f"frame   data={FRAME.hex()} direction=rx n=13\nframe   data={OTHER.hex()} direction=tx n=8\n")
    assert found == [("rx", None, FRAME), ("tx", None, OTHER)]


@pytest.mark.parametrize("form", ["{}", "{!r}"])
def test_a_number_before_characters_may_count_them(form: str) -> None:
    codes = "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in FRAME)
    text = f"08:59:48 4412   read  13 {codes if form == '{}' else repr(FRAME)}\n"
    assert [data for _, _, data in read(text * 3)] == [FRAME] * 3


def test_the_length_is_no_column_of_bytes() -> None:
    rows = "".join(f'"Jan 15, 2026 09:00:0{at}.120086000 UTC","13","{FRAME.hex()}"\n' for at in range(3))
    assert [data for _, _, data in read(f"frame.time,data.len,data.data\n{rows}")] == [FRAME] * 3


def test_a_request_and_its_answer_may_stand_on_one_line() -> None:
    text = "".join(f"09:00:0{at}.120 TX: {HEX_OTHER} RX: {HEX} (6 ms)\n" for at in range(3))
    found = read(text)
    assert [(name, data) for name, _, data in found] == [("TX", OTHER), ("RX", FRAME)] * 3


def test_the_fields_of_a_frame_may_stand_in_brackets() -> None:
    fields = (FRAME[:1], FRAME[1:3], FRAME[3:4], FRAME[4:5], FRAME[5:11], FRAME[11:])
    line = "".join(f"[{field.hex(' ')}]" for field in fields)
    assert read(f"RX: {line}\n") == [("", None, FRAME)]


def test_a_length_is_a_cell_of_rows_without_names() -> None:
    rows = "".join(f"2026-01-15 08:59:4{at}.001,{way},{len(data)},{data.hex(' ')}\n" for at, way, data in ROWS)
    assert [(name, data) for name, _, data in read(rows)] == [(way, data) for _, way, data in ROWS]


def test_a_database_prints_objects_with_their_identifiers() -> None:
    text = "".join(
        f"  {{\n    _id: ObjectId('65a4f1c2b7e8d9001234567{at}'),\n    ts: ISODate('1970-01-01T00:00:0{at}.001Z'),\n"
        f"    dir: '{way}',\n    raw: Binary.createFromBase64('{b64encode(data).decode()}', 0)\n  }},\n"
        for at, way, data in ROWS
    )
    assert read(text) == [(way, at * 1000 + 1, data) for at, way, data in ROWS]


def test_a_table_may_have_nanoseconds_since_the_epoch() -> None:
    rows = "".join(f"176846758{at}001086000 {way}  {data.hex()}\n" for at, way, data in ROWS)
    found = read(f"name: uart\ntime                dir raw\n----                --- ---\n{rows}")
    assert found == [(way, 1_768_467_580_001 + at * 1000, data) for at, way, data in ROWS]


def test_words_of_two_bytes_do_not_show_their_order() -> None:
    rows = "".join(f"  {', '.join(f'0x{at * 4099 + step:04X}' for step in range(1, 9))},\n" for at in range(1, 16))
    assert read(f"static const uint16_t crc_table[] = {{\n{rows}}};\n") == []


@pytest.mark.parametrize("tag", ["uart", "DEBUG"])
def test_the_log_of_another_program_may_look_like_that_of_the_charger(tag: str) -> None:
    text = "".join(f"1970-01-01T00:00:0{at}.001Z [{tag}] {way}: {data.hex(' ')}\n" for at, way, data in ROWS)
    assert read(text) == [(way, at * 1000 + 1, data) for at, way, data in ROWS]


def test_a_row_may_hold_a_request_and_its_answer() -> None:
    rows = "".join(f"2026-01-15 08:59:4{at}.001,{OTHER.hex()},{FRAME.hex()}\n" for at in range(3))
    found = read(f"time,request,response\n{rows}")
    assert [data for _, _, data in found] == [OTHER + FRAME] * 3


def test_the_same_bytes_in_decimal_are_shown_again() -> None:
    text = "".join(
        f"08:59:4{at}.001 {way}\nhex: {data.hex(' ')}\ndec: {' '.join(map(str, data))}\n" for at, way, data in ROWS
    )
    assert [(name, data) for name, _, data in read(text)] == [(way, data) for _, way, data in ROWS]


@pytest.mark.parametrize("form", ["val rx: byte array = [|{};|]\n", "L = [{}].\n"], ids=["F#", "Prolog"])
def test_numbers_have_signs_of_their_language(form: str) -> None:
    is_typed = "array" in form
    text = form.format(("uy; " if is_typed else ", ").join(map(str, FRAME)) + ("uy" if is_typed else ""))
    assert b"".join(data for _, _, data in read(text * 2)) == FRAME * 2


def test_a_list_of_r_may_be_quoted_and_end_with_one_item() -> None:
    parts = FRAME[:12], FRAME[12:]
    lines = (" ".join(f'"{byte:02x}"' for byte in part) for part in parts)
    text = "".join(f"{f'[{at}]':>5} {line}\n" for at, line in zip((1, 13), lines, strict=True))
    assert b"".join(data for _, _, data in read(f"> x\n{text}" * 2)) == FRAME * 2


def test_a_column_may_have_a_letter_for_the_direction() -> None:
    words = FRAME.hex(" ", -2).upper(), OTHER.hex(" ", -2).upper()
    found = read(f"09:00:00.541\tR\t{words[0]}\n09:00:00.600\tW\t{words[1]}\n")
    assert [(name, data) for name, _, data in found] == [("R", FRAME), ("W", OTHER)]
