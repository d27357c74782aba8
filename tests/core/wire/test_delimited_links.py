"""Links whose frames end with a delimiter, with escapes (SLIP, HDLC) or without: given these bytes, these frames."""

import random
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import framing_fields
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from tests.core.wire.boards import UNCHECKED
from tests.core.wire.helpers import feed_in_pieces, feed_whole, raw_frames, to_pairs

FIRST_LINKS = """
[[link]]
name = "slip"
heads = { "a>b" = "01", "b>a" = "02" }
delimiter = { end = "C0", escape = "DB", table = { "DC" = "C0", "DD" = "DB" } }
sequence = { at = 1 }
command = { at = 2 }
payload = 3
check = { name = "CRC-16/XMODEM" }

[[link]]
name = "hdlc"
heads = { "a>b" = "" }
delimiter = { end = "7E", escape = "7D", xor = 0x20 }
payload = 0
check = { name = "CRC-16/IBM-SDLC", order = "little" }

[[link]]
name = "text"
heads = { "meter>host" = "24" }
delimiter = { end = "0D 0A" }
payload = 1
check = { name = "none" }

[[link]]
name = "dle"
heads = { "a>b" = "" }
delimiter = { begin = "10 02", end = "10 03", escape = "10" }
payload = 0
check = { name = "CRC-16/XMODEM" }
"""
LAST_LINKS = """
[[link]]
name = "cobs"
heads = { "a>b" = "01", "b>a" = "02" }
delimiter = { end = "00", coding = "cobs" }
payload = 1
check = { name = "xor" }

[[command]]
link = "slip"
direction = "a>b"
code = 0x10
name = "level"
summary = "{level}"
fields = [{ name = "level", size = 2 }]
"""
LINKS = FIRST_LINKS + UNCHECKED + LAST_LINKS

DEFINITION = load(packaged_files(), [("my.toml", LINKS)])
LEVEL = Codec(DEFINITION).encode(DEFINITION.command("level"), 0xC0, {"level": 0xDBC0})


def framer_of(*names: str) -> Framer:
    return Framer([route for route in DEFINITION.links.routes_in_bytes if route.link.name in names])


def hdlc(content: bytes) -> bytes:
    link = DEFINITION.links.links["hdlc"]
    return link.build(b"", 0, 0, content)


def test_what_equals_a_delimiter_is_escaped() -> None:
    assert LEVEL[:9].hex(" ").upper() == "C0 01 DB DC 10 DB DD DB DC"
    (frame,) = framer_of("slip").feed(LEVEL)
    assert isinstance(frame, Frame)
    assert (frame.direction, frame.sequence, frame.command, frame.payload) == ("a>b", 0xC0, 0x10, b"\xdb\xc0")
    message = Codec(DEFINITION).decode(frame)
    assert message.summary == "56256"
    ((level,), (head, sequence, command, check)) = message.fields, framing_fields(frame)
    assert LEVEL[level.start : level.end].hex(" ").upper() == "DB DD DB DC"
    assert [(part.start, part.end) for part in (head, sequence, command)] == [(1, 2), (2, 4), (4, 5)]
    assert check.end == len(LEVEL) - 1


def test_the_well_known_check_of_hdlc_is_right() -> None:
    """The CRC of `123456789` in the catalogue is 906E."""
    assert hdlc(b"123456789")[1:-1].endswith(b"9\x6e\x90")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_delimiter_may_end_a_frame_and_begin_the_next(count: int) -> None:
    first, second, third = hdlc(b"one"), hdlc(b"two"), hdlc(b"three")
    flags = b"\x7e" * (count - 1)
    found = feed_whole(framer_of("hdlc"), first + flags[1:] + second[count > 1 :] + flags[:1] + third[count > 1 :])
    assert [frame.strip(b"\x7e") for frame in raw_frames(found)] == [
        raw.strip(b"\x7e") for raw in (first, second, third)
    ]


def test_an_idle_line_of_delimiters_is_one_piece_of_noise() -> None:
    idle = b"\x7e" * 50
    found = feed_whole(framer_of("hdlc"), idle + hdlc(b"one"))
    assert raw_frames(found) == [hdlc(b"one")]
    assert [(item.reason, len(item.raw)) for item in found if isinstance(item, Noise)] == [(Reason.GARBAGE, 50)]


def test_a_wrong_check_and_a_wrong_escape_are_noise() -> None:
    damaged = bytearray(hdlc(b"one"))
    damaged[2] ^= 1
    (noise,) = feed_whole(framer_of("hdlc"), bytes(damaged))
    assert isinstance(noise, Noise)
    assert noise.reason is Reason.CRC
    assert not raw_frames(feed_whole(framer_of("slip"), LEVEL.replace(b"\xdb\xdd", b"\xdb\x01")))
    assert not raw_frames(feed_whole(framer_of("slip"), b"\xc0\x01\xdb\xc0"))


