"""Texts to items: the log after prefixes and wrapped, and hex text with its times and directions."""

import json
from datetime import UTC

import pytest

from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk, Chunks, Tap, TapGap
from sniffer.formats.charger_log import LogReader
from sniffer.formats.text_files import hex_text
from sniffer.formats.text_files.carriers import json_document
from sniffer.formats.text_files.hex_items import TextItem
from sniffer.formats.text_files.hex_lines.line_parser import HexLineParser
from sniffer.formats.text_files.hex_text import HexText
from sniffer.formats.text_files.line_decoder import MAX_LINE
from sniffer.formats.text_files.text_reader import TextReader, parse_hex_text
from sniffer.formats.text_files.text_shape import TextForm, TextShape, find_text_shape

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
OTHER = bytes.fromhex("AA00542C040000020 09E6E".replace(" ", ""))
HEX = FRAME.hex(" ")
CODE = ", ".join(f"0x{byte:02x}" for byte in FRAME)
AT = 1_701_302_449 * SECOND


def items_of(text: str, size: int = 1 << 16) -> list[TextItem | Chunk]:
    """Return the items of a text that is read in pieces of this size, with each chunk by itself."""
    data = text.encode()
    shape = find_text_shape(data)
    assert shape
    reader = TextReader(shape)
    read = [item for at in range(0, len(data), size) for item in reader.feed(data[at : at + size])]
    return [one for item in [*read, *reader.finish()] for one in divide(item)]


def divide(item: TextItem) -> list[TextItem | Chunk]:
    return [Chunk(data, time, (), item.tap) for data, time in item.pieces] if isinstance(item, Chunks) else [item]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_wrapped_lines_are_joined(size: int) -> None:
    frame = f"7 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{FRAME.hex(' ')}"
    other = "8 2023-11-30T00:00:49+0000 [ocpp] MeterValuesSampledData -- and some more"
    lines = [frame[:60], frame[60:], other[:60], other[60:], "net", "9 2023-11-30T00:00:50+0000 [ocpp] CP_INFO"]
    read = [item for item in items_of("\n".join(lines), size) if isinstance(item, LogLine)]
    assert [(line.number, line.text, line.frame) for line in read] == [
        (7, f"<=pwrboard:{FRAME.hex(' ')}", FRAME),
        (8, "MeterValuesSampledData -- and some more", None),
        (None, "net", None),
        (9, "CP_INFO", None),
    ]


def test_a_wrapped_line_may_lack_the_space_at_its_end_and_a_shorter_one_was_not_wrapped() -> None:
    frame = f"7 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{FRAME.hex(' ')}"
    width = frame.index(" ", 60) + 1
    other = f"{'8 2023-11-30T00:00:49+0000 [ocpp] CP_INFO':<{width}}"
    lines = [frame[: width - 1], frame[width:], other, frame[: width - 4], frame[width:]]
    read = [item for item in items_of("\n".join(lines)) if isinstance(item, LogLine)]
    texts = [frame[: width - 1] + frame[width:], other, frame[: width - 4], frame[width:]]
    assert [line.text for line in read] == [text.partition("] ")[2] or text for text in texts]
    assert read[0].frame == FRAME


def test_a_wrapped_line_at_the_end_is_not_lost() -> None:
    frame = f"7 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{FRAME.hex(' ')}"
    lines = [frame[:60], frame[60:], frame[:60]]
    (_, last) = items_of("\n".join(lines))
    assert isinstance(last, LogLine)
    assert last.number == 7


@pytest.mark.parametrize(
    ("text", "is_cut_off"),
    [
        (f"7 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{FRAME.hex(' ')}\n8 2023-11-30T00:0", True),
        (f"7 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{FRAME.hex(' ')}\n8 2023-11-30T00:0\n", False),
        (f"2023-11-30T00:00:49+0000 [a] b\n2023-11-30T00:00:49+0000 [a] <=pwrboard:{FRAME[:9].hex(' ')}", True),
        (f"2023-11-30T00:00:49+0000 [a] b\n2023-11-30T00:00:49+0000 [a] <=pwrboard:{FRAME.hex(' ')}", False),
        (f"[comproc] <=pwrboard:{FRAME.hex(' ')}\n8 2023-11-30T00:0", False),
        (f"{FRAME.hex(' ')}\n{FRAME[:9].hex(' ')}", False),
        (f"{FRAME.hex(' ')}\n8 2023-11-30T00:0", False),
    ],
)
def test_a_log_with_times_shows_that_it_was_cut_off(text: str, *, is_cut_off: bool) -> None:
    shape = find_text_shape(text.encode())
    assert shape
    reader = TextReader(shape)
    list(reader.feed(text.encode()))
    assert reader.is_cut_off is is_cut_off


