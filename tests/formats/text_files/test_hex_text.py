"""The lines of hex text as source items, without a file around them."""

from datetime import UTC

from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks, TapGap
from sniffer.formats.text_files.hex_text import HexText
from sniffer.formats.text_files.text_shape import TextForm, TextShape

SHAPE = TextShape(TextForm.HEX)


def test_lines_of_one_time_are_one_chunk() -> None:
    text = HexText(SHAPE)
    assert [*text.read(["00:00:01 BB DD", "DD 32", "hello", "06"]), *text.finish()] == [
        Chunks([(b"\xbb\xdd\xdd\x32", SECOND)]),
        LogLine(SECOND, None, "hello"),
        Chunks([(b"\x06", SECOND)]),
    ]
    assert text.zone == UTC


def test_a_direction_before_a_list_is_that_of_its_lines() -> None:
    text = HexText(TextShape(TextForm.HEX, channels=("RX", "TX")))
    items = text.read(["RX Uint8Array(2) [", "BB DD", "]", "TX Uint8Array(1) [", "AA", "]"])
    assert [item for item in items if isinstance(item, Chunks)] == [
        Chunks([(b"\xbb\xdd", None)], 1),
        Chunks([(b"\xaa", None)], 2),
    ]


def test_a_direction_before_a_count_is_that_of_the_rows_after_it() -> None:
    text = HexText(TextShape(TextForm.HEX, channels=("Read", "Sent")))
    items = text.read(["Read 2 bytes:", "BB DD", "[Sent] fd=3 len=1", "AA"])
    assert [item for item in items if isinstance(item, Chunks)] == [
        Chunks([(b"\xbb\xdd", None)], 1),
        Chunks([(b"\xaa", None)], 2),
    ]


def test_rows_that_are_left_out_of_a_dump_without_offsets_are_a_gap() -> None:
    items = HexText(SHAPE).read(["00 00 00", "*", "BB DD"])
    gap = "rows that repeat the one before are not in the dump, nor how many: print it with -v"
    assert items == [Chunks([(bytes(3), None)]), TapGap(None, gap), Chunks([(b"\xbb\xdd", None)])]


def test_a_few_bytes_after_words_that_stand_before_more_are_bytes() -> None:
    text = HexText(TextShape(TextForm.HEX, labels=(" unit ",)))
    assert text.read(["00:00:01 unit 06", "00:00:02 door 06"]) == [
        Chunks([(b"\x06", SECOND)]),
        LogLine(SECOND, None, "00:00:02 door 06"),
    ]