def test_a_frame_without_escapes_ends_with_its_delimiter() -> None:
    found = feed_whole(framer_of("text"), b"garb$12.5\r\n$13\r\n\r\n$1")
    assert raw_frames(found) == [b"$12.5\r\n", b"$13\r\n"]
    (frame, *_) = (item for item in found if isinstance(item, Frame))
    assert (frame.payload, frame.link.is_checked) == (b"12.5", False)


DLE = DEFINITION.links.links["dle"].build(b"", 0, 0, b"\x01\x10")
COBS = DEFINITION.links.links["cobs"].build(b"\x02", 0, 0, b"\x05\0")
PIECES = st.lists(
    st.sampled_from([LEVEL, LEVEL[1:], hdlc(b"one"), hdlc(b"\x7e\x7d"), hdlc(b"x")[1:]])
    | st.sampled_from([b"$1\r\n", b"\x7e", b"\xc0", b"\r\n", b"\x10\x02", b"\x10\x03", b"\x10", b"\0", b"\xff\xff\xff"])
    | st.sampled_from([DLE, COBS, COBS[1:]])
    | st.binary(max_size=8),
    min_size=1,
    max_size=8,
)  # fmt: skip


@pytest.mark.parametrize(
    "names", [("slip",), ("hdlc",), ("slip", "hdlc", "text"), ("dle", "cobs"), ("gps", "display")], ids=str
)
@given(pieces=PIECES, chance=st.randoms(use_true_random=False))
def test_every_byte_is_returned_once_however_the_input_is_cut(
    names: tuple[str, ...], pieces: list[bytes], chance: random.Random
) -> None:
    data = b"".join(pieces)
    expected = feed_whole(framer_of(*names), data)
    assert b"".join(item.raw for item in expected) == data
    assert to_pairs(feed_in_pieces(framer_of(*names), data, chance)) == to_pairs(expected)


def test_an_escape_alone_may_begin_frames_that_have_neither_head_nor_check() -> None:
    """Garmin and Trimble send `10`, content in which `10` is sent twice, and `10 03`."""
    raw = DEFINITION.links.links["gps"].build(b"", 0, 0, b"\x33\x10\x03")
    assert raw == b"\x10\x33\x10\x10\x03\x10\x03"
    assert raw_frames(feed_whole(framer_of("gps"), b"\x03" + raw + raw + b"\x10\x03" + raw)) == [raw, raw, raw]
    assert raw_frames(feed_whole(framer_of("display"), b"page 1\xff\xff\xff\x1a\xff\xff\xff")) == [
        b"page 1\xff\xff\xff",
        b"\x1a\xff\xff\xff",
    ]


@given(st.lists(st.sampled_from([0x10, 0x02, 0x03, 0x55]), max_size=12).map(bytes))
def test_an_escape_that_begins_and_ends_frames_is_sent_twice(content: bytes) -> None:
    link = DEFINITION.links.links["dle"]
    assert link.delimiter
    raw = link.build(b"", 0, 0, content)
    assert link.delimiter.unwrap(raw) == content + link.check.build(content)
    assert link.delimiter.find_end(raw + b"\x10\x03", 0, len(raw) + 2) == len(raw)
    assert len(link.delimiter.locate(raw)) == len(content) + 3
    assert raw_frames(feed_whole(framer_of("dle"), b"\x10\x03" + raw + b"\x10\x10\x02" + raw)) == [raw, raw]


def test_stuffed_frames_are_found_and_wrong_distances_are_noise() -> None:
    link = DEFINITION.links.links["cobs"]
    sent = [link.build(head, 0, 0, payload)[1:] for head in (b"\x01", b"\x02") for payload in (b"", b"\0\x07\0")]
    found = feed_whole(framer_of("cobs"), b"".join([*sent, b"\x09\x01\x01\0", sent[0], b"\x01\0"]))
    assert raw_frames(found) == [*sent, b"\0" + sent[0]]
    assert [one.direction for one in found if isinstance(one, Frame)] == ["a>b", "a>b", "b>a", "b>a", "a>b"]


def test_the_bytes_of_escapes_may_have_small_letters() -> None:
    text = format_definition(DEFINITION).replace("DC = ", "dc = ").replace('DD = "DB"', 'dd = "db"')
    again = load(packaged_files(), [("again.toml", text)])
    assert [one.link for one in again.links.entries] == [one.link for one in DEFINITION.links.entries]
    with pytest.raises(DefinitionError, match="a byte for a byte"):
        load(packaged_files(), [("twice.toml", text.replace('dc = "C0"', 'dc = "C0", DC = "C0"'))])


def test_what_is_printed_is_read_as_an_equal_link() -> None:
    again = load(packaged_files(), [("again.toml", format_definition(DEFINITION))])
    assert [one.link for one in again.links.entries] == [one.link for one in DEFINITION.links.entries]
    assert "xor = 0x20" in format_definition(DEFINITION)
    assert 'delimiter = {begin = "10 02", end = "10 03", escape = "10"}' in format_definition(DEFINITION)
    assert 'delimiter = {end = "00", coding = "cobs"}' in format_definition(DEFINITION)
    assert tomllib.loads(format_definition(DEFINITION))["link"][0]["delimiter"]["table"] == {"DC": "C0", "DD": "DB"}