def test_a_log_without_times_of_its_own_has_those_before_its_lines() -> None:
    text = f"2023-11-30 00:00:49 [comproc] <=pwrboard:{FRAME.hex(' ')}\nmore\n2023-11-30 00:00:50 x ocpp[1]: CP_INFO\n"
    first, more, last = items_of(text)
    assert isinstance(first, LogLine)
    assert (first.time, first.process, first.frame) == (AT, "comproc", FRAME)
    assert more == LogLine(AT, "comproc", "more", continues=True)
    assert last == LogLine(AT + SECOND, "ocpp", "CP_INFO")


def test_each_direction_is_a_tap_with_the_times_of_its_lines() -> None:
    text = f"00:00:01 Rx: {FRAME[:5].hex(' ')}\n00:00:02 Tx: {OTHER.hex(' ')}\n00:00:03 Rx: {FRAME[5:].hex(' ')}\n"
    assert items_of(text) == [
        Tap(1, "Rx"),
        Tap(2, "Tx"),
        Chunk(FRAME[:5], SECOND, tap=1),
        Chunk(OTHER, 2 * SECOND, tap=2),
        Chunk(FRAME[5:], 3 * SECOND, tap=1),
    ]


def test_one_direction_alone_is_no_tap_of_its_own() -> None:
    assert items_of(f"Rx: {FRAME.hex()}\nRx: {OTHER.hex()}\n") == [Chunk(FRAME + OTHER)]


def test_a_direction_that_comes_late_is_a_further_tap(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"Rx: {FRAME.hex()}\nRx: {FRAME.hex()}\nTx: {OTHER.hex()}\n"
    shape = find_text_shape(text.partition("Tx")[0].encode())
    assert shape
    reader = TextReader(shape)
    assert list(reader.feed(text.encode())) == [Chunks([(FRAME * 2, None)]), Tap(1, "Tx"), Chunks([(OTHER, None)], 1)]


def test_a_line_without_time_and_direction_belongs_to_the_one_before_it() -> None:
    text = f"> 1970/01/01 00:00:01.000  length=13 from=0 to=12\n {FRAME.hex(' ')}\n{OTHER.hex(' ')}\n"
    assert items_of(text) == [Chunk(FRAME + OTHER, SECOND)]


def test_a_time_within_a_line_is_that_of_the_bytes_after_it() -> None:
    text = f"[00:00:01] {FRAME.hex(' ')} [00:00:02] {OTHER.hex(' ')} [00:00:03] {FRAME.hex(' ')}\n"
    assert items_of(text) == [Chunk(FRAME, SECOND), Chunk(OTHER, 2 * SECOND), Chunk(FRAME, 3 * SECOND)]


@pytest.mark.parametrize("end", [r"\n", r"\r\n", r"\r"])
def test_a_line_end_may_be_a_code(end: str) -> None:
    text = end.join([f"[00:00:01] RX: {FRAME.hex(' ')}", f"[00:00:02] TX: {OTHER.hex(' ')}", ""])
    assert items_of(text) == [
        *(Tap(1, "RX"), Tap(2, "TX")),
        *(Chunk(FRAME, SECOND, (), 1), Chunk(OTHER, 2 * SECOND, (), 2)),
    ]


def test_other_characters_than_those_of_ascii_may_stand_for_them() -> None:
    assert items_of(f"\u2022 RX\u2013{FRAME.hex(' ').replace(' ', chr(0xA0))}\n") == [Chunk(FRAME)]


@pytest.mark.parametrize("size", [1, 100, 1 << 16])
def test_lines_that_are_laid_out_alike_have_a_time_each(size: int) -> None:
    times = (1_000, 1_020, 1_040, 1_999, 2_000, 2_001)
    lines = [f"[00:00:{time // 1000:02}.{time % 1000:03}] {FRAME.hex(' ')}\n" for time in times]
    assert items_of("".join(lines), size) == [Chunk(FRAME, time * 1_000_000) for time in times]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"[00:00:01.103] {HEX} 00  4142434445464A", Chunk(FRAME + b"\0", 1_103_000_000)),
        (f"[00:00:01.104] {HEX.replace(' ', ',')}", Chunk(FRAME, 1_104_000_000)),
        (f"[00:00:01.1] {HEX}", Chunk(FRAME, 1_100_000_000)),
        (f"[00:00:01.105] Rx {HEX}", Chunk(FRAME, 1_105_000_000)),
        ("[00:00:01.1x5] what", LogLine(1_102_000_000, None, "[00:00:01.1x5] what")),
    ],
)
def test_a_line_that_is_laid_out_otherwise_ends_a_run(line: str, found: Chunk | LogLine) -> None:
    run = [f"[00:00:01.{number}] {HEX}" for number in (100, 101, 102)]
    read = [Chunk(FRAME, 1_000_000 * number) for number in (1100, 1101, 1102)]
    assert items_of("\n".join([*run, line, *run])) == [*read, found, *read]


