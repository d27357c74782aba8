"""Bytes that may end frames: given bytes, the delimiters that they speak for."""

import random

from sniffer.core.discovery.delimiters.delimiter_search import (
    DLE,
    DLE_ONLY,
    HDLC,
    SLIP,
    has_escapes,
    is_line,
    is_text,
    list_delimiters,
)
from sniffer.core.wire.coding.delimiter import Delimiter


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


def ventilation(count: int) -> bytes:
    """Return what ComfoAir by Zehnder sends: frames from 07 F0 to 07 0F, in which 07 is sent twice, and 07 F3 after."""
    chance, out = random.Random(5), b""
    for _ in range(count):
        values = bytes(chance.choice([7, 0, 0x0F, chance.randrange(256)]) for _ in range(chance.choice([3, 9, 14])))
        body = bytes([0, chance.choice([0xCE, 0xD2, 0xDA]), len(values)]) + values
        body += bytes([sum(body) + 0xAD & 255])
        out += b"\x07\xf0" + body.replace(b"\x07", b"\x07\x07") + b"\x07\x0f\x07\xf3"
    return out


def test_any_escape_may_begin_and_end_frames() -> None:
    kind = Delimiter(b"\x07\x0f", 7, {7: 7}, b"\x07\xf0")
    data = ventilation(40)
    assert kind in list_delimiters(data)
    # It is not shown before it is sent twice, nor where most begins have no end.
    assert kind not in list_delimiters(data.replace(b"\x07\x07", b"\x08"))
    assert kind not in list_delimiters(data.replace(b"\x07\x0f", b"\x08\x0f", 20))
