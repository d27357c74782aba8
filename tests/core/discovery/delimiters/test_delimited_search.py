"""Frames between delimiters: given bytes with ends and escapes, their kind, heads and check."""

import random

import pytest

from sniffer.core.discovery.delimiters.delimited_search import find_delimited, find_signed, is_sure
from sniffer.core.discovery.delimiters.delimiter_search import COBS, DLE, HDLC, LINES, SLIP
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import build_sum, list_crcs
from sniffer.core.wire.coding.delimiter import Delimiter
from tests.core.discovery.makers import MAKERS, UNKNOWABLE, Build, hdlc, make_traffic, nmea, slip, unchecked_slip
from tests.core.discovery.protocols import make_session


@pytest.mark.parametrize(
    ("build", "kind", "heads"), [(slip, SLIP, ()), (hdlc, HDLC, (b"\xff\x03",))], ids=["slip", "hdlc"]
)
def test_the_check_is_found_in_the_content(build: Build, kind: Delimiter, heads: tuple[bytes, ...]) -> None:
    best, *_ = find_delimited(make_traffic(build, 1))
    assert (best.delimiter, best.heads) == (kind, heads)
    assert best.check
    assert (best.check.check.name, best.check.check.order, best.check.check.start) == ("CRC-16/IBM-SDLC", "little", 0)
    assert best.frames >= 90
    # What never changes after the first byte of a head may be no part of it.
    assert best.is_certain or {one.heads for one in best.equals} == {(b"\xff",)}


def test_escapes_that_no_standard_has_are_found() -> None:
    chance, out = random.Random(2), b""
    for _ in range(60):
        content = b"\x01" + chance.randbytes(29)
        content += bytes([build_sum("xor", 1)(content)])
        out += b"\x55" + content.replace(b"\x1b", b"\x1b\x9b").replace(b"\x55", b"\x1b\xd5")
    best, *_ = find_delimited(out + b"\x55")
    assert best.delimiter
    assert (best.delimiter.end, best.delimiter.escape, best.delimiter.table[0xD5]) == (b"\x55", 0x1B, 0x55)
    assert (best.frames, best.of) == (60, 60)


def test_an_escape_that_was_not_seen_is_not_certain() -> None:
    best, *_ = find_delimited(make_traffic(slip, 1, turns=15))
    assert best.delimiter == Delimiter(b"\xc0")
    assert [one.delimiter for one in best.equals] == [SLIP]
    assert not best.is_certain


def test_without_a_check_a_head_and_escapes_speak_for_frames() -> None:
    best, *_ = find_delimited(make_traffic(unchecked_slip, 1))
    assert (best.delimiter, best.heads, best.check) == (SLIP, (b"\x42",), None)


def test_lines_with_a_head_are_frames() -> None:
    best, *_ = find_delimited(make_traffic(nmea, 1))
    assert (best.delimiter, best.heads) == (LINES[0], (b"$",))
    assert best.check
    assert (best.check.check.name, best.check.check.start, best.check.check.mark) == ("xor", 1, b"*")
    assert best.is_certain
    unchecked = make_traffic(nmea, 1).replace(b"*", b"*0")
    assert [one.check for one in find_delimited(unchecked)][:1] == [None]
    assert find_delimited(make_traffic(UNKNOWABLE["lines"], 1)) == []


def test_other_bytes_are_not_suspected() -> None:
    """Frames that begin or end with `7E` seem to stand between two of these bytes, until their length is known."""
    others = [maker for name, maker in MAKERS.items() if name not in {"gree", "r200"}]
    traffic = [make_traffic(maker.build, 1, turns=40) for maker in others]
    sessions = [make_session(seed, frames=40)[0] for seed in range(10)]
    assert not any(map(find_delimited, [b"", b"\xdb", random.Random(2).randbytes(5000), *traffic, *sessions]))


def test_a_line_of_digits_has_the_check_of_the_bytes_that_it_stands_for() -> None:
    """Modbus over serial line, section 2.5: `:`, digits, the longitudinal redundancy check, the end of the line."""
    chance, out = random.Random(2), b""
    for _ in range(30):
        body = b"\x11\x03" + chance.randbytes(chance.choice([3, 4, 7]))
        out += b":" + (body + bytes([-sum(body) & 255])).hex().upper().encode() + b"\r\n"
    best, *_ = find_delimited(out)
    assert best.check
    check = best.check.check
    assert (best.delimiter, best.heads) == (LINES[0], (b":",))
    assert (check.name, check.start, check.digits, check.covers_digits) == ("sum negated", 1, "upper", True)


def test_lines_of_text_with_a_check_have_no_head_that_only_some_have() -> None:
    """Inverters of Voltronic: requests are words, answers begin with `(`; a CRC of two bytes stands before CR."""
    chance, crc, data = random.Random(3), list_crcs()["CRC-16/XMODEM"], b""
    for _ in range(40):
        values = b" ".join(b"%05.1f" % chance.uniform(0, 240) for _ in range(16))
        for line in (b"QPIGS", b"(" + values):
            data += line + crc.compute(line).to_bytes(2, "big") + b"\r"
    best, *_ = find_framings(data)
    assert (best.delimiter, best.heads) == (Delimiter(b"\r"), ())


