"""Links whose check stands after the end of the frame: given these bytes, these frames.

The telegram has the form of those of Dutch smart meters (DSMR).
"""

import random
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.commands.explain.frame_text import describe_damaged_line, describe_noise
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import framing_fields
from sniffer.core.wire.checks import list_crcs
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from tests.core.wire.boards import ENDED
from tests.core.wire.helpers import feed_in_pieces, feed_whole, raw_frames, to_pairs

DEFINITION = load(packaged_files(), [("my.toml", ENDED)])
LINKS_BY_NAME = DEFINITION.links.links
WEIGHT = Codec(DEFINITION).encode(DEFINITION.command("weight"), 0, {"weight": "12.5"})
ESCAPED = LINKS_BY_NAME["escaped"].build(b"\xa5", 0, 0, b"\xc0\xdb\x01")
PLC = LINKS_BY_NAME["plc"].build(b"", 0, 0, b"\x10\x01")
TERMINAL = LINKS_BY_NAME["terminal"].build(b"", 0, 0, b"\x10\x01")
OPEN = LINKS_BY_NAME["open"].build(b"\1", 0, 0, b"0A0B")
TELEGRAM = LINKS_BY_NAME["telegram"].build(b"/", 0, 0, b"ISk5\\2MT382-1000\r\n\r\n1-3:0.2.8(40)\r\n")


def framer_of(*names: str) -> Framer:
    return Framer([route for route in DEFINITION.links.routes_in_bytes if route.link.name in names])


def scale(payload: bytes) -> bytes:
    covered = b"W" + payload + b"\3"
    return b"\2" + covered + bytes([reduce(xor, covered)])


def test_the_check_covers_all_from_after_the_head_to_the_end() -> None:
    assert scale(b"12.5") == WEIGHT
    (frame,) = framer_of("scale").feed(WEIGHT)
    assert isinstance(frame, Frame)
    message = Codec(DEFINITION).decode(frame)
    assert (message.summary, frame.payload) == ("12.5", b"12.5")
    places = {part.name: (part.start, part.end) for part in (*framing_fields(frame), *message.fields)}
    assert places == {"head": (0, 1), "command": (1, 2), "crc": (7, 8), "weight": (2, 6)}


@pytest.mark.parametrize("check", range(4))
def test_a_check_may_equal_the_first_or_the_last_byte(check: int) -> None:
    raw = scale(bytes([ord("W") ^ 3 ^ 0x44 ^ check, 0x44]))
    assert raw[-1] == check
    assert raw_frames(feed_whole(framer_of("scale"), raw + WEIGHT + raw + raw)) == [raw, WEIGHT, raw, raw]


def test_escapes_are_before_the_end_only() -> None:
    assert ESCAPED[:-2] == bytes.fromhex("A5 DB DC DB DD 01 C0")
    assert raw_frames(feed_whole(framer_of("escaped"), b"\xc0" + ESCAPED + ESCAPED)) == [ESCAPED, ESCAPED]
    assert PLC.hex(" ").upper() == "10 02 10 10 01 10 03 DC"
    empty = LINKS_BY_NAME["plc"].build(b"", 0, 0, b"")
    assert raw_frames(feed_whole(framer_of("plc"), PLC + b"\x10\x03" + empty)) == [PLC, empty]


def test_a_head_may_have_bytes_of_the_end_but_not_all_of_them() -> None:
    """As blocks of text in VE.Direct: they begin with a label and a tab, and end with `Checksum`, a tab and a byte.

    All bytes of a block and its check have the sum 0.
    """
    block = LINKS_BY_NAME["solar"].build(b"\r\nPID\t", 0, 0, b"0xA043\r\nV\t13790\r\n")
    assert block[:-1] == b"\r\nPID\t0xA043\r\nV\t13790\r\nChecksum\t"
    assert sum(block) % 256 == 0
    assert raw_frames(feed_whole(framer_of("solar"), b"9\r\n" + block + block)) == [block, block]


