"""Bytes that a program shows again, leaves out, or reads from other files."""

from sniffer.base.times import SECOND
from sniffer.formats.text_files.hex_lines.hex_line import HexLine
from sniffer.formats.text_files.shown_bytes import ShownBytes, count_elided, has_words, is_of_other_file

RECEIVED = [HexLine(b"\xbb\xdd\x32", None, "RX")]
PART = [HexLine(b"\xdd\x32", None, "")]


def test_a_part_of_a_message_is_shown_again_soon_and_with_words() -> None:
    shown = ShownBytes()
    assert not shown.are_shown_again("parse dd 32", PART, 0)
    assert not shown.are_shown_again("RX bb dd 32", RECEIVED, 0)
    assert shown.waits
    assert shown.are_shown_again("parse dd 32", PART, SECOND)
    assert not shown.are_shown_again("parse dd 32", PART, SECOND + 1)
    assert not shown.waits


def test_bytes_without_words_are_new() -> None:
    shown = ShownBytes()
    shown.are_shown_again("RX bb dd 32", RECEIVED, 0)
    assert not shown.are_shown_again("0xdd 0x32", PART, 0)


def test_bytes_after_another_name_in_the_next_line_are_the_same() -> None:
    frame = [HexLine(b"\xbb\xdd\xdd\x32\x06\x59\x2a", None, "")]
    shown = ShownBytes()
    assert not shown.are_shown_again("data: <Buffer bb dd dd 32 06 59 2a>,", frame, None)
    assert shown.are_shown_again("buffer: <Buffer bb dd dd 32 06 59 2a>", frame, None)
    assert not shown.are_shown_again("data: <Buffer bb dd dd 32 06 59 2a>,", [HexLine(b"\xaa", None, "")], None)
    assert not ShownBytes().are_shown_again("buffer: <Buffer bb dd dd 32 06 59 2a>", frame, None)


def test_bytes_whose_direction_another_line_names_at_once_are_the_same() -> None:
    data = b"\xbb\xdd\xdd\x32\x06\x59\x2a"
    plain, named = [HexLine(data, None, "")], [HexLine(data, None, "RECEIVED")]
    for passed, is_again in ((1_000_000, True), (50_000_000, False), (None, False)):
        shown = ShownBytes()
        assert not shown.are_shown_again("frame complete: bb dd dd 32 06 59 2a", plain, None)
        assert shown.may_name("RECEIVED bb dd dd 32 06 59 2a", named[0])
        assert shown.are_shown_again("RECEIVED: bb dd dd 32 06 59 2a", named, passed) is is_again
    shown.are_shown_again("bb dd dd 32 06 59 2a", plain, None)
    assert not shown.are_shown_again("RECEIVED: bb dd dd 32 06 59 2a", named, 0)


def test_words_are_no_numbers() -> None:
    assert has_words("parse 0xBB")
    assert not has_words("0xBB face 12")


def test_bytes_left_out_are_counted() -> None:
    assert count_elided("<Buffer bb ... 12 more bytes>", PART) == 12
    assert count_elided('read(5, "\\335"..., 4096) = 9', PART) == 7
    assert count_elided("bb dd ...", PART) == 0
    assert count_elided("bb dd", PART) == 0


def test_only_devices_are_ports() -> None:
    assert is_of_other_file('read(3</etc/hosts>, "x", 1) = 1')
    assert is_of_other_file('read(3, "\\177ELF\\2", 832) = 832')
    assert not is_of_other_file('read(3</dev/ttyUSB0>, "x", 1) = 1')
    assert not is_of_other_file("hello")