def test_a_line_that_holds_no_bytes_is_kept_as_text() -> None:
    read = items_of(f"[tio 10:02:11] tio v2.5\n{FRAME.hex(' ')}\nlost?\n")
    assert read == [LogLine(None, None, "[tio 10:02:11] tio v2.5"), Chunk(FRAME), LogLine(None, None, "lost?")]


@pytest.mark.parametrize(
    "lines",
    [
        ["uart-1: Start bit", *(f"uart-1: {byte:02X}" for byte in FRAME), "uart-1: Stop bit", "5-9 uart-1: 1"],
        [
            "#include <stdint.h>",
            "const uint8_t f[] = {",
            CODE,
            "};",
            "",
            "// x",
        ],
        ["unsigned char raw_bin[] = {", CODE, "};", "unsigned int n_len = 13;"],
    ],
)
def test_lines_around_the_bytes_that_say_nothing_are_left_out(lines: list[str]) -> None:
    assert items_of("\n".join(lines)) == [Chunk(FRAME)]


def test_rows_after_a_prefix_have_its_time_and_direction() -> None:
    rows = [f"10:00:0{second} {way} 0000  {FRAME.hex(' ')}" for second, way in ((1, "Rx"), (2, "Tx"))]
    assert items_of("\n".join(rows)) == [
        *[Tap(1, "Rx"), Chunk(FRAME, 36_001 * SECOND, (), 1)],
        *[Tap(2, "Tx"), Chunk(FRAME, 36_002 * SECOND, (), 2)],
    ]


@pytest.mark.parametrize(
    "header",
    [
        "[1970-01-01 00:00:0{}] {} data (COM3)",
        "[1970-01-01 00:00:0{}.000]# {} HEX FROM 192.168.1.9 :8080>",
        "{1} request at 1970-01-01 00:00:0{0}, 13 bytes",
    ],
)
def test_a_line_with_time_and_direction_holds_for_the_bytes_after_it_and_is_kept(header: str) -> None:
    lines = [header.format(1, "Read"), f"  {FRAME.hex(' ')}   ...2", header.format(2, "Write"), f"  {OTHER.hex(' ')}"]
    read = items_of("\n".join(lines))
    assert [item for item in read if isinstance(item, Chunk)] == [
        Chunk(FRAME, SECOND, (), 1),
        Chunk(OTHER, 2 * SECOND, (), 2),
    ]
    assert [item.text for item in read if isinstance(item, LogLine)] == [lines[0], lines[2]]


def test_a_header_before_the_rows_of_a_packet_is_that_of_these_rows() -> None:
    packets = [("I 1970-01-01 00:00:01", FRAME), ("O 1970-01-01 00:00:02", OTHER)]
    text = "".join(f"{header}.000000\n000000 {data.hex(' ')}\n\n" for header, data in packets)
    chunks = [item for item in items_of(text) if isinstance(item, Chunk)]
    assert chunks == [Chunk(FRAME, SECOND, (), 1), Chunk(OTHER, 2 * SECOND, (), 2)]


def test_the_microseconds_of_socat_are_no_nanoseconds() -> None:
    text = f"> 1970/01/01 00:00:01.000250000  length=13 from=0 to=12\n {FRAME.hex(' ')}\n"
    assert items_of(text) == [Chunk(FRAME, SECOND + SECOND // 4)]


@pytest.mark.parametrize("size", [1, 50, 1 << 16])
@pytest.mark.parametrize("width", [41, 47, 60])
def test_lines_that_were_wrapped_within_bytes_are_joined(width: int, size: int) -> None:
    long = bytes.fromhex("BB00060B020000EF3B") * 9
    lines = [f"[00:00:0{second}] RX {data.hex(' ')}" for second, data in ((1, FRAME), (2, long), (3, OTHER))]
    text = "\n".join(line[at : at + width] for line in lines for at in range(0, len(line), width))
    assert items_of(text, size) == [Chunk(FRAME, SECOND), Chunk(long, 2 * SECOND), Chunk(OTHER, 3 * SECOND)]


def test_lines_that_are_always_full_do_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hex_text, "MAX_LINE", 100)
    text = HexText(TextShape(TextForm.HEX, width=39))
    assert text.read([f"{FRAME.hex(' ')} "]) == []
    assert text.read([f"{FRAME.hex(' ')} "] * 3) == [Chunks([(FRAME * 4, None)])]


def test_rows_that_a_dump_lacks_are_a_gap() -> None:
    text = "0000  bb dd\n0002  dd 32\n0008  06 59\n"
    assert items_of(text) == [
        Chunk(b"\xbb\xdd\xdd\x32"),
        TapGap(None, "4 bytes are not in the dump"),
        Chunk(b"\x06\x59"),
    ]


def test_bytes_are_handed_over_before_they_become_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hex_text, "MOST_JOINED", 10)
    assert items_of(f"{FRAME.hex()}\n{FRAME.hex()}\n") == [Chunk(FRAME), Chunk(FRAME)]