def test_a_check_may_cover_the_last_bytes_of_the_end_or_none() -> None:
    """The CRC of payment terminals (ZVT) covers the data without escapes, and the ETX of DLE ETX."""
    check = list_crcs()["CRC-16/KERMIT"].compute(b"\x10\1\3").to_bytes(2, "little")
    assert b"\x10\2\x10\x10\1\x10\3" + check == TERMINAL
    assert raw_frames(feed_whole(framer_of("terminal"), TERMINAL + b"\6" + TERMINAL)) == [TERMINAL, TERMINAL]
    assert OPEN == b"\x010A0B\x0415"
    (frame,) = framer_of("open").feed(OPEN)
    assert isinstance(frame, Frame)
    assert (frame.payload, frame.content) == (b"0A0B", b"\x010A0B15")


def test_a_check_in_digits_may_have_a_tail() -> None:
    assert TELEGRAM.endswith(b"(40)\r\n!8007\r\n")
    assert raw_frames(feed_whole(framer_of("telegram"), b"2.8(40)\r\n!" + TELEGRAM + TELEGRAM)) == [TELEGRAM, TELEGRAM]
    assert not raw_frames(feed_whole(framer_of("telegram"), TELEGRAM.replace(b"\r\n!", b"\r\n\r\n!")))


def test_a_wrong_check_is_noise_that_says_the_right_one() -> None:
    damaged = WEIGHT[:-1] + b"\0"
    (noise,) = feed_whole(framer_of("scale"), damaged)
    assert isinstance(noise, Noise)
    assert noise.reason is Reason.CRC
    (text,) = describe_noise(noise, DEFINITION.links.routes_in_bytes)
    assert f"it holds 00, its bytes give {WEIGHT[-1]:02X}" in text
    assert describe_damaged_line(damaged, DEFINITION.links.routes_in_bytes) == text
    (cut,) = feed_whole(framer_of("scale"), WEIGHT[:-1])
    assert isinstance(cut, Noise)
    assert cut.reason is Reason.TRUNCATED


PIECES = st.lists(
    st.sampled_from([WEIGHT, WEIGHT[1:], WEIGHT[:-1], scale(b""), scale(b"\x57"), ESCAPED, ESCAPED[:-1], PLC, PLC[:-1]])
    | st.sampled_from([TERMINAL, TERMINAL[:-1], OPEN, OPEN[:-1]])
    | st.sampled_from([b"\x02", b"\x03", b"\xc0", b"\xa5", b"\x10\x02", b"\x10\x03", b"/", b"!"])
    | st.sampled_from([TELEGRAM, TELEGRAM[:-3]])
    | st.binary(max_size=8),
    min_size=1,
    max_size=8,
)  # fmt: skip


@pytest.mark.parametrize(
    "names", [("scale",), ("escaped",), ("plc",), ("telegram",), ("terminal",), ("open",), (*LINKS_BY_NAME,)], ids=str
)
@given(pieces=PIECES, chance=st.randoms(use_true_random=False))
def test_every_byte_is_returned_once_however_the_input_is_cut(
    names: tuple[str, ...], pieces: list[bytes], chance: random.Random
) -> None:
    data = b"".join(pieces)
    expected = feed_whole(framer_of(*names), data)
    assert b"".join(item.raw for item in expected) == data
    assert to_pairs(feed_in_pieces(framer_of(*names), data, chance)) == to_pairs(expected)
    for item in expected:
        if isinstance(item, Frame):
            link = item.link
            assert link.delimiter
            assert link.assemble(item.content[: link.payload_at], item.payload) == item.raw
            assert len(link.delimiter.locate(item.raw)) == len(item.content) + 1


def test_what_is_printed_is_read_as_an_equal_link() -> None:
    text = format_definition(DEFINITION)
    again = load(packaged_files(), [("again.toml", text)])
    assert [one.link for one in again.links.entries] == [one.link for one in DEFINITION.links.entries]
    assert 'check = {name = "xor", size = 1, from = 1, behind = "end"}' in text
    assert "tail" in text
