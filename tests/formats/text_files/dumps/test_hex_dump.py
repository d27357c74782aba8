"""Dumps with offsets: which form they have, and the bytes of their rows."""

import subprocess
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.items import Chunks
from sniffer.formats.text_files.dumps import hex_dump
from sniffer.formats.text_files.dumps.dump_form import find_dump_form
from sniffer.formats.text_files.dumps.dump_numbers import DECIMAL, HEXADECIMAL, OCTAL, NumberForm
from sniffer.formats.text_files.dumps.hex_dump import (
    NO_OFFSET,
    DumpForm,
    DumpReader,
    MissingBytes,
    find_peer,
    find_prefix,
    find_prefixes,
    have_peers,
)
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape
from tests.tools import need

DATA = bytes.fromhex("BBDDDD3206592A596859AD6BBC") * 3 + b"abcdef" + bytes(64) + b"\xaa"


def read(lines: Sequence[str]) -> list[bytes | MissingBytes]:
    form = find_dump_form(lines)
    assert form
    reader = DumpReader(form)
    return [item for line in lines for item in reader.read(line) or []] + reader.finish()


def bytes_of(lines: Sequence[str]) -> bytes:
    return b"".join(item for item in read(lines) if isinstance(item, bytes))


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 32, len(DATA)])
@pytest.mark.parametrize(
    "command",
    [
        *["xxd", "xxd -g1 -u", "xxd -g4", "xxd -c 32", "hexdump", "hexdump -C", "hexdump -v", "od", "od -b", "od -x"],
        *["od -t x1", "od -A x -t x1z", "od -A d -t x1", "od -t x4", "od -A x -t x2"],
        "od -A x -t o1",
    ],
)
def test_what_a_public_tool_dumps_is_read_back(command: str, size: int) -> None:
    words = command.split()
    need(words[0])
    shown = subprocess.run(words, input=DATA[-size:], capture_output=True, check=True).stdout.decode()
    assert bytes_of(shown.splitlines()) == DATA[-size:]


@pytest.mark.parametrize("size", [13, 16, 38, len(DATA)])
@pytest.mark.parametrize(
    "command",
    [
        *["od -t u1", "od -A x -t u1", "xxd -b", "od -A x -t x2 --endian=big", "od -t x4 --endian=big", "od -t x8"],
        *["od -t d1", "od -t u2", "od -t d2", "od -t u4", "od -t d8", "od -t o4", "od -c", "od -A x -c", "hexdump -c"],
        *["hexdump -d", "hexdump -o", "hexdump -x", "xxd -e", "xxd -e -g2", "xxd -e -g8", "od -t x4z", "od -t x1c"],
    ],
)
def test_numbers_of_other_bases_and_orders_are_read(command: str, size: int) -> None:
    words = command.split()
    need(words[0])
    shown = subprocess.run(words, input=DATA[:size], capture_output=True, check=True).stdout.decode()
    assert bytes_of(shown.splitlines()) == DATA[:size]


@pytest.mark.parametrize("size", [13, 26, 39])
@pytest.mark.parametrize(
    "kind", ["x2", "x4", "x8", "d1", "u1", "o1", "u2", "d4", "o2", "c", "x2 --endian=big", "x4 --endian=big"]
)
def test_a_dump_without_offsets_is_known_by_its_frames(kind: str, size: int) -> None:
    command = f"od -v -An -t {kind}".split()
    need(command[0])
    shown = subprocess.run(command, input=DATA[:size], capture_output=True, check=True).stdout
    shape = find_text_shape(shown)
    assert shape is not None
    reader = TextReader(shape)
    data = b"".join(
        piece
        for item in [*reader.feed(shown), *reader.finish()]
        if isinstance(item, Chunks)
        for piece, _ in item.pieces
    )
    assert data.rstrip(b"\0") == DATA[:size]