def test_the_zone_of_times_without_one_is_utc() -> None:
    data = f"00:00:01 {FRAME.hex()}\n".encode()
    shape = find_text_shape(data)
    assert shape
    reader = TextReader(shape)
    assert reader.zone is None
    list(reader.feed(data))
    assert reader.zone == UTC


@pytest.mark.parametrize(
    "filling", [" ", "]", "[", "BB ", "B", "1 ", "0x", "a", "a ", "-", ": ", "\\x", "/*", "\t|", "=>"]
)
@pytest.mark.parametrize(
    "begin", ["", "10:00:00 ", "10:00:00 x ocpp[1]: ", "<=pwrboard:", "0000  ", "Rx <= ", '"', "BB "]
)
@pytest.mark.parametrize("end", ["", "2023-11-30T00:00:49+0000 [a] b", "x"])
def test_long_lines_take_no_time_that_grows_with_their_square(begin: str, filling: str, end: str) -> None:
    line = begin + filling * (60_000 // len(filling)) + end
    LogReader(has_own_times=False).read(line)
    LogReader().read(line)
    HexLineParser().parse(line)
    find_text_shape(line.encode())


@pytest.mark.parametrize(
    "text",
    [FRAME.hex(":"), f"00000000: {FRAME.hex(' ', -2)}  ...2\n", f"const uint8_t f[] = {{\n{CODE}\n}};", "BB DD\nDD 32"],
)
def test_pasted_hex_is_read_in_any_form(text: str) -> None:
    assert parse_hex_text(text) == (FRAME if len(text) > 11 else FRAME[:4])


@pytest.mark.parametrize(
    "text", ["", "hello", f"{FRAME.hex()}\nhello", "[ocpp] BB DD", "0000  bb dd\n0002  dd 32\n0008  06"]
)
def test_pasted_text_with_anything_else_is_none(text: str) -> None:
    assert parse_hex_text(text) is None


def print_objects(indent: int | None) -> str:
    objects = [
        {"time": f"1970-01-01T00:00:0{second}Z", "dir": way, "hex": data.hex(" ")}
        for second, way, data in ((1, "rx", FRAME), (2, "tx", OTHER))
    ]
    return "\n".join(json.dumps(one, indent=indent) for one in objects)


@pytest.mark.parametrize("size", [1, 50, 1 << 16])
@pytest.mark.parametrize("indent", [None, 0, 2])
def test_objects_over_several_lines_have_their_times_and_directions(indent: int | None, size: int) -> None:
    taps = [Tap(1, "rx"), Tap(2, "tx")]
    assert items_of(print_objects(indent), size) == [
        *taps,
        Chunk(FRAME, SECOND, (), 1),
        Chunk(OTHER, 2 * SECOND, (), 2),
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_log_in_objects_over_several_lines_is_read(indent: int | None) -> None:
    record = f"2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{HEX}"
    lines = items_of(json.dumps([{"log": f"{record}\n", "stream": "stdout"}] * 2, indent=indent))
    assert [line.frame for line in lines if isinstance(line, LogLine)] == [FRAME, FRAME]


def test_a_line_of_json_may_be_longer_than_other_lines_may_be() -> None:
    entry = {"time": "1970-01-01T00:00:01Z", "note": "x " * MAX_LINE, "hex": HEX}
    text = "\n".join(map(json.dumps, [{"hex": HEX}, entry, {"hex": HEX}]))
    assert items_of(text) == [Chunk(FRAME), Chunk(FRAME, SECOND), Chunk(FRAME, SECOND)]


def test_an_object_that_is_too_long_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "LONGEST", 100)
    text = "\n".join(json.dumps(one, indent=1) for one in [{"hex": HEX}, {"x": "y" * 100, "hex": HEX}, {"hex": HEX}])
    found = items_of(text, 40)
    assert [item for item in found if isinstance(item, Chunk)] == [Chunk(FRAME), Chunk(FRAME)]
    (gap,) = [item.reason for item in found if isinstance(item, TapGap)]
    assert gap.startswith("1 JSON object longer than")