def test_lines_with_columns_are_frames_that_may_begin_with_a_letter() -> None:
    """Balances by Mettler-Toledo: all lines have one size, and the same unit at one place."""
    chance = random.Random(4)
    lines = [b"S %c%11.2f g\r\n" % (chance.choice(b"SD"), chance.uniform(1, 300)) for _ in range(40)]
    best, *_ = find_delimited(b"".join(lines))
    assert (best.delimiter, best.heads, best.check, best.frames) == (LINES[0], (b"S",), None, 40)
    assert not best.is_certain
    assert find_delimited(b"".join(line.replace(b" ", b"") for line in lines)) == []


def test_the_first_byte_of_the_next_frame_is_no_sure_delimiter() -> None:
    assert is_sure(b"", LINES[1])
    assert not is_sure(b"\x7e\x01\x02" * 9, Delimiter(b"\x7e"))
    assert not is_sure(b"\x7e\x01\x02\x7e" * 9, Delimiter(b"\x7e"))
    assert is_sure(b"\x7e\x01\x7d\x5e\x7e" * 9, Delimiter(b"\x7e"))
    assert is_sure(b"\x01\xdb\xdc\xc0" * 9, SLIP)
    assert not is_sure(b"\x55\x01\x55" * 9, Delimiter(b"\x55"))
    assert not is_sure(b"", None)


def delimited(kind: Delimiter, check: str = "CRC-16/IBM-3740", size: int = 2) -> bytes:
    """Return 30 frames with many zeros and escapes, a check, and damage."""
    chance, out = random.Random(2), b""
    compute = list_crcs()[check].compute
    for number in range(30):
        content = bytes([0x10, 0, number]) + chance.randbytes(chance.choice([2, 6, 9])) + b"\x10"
        out += kind.wrap(content + compute(content).to_bytes(size, "little")) + b"\x07" * (number % 10 == 9)
    return out


@pytest.mark.parametrize("kind", [DLE, COBS], ids=["DLE", "COBS"])
def test_frames_with_two_ends_and_stuffed_ones_are_found_by_their_check(kind: Delimiter) -> None:
    best, *_ = find_delimited(delimited(kind))
    assert best.check
    assert (best.delimiter, best.frames) == (kind, 30)
    assert (best.check.check.name, best.check.check.order, best.check.check.start) == ("CRC-16/IBM-3740", "little", 0)


def test_frames_with_two_ends_need_no_check() -> None:
    chance = random.Random(2)
    (best,) = find_delimited(b"".join(DLE.wrap(chance.randbytes(chance.choice([4, 6, 9]))) for _ in range(30)))
    assert (best.delimiter, best.check, best.frames) == (DLE, None, 30)
    # What stands after each end may be a check: such frames are no proposal.
    after = (DLE.wrap(chance.randbytes(5)) + chance.randbytes(1) for _ in range(30))
    assert find_delimited(b"".join(after)) == []
    assert find_delimited(b"".join(COBS.wrap(chance.randbytes(chance.choice([4, 6, 9]))) for _ in range(30))) == []


def test_control_characters_that_lines_begin_with_are_their_head() -> None:
    """The sticks of Plugwise send `05 05 03 03` before the text, which its CRC does not cover."""
    chance, crc = random.Random(4), list_crcs()["CRC-16/XMODEM"]
    texts = [b"0013%04X%010d" % (number, chance.randrange(10**9)) for number in range(30)]
    data = b"".join(b"\x05\x05\x03\x03%s%04X\r\n" % (text, crc.compute(text)) for text in texts)
    best, *_ = find_delimited(data)
    assert best.check
    assert (best.heads, best.check.check.name, best.check.check.start) == ((b"\x05\x05\x03\x03",), "CRC-16/XMODEM", 4)


def test_an_escape_before_the_end_itself_is_none() -> None:
    """Pumps of Kamoer have the address `C0` in Modbus, and a check that often ends with `DB`."""
    request = bytes.fromhex("C0 03 30 05 00 02 CB DB")
    data = (request + bytes.fromhex("C0 03 04 41 E4 00 00 7E F4")) * 20
    assert not is_sure(data, SLIP)
    assert not is_sure(data, Delimiter(SLIP.end))


def test_an_end_of_text_after_a_line_is_of_its_end() -> None:
    """Card readers ID-12: `02`, ten digits and those of their exclusive or, a line end and `03`."""
    chance, data = random.Random(5), b""
    for _ in range(40):
        card = chance.randbytes(5)
        data += b"\x02" + (card + bytes([build_sum("xor", 1)(card)])).hex().upper().encode() + b"\r\n\x03"
    best, *_ = find_framings(data)
    assert best.check
    assert best.delimiter
    assert (best.heads, best.delimiter.end, best.check.check.start) == ((b"\x02",), b"\r\n\x03", 1)


def test_text_without_lines_may_end_with_a_sign_after_its_check() -> None:
    """Desks of Winner, swoga/standingdesk: `:`, text, the low byte of the sum in two digits, `;`."""
    chance, data = random.Random(5), b""
    for turn in range(60):
        for text in (b"D%d.%d" % (71 + turn % 50, chance.randrange(10)), b"A"):
            data += b":" + text + b"%02X;" % build_sum("sum", 1)(text)
    (best,) = find_signed(data)
    assert best.check
    assert (best.delimiter, best.heads, best.check.check.start) == (Delimiter(b";"), (b":",), 1)
    assert find_framings(data)[0].delimiter == Delimiter(b";")
    assert find_signed(data.replace(b";", b"0;")) == []