def test_the_zeros_that_fill_up_the_last_number_of_a_dump_without_offsets_are_left_out() -> None:
    reader = DumpReader(DumpForm(NO_OFFSET, NumberForm(4, HEXADECIMAL)))
    frame = DATA[:13] + bytes(3)
    lines = [frame[at : at + 4][::-1].hex() for at in range(0, 16, 4)]
    assert [row for line in lines for row in reader.read(line) or []] + reader.finish() == [DATA[:13]]


def test_rows_that_are_not_printed_are_missing_where_offsets_do_not_count_them() -> None:
    reader = DumpReader(DumpForm(NO_OFFSET, NumberForm(1, DECIMAL)))
    rows = [row for line in ("1 2 3", "*", "4 5 6") for row in reader.read(line) or []]
    assert rows + reader.finish() == [b"\1\2\3", MissingBytes(None), b"\4\5\6"]


@pytest.mark.parametrize(
    "lines",
    [
        ["0x20000000 <rx_buf>:\t0xbb\t0xdd\t0xdd\t0x32", "0x20000004 <rx_buf+4>:\t0x06\t0x59"],
        ["20000000 = BB DD DD 32  ...2", "20000004 = 06 59  .Y"],
        ["0B3C:0100  BB DD-DD 32   ...2", "0B3C:0104  06 59         .Y"],
        ["0000 - bb dd-dd 32   ...2", "0004 - 06 59         .Y"],
        ["|00000000| bb dd | dd 32 |..|.2|", "|00000004| 06 59 |       |.Y|  |"],
        ["0x3ffb0000   bb dd dd 32  |...2|", "0x3ffb0000   06 59  |.Y|"],
        ["0x20000000: bb dd dd 32 06 59"],
        ["  00000000  bb dd dd 32 06 59   ...2.Y"],
        ["00000000: BB DD DD 32  06 59  ...2.Y"],
        ["@00000000 BB DD DD 32", "@00000004 06 59"],
    ],
)
def test_the_rows_of_debuggers_and_editors_are_read(lines: list[str]) -> None:
    assert bytes_of(lines) == DATA[:6]


def test_words_of_a_debugger_are_read_by_the_characters_after_them() -> None:
    assert bytes_of(["82000000: 64636261 68676665    abcdefgh"]) == b"abcdefgh"
    assert bytes_of(["82000000: 61626364 65666768    abcdefgh"]) == b"abcdefgh"


def test_packets_one_after_the_other_each_begin_at_zero() -> None:
    lines = ["0000   bb dd dd 32 06 59 2a 59 68 59 ad 6b bc         ...2.Y*YhY.k.", "", "0000   aa 00          .."]
    assert find_dump_form(lines) == DumpForm(16)
    assert bytes_of(lines) == DATA[:13] + b"\xaa\x00"


def test_rows_that_are_missing_are_counted() -> None:
    lines = ["00000000  bb dd dd 32  |...2|", "00000004  06 59 2a 59  |.Y*Y|", "0000000c  bc  |.|"]
    assert read(lines) == [b"\xbb\xdd\xdd\x32", b"\x06\x59\x2a\x59", MissingBytes(4), b"\xbc"]


def test_a_row_that_stands_for_very_many_is_filled_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hex_dump, "MOST_REPEATED", 3)
    lines = ["00000000  00 01  |..|", "00000002  00 00  |..|", "*", "00000010  02  |.|"]
    assert read(lines) == [b"\0\1", b"\0\0", b"\0\0\0", MissingBytes(9), b"\2"]


def test_characters_that_look_like_bytes_are_cut_off_by_the_next_offset() -> None:
    lines = ["00000000: 6162 6364  abcd", "00000004: 6162 6364  abcd", "00000008: 6162  ab"]
    assert bytes_of(lines) == b"abcdabcdab"


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["*"],
        ["BB DD DD 32"],
        ["bbdd dd32 0659", "2a59 6859 ad6b"],
        ["bbdddd3206592a59"],
        ["0001 bb dd dd", "0002 06 59 2a"],
        ["0010  bb dd"],
    ],
)
def test_other_lines_are_no_dump(lines: list[str]) -> None:
    assert find_dump_form(lines) is None


