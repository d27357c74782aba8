"""Bytes that may end frames: given bytes, the delimiters that they speak for."""

import random

import pytest

from sniffer.core.discovery.delimiters.delimiter_search import (
    DLE,
    DLE_ONLY,
    HDLC,
    SLIP,
    has_escapes,
    is_line,
    is_text,
    list_delimiters,
    list_unescaped,
)
from sniffer.core.wire.coding.delimiter import Delimiter


def pieces(end: bytes, heads: bytes, count: int = 80) -> bytes:
    """Return frames with one of these heads, of several sizes, and an end."""
    chance = random.Random(1)
    contents = (bytes(chance.randrange(1, 0x70) for _ in range(chance.choice([2, 3, 5, 9]))) for _ in range(count))
    return b"".join(bytes([chance.choice(heads)]) + content + end for content in contents)


@pytest.mark.parametrize("end", ["ffffff", "cc33c33c", "fffcffff"], ids=["Nextion", "Stone", "Dacai"])
def test_ends_of_several_bytes_are_found_whole(end: str) -> None:
    """The ends of displays: instruction sets of Nextion, Stone and Dacai."""
    (found,) = list_unescaped(pieces(bytes.fromhex(end), b"\x71\x65\x66"))
    assert found == Delimiter(bytes.fromhex(end))


def test_an_end_of_several_bytes_goes_no_further_than_the_last_byte() -> None:
    """All frames begin with EE, which follows nearly each end."""
    (found,) = list_unescaped(pieces(b"\xff\xfc\xff\xff", b"\xee"))
    assert found == Delimiter(b"\xff\xfc\xff\xff")


def test_an_end_of_one_byte_is_followed_by_heads() -> None:
    """Messages of VISCA by Sony end with FF, and begin with 81 to the camera, and with 90 from it."""
    (found,) = list_unescaped(pieces(b"\xff", b"\x81\x90"))
    assert found == Delimiter(b"\xff")
    assert [*list_unescaped(pieces(b"\xff", bytes(range(0x80, 0x90))))] == []
    assert [*list_unescaped(random.Random(2).randbytes(2000))] == []


def test_bytes_of_seven_bits_show_what_begins_and_ends_their_frames() -> None:
    """System exclusive messages of MIDI stand between F0 and F7, and have the same bytes after each F0."""
    chance = random.Random(4)
    frames = (b"\xf0\x41\x10" + bytes(chance.randrange(128) for _ in range(4 + number % 5)) for number in range(60))
    data = b"\x91\xb0" + b"\xf7".join(frames) + b"\xf7\xe5"
    assert [*list_unescaped(data)] == [Delimiter(b"\xf7")]
    assert [*list_unescaped(data.replace(b"\x41", b"\xc1"))] != [Delimiter(b"\xf7")]


def test_what_stands_before_the_ends_of_all_lines_is_of_the_end() -> None:
    """Host Link of Omron: an exclusive or as two digits, `*` and CR."""
    lines = b"".join(b"@00RD%04d%02X*\r" % (number, number * 7 % 256) for number in range(20))
    assert [*list_delimiters(lines)] == [Delimiter(b"*\r"), Delimiter(b"\r")]
    assert [*list_delimiters(lines.replace(b"*", b""))] == [Delimiter(b"\r")]


def test_frames_may_begin_with_dle_alone() -> None:
    frames = b"".join(b"\x10\x33%c\x10\x10\x05\x10\x03" % number for number in range(32, 52))
    assert DLE_ONLY in list_delimiters(frames)
    assert DLE_ONLY not in list_delimiters(frames.replace(b"\x10\x33", b"\x10\x02\x33"))
    assert DLE in list_delimiters(frames.replace(b"\x10\x33", b"\x10\x02\x33"))


def test_control_characters_may_be_escaped_with_the_end() -> None:
    """HDLC on an asynchronous line escapes what its map of control characters says."""
    chance, out = random.Random(3), b"\x7e"
    for _ in range(40):
        for byte in b"\x01" + chance.randbytes(40):
            is_escaped = byte in (0x7E, 0x7D) or byte < 0x20
            out += bytes([0x7D, byte ^ 0x20]) if is_escaped else bytes([byte])
        out += b"\x7e"
    assert has_escapes(out, HDLC)
    assert not has_escapes(out, SLIP)


def test_a_line_has_no_escape() -> None:
    assert is_line(Delimiter(b"*\r"))
    assert is_line(Delimiter(b"\r\n"))
    assert not is_line(SLIP)
    assert not is_line(Delimiter(b"\r", 0x1B))
    assert not is_line(Delimiter(b"\xff"))


def test_text_is_printable() -> None:
    assert is_text(b"U=230.1 V\r\n" * 9)
    assert is_text(b"\x02U=230.1 V\x03" * 9)
    assert not is_text(b"U=230.1 V\r\n" * 9 + bytes(20))


def test_few_frames_that_repeat_have_no_end() -> None:
    """Any byte stands at the same places of frames that are always the same."""
    assert [*list_unescaped(pieces(b"\xff\xff\xff", b"\x65", 8) * 10)] == []


def test_what_stands_after_noise_is_no_part_of_an_end() -> None:
    """Transceivers of Icom (CI-V): each message begins with FE FE and ends with FD."""
    chance, data = random.Random(3), b""
    for turn in range(60):
        content = bytes(chance.randrange(0x31, 0x70) for _ in range(chance.choice([2, 3, 5, 9])))
        data += b"\xfe\xfe" + content + b"\xfd" + (b"\x17\x42" if turn % 9 == 8 else b"")
    assert [*list_unescaped(data)] == [Delimiter(b"\xfd")]
    assert [*list_unescaped(data.replace(b"\x17\x42", b""))] == [Delimiter(b"\xfd\xfe\xfe")]