def test_a_line_that_is_no_row_is_none() -> None:
    reader = DumpReader(DumpForm(16))
    assert reader.read("*") is None
    assert reader.read("hello") is None
    assert reader.read("0000: hello") is None
    assert DumpReader(DumpForm(8)).read("0009 00") is None
    assert DumpReader(DumpForm(8, NumberForm(2, OCTAL))).read("0000000 777777") is None


@given(st.lists(st.text("0123456789abcdefg:*| ", max_size=40), max_size=6))
def test_no_lines_raise(lines: list[str]) -> None:
    if form := find_dump_form(lines):
        reader = DumpReader(form)
        for line in lines:
            reader.read(line)
        reader.finish()


@pytest.mark.parametrize(
    "prefix", ["[  123.456789] uart: ", "I (12345) uart: ", "10:00:01  <  ", "2023-11-30 10:00:01,123 DEBUG uart: ", ""]
)
@pytest.mark.parametrize("row", ["00000010: bb dd dd 32 06", "0x0010:  bbdd dd32", "0x3ffb0010   bb dd  |..|"])
def test_another_program_may_print_before_the_offsets(prefix: str, row: str) -> None:
    assert find_prefix(prefix + row) == len(prefix)


def test_offsets_and_bytes_may_be_numbers_of_source_code() -> None:
    lines = ["0x20000000:\t0xbb\t0xdd\t0xdd\t0x32", "0x20000004:\t0x06\t0x59"]
    assert bytes_of(lines) == DATA[:6]


@pytest.mark.parametrize("command", ["od -A x -a", "od -a", "od -A x -t fF"])
def test_a_dump_that_shows_no_plain_bytes_is_not_taken_for_one_of_its_offsets(command: str) -> None:
    words = command.split()
    need(words[0])
    shown = subprocess.run(words, input=DATA * 2, capture_output=True, check=True).stdout
    assert find_text_shape(shown) is None


@pytest.mark.parametrize("form", ["{offset:04X}h: {row}  ...", "0x{offset:08x}: {row}  ..."])
def test_an_offset_may_have_signs_around_it(form: str) -> None:
    lines = [form.format(offset=at, row=DATA[at : at + 16].hex(" ")) for at in range(0, 48, 16)]
    assert bytes_of(lines) == DATA[:48]


def test_a_prefix_stands_before_most_rows() -> None:
    row = "00000000: bb dd dd 32"
    assert find_prefixes([f"10:00:01 rx {row}", f"10:00:02 tx {row}"]) == [12, 12]
    assert find_prefixes(["=> md.b 80000000 29", row, row]) == [0, 0, 0]


def test_a_dash_may_stand_between_the_halves_of_a_row() -> None:
    lines = [f"00000000  {DATA[:8].hex(' ')} - {DATA[8:13].hex(' ')}   ...2.Y*YhY.k."]
    assert bytes_of(lines) == DATA[:13]


def test_a_group_that_is_longer_than_the_others_may_be_characters() -> None:
    rows = [
        "0000 34 32 37 32 34 30 00 00 427240\ufffd\ufffd",
        "0008 BB 00 06 0B 02 00 00 EF \ufffd\ufffd\ufffd\ufffd\ufffd",
    ]
    assert bytes_of(rows).hex() == "3432373234300000bb00060b020000ef"


def test_the_rows_of_one_side_of_a_stream_are_indented() -> None:
    rows = ["00000000  bb dd", "    00000000  aa ee", "\t00000000  aa ee", "bb dd"]
    assert [*map(find_peer, rows)] == ["peer 0", "peer 1", "peer 1", ""]
    assert have_peers(rows)
    assert not have_peers(rows[:1])
