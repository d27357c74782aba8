"""Checks after the end of frames: given lines of public protocols, their ends, heads and check."""

import random

import pytest

from sniffer.core.discovery.delimiters.end_check_search import find_end_checks
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import build_sum
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter
from tests.core.discovery.line_makers import ACK, ETX, LINES, STX, LineMaker, between, binary, paired, readout, xor
from tests.core.discovery.makers import crc, make_traffic, slow


@pytest.mark.parametrize("maker", LINES.values(), ids=LINES)
def test_the_check_after_the_end_is_found(maker: LineMaker) -> None:
    best, *_ = find_framings(make_traffic(maker.build, 1, turns=60))
    assert best.check
    check, end = best.check.check, best.delimiter
    assert isinstance(end, CheckedDelimiter)
    assert (end.begin.hex(), end.end.hex(), end.covered.hex()) == (maker.begin, maker.end, maker.covered)
    assert (check.name, check.number_size, check.order, check.start) == maker.check
    assert tuple(head.hex() for head in best.heads) == maker.heads
    assert (check.digits, best.tail.hex()) == (maker.digits, maker.tail)
    assert best.is_certain == maker.is_certain


def test_requests_and_answers_with_other_ends_are_two_links() -> None:
    """Cnet of LG: requests from ENQ to EOT, answers from ACK to ETX, each with a sum in digits."""
    chance, data = random.Random(3), b""
    for _ in range(40):
        frames = b"\x0500rSB06%%MW%03d\4" % chance.randrange(300), b"\x0600rSB02%04X\3" % chance.randrange(65536)
        data += b"".join(frame + b"%02X" % build_sum("sum", 1)(frame) for frame in frames)
    found = find_framings(data)
    assert {(one.heads, one.delimiter.end, one.frames) for one in found if one.delimiter} == {
        ((b"\5",), b"\4", 40),
        ((b"\6",), b"\3", 40),
    }
    assert not any(one.is_certain for one in found)


def test_a_length_explains_frames_rather_than_an_end_before_the_check() -> None:
    chance, data = random.Random(4), b""
    for turn in range(60):
        payload = bytes(byte | 0x10 for byte in slow(chance, turn, chance.choice([13, 18, 22])))
        front = STX + bytes([len(payload) + 3]) + payload + ETX
        data += front + crc("CRC-16/MODBUS", front, "little")
    assert find_end_checks(data)
    best, *_ = find_framings(data)
    assert (best.length.at, best.length.size, best.length.adds, best.delimiter) == (1, 1, 2, None)
    assert best.is_certain


def test_a_number_that_counts_frames_of_two_sizes_is_a_length() -> None:
    chance, data = random.Random(8), b""
    for turn in range(60):
        text = b"%06d" % chance.randrange(10**6) * (1 + turn % 2)
        data += between(xor, bytes([len(text) + 2]) + text)
    (best,) = find_end_checks(data)
    assert (best.delimiter, best.length.at, best.length.adds) == (None, 1, 2)
    assert {one.delimiter.end for one in best.equals if one.delimiter} == {ETX}
    assert next(one.delimiter for one in find_framings(data)) is None


def test_frames_of_one_or_two_sizes_may_have_no_end() -> None:
    (best,) = find_end_checks(make_traffic(paired, 1))
    (sized,) = (one for one in best.equals if not one.delimiter)
    assert [shape.adds for shape in sized.shapes] == [5, 11]
    assert sized.check
    assert best.check
    assert sized.check.check == best.check.check
    assert not best.is_certain


def test_what_stands_in_all_binary_frames_may_be_of_their_head() -> None:
    (best,) = find_end_checks(make_traffic(binary, 1))
    assert [one.heads for one in best.equals] == [(b"\2\x44",)]


def test_what_stands_after_each_check_may_be_a_tail_unless_it_is_an_answer() -> None:
    chance = random.Random(5)
    frames = [between(xor, b"V%d;%d" % (chance.randrange(99), chance.randrange(9999))) for _ in range(40)]
    (answered,) = find_end_checks(b"".join(frame + ACK for frame in frames))
    assert (answered.tail, answered.equals) == (b"", ())
    (filled,) = find_end_checks(b"".join(frame + b"\xff" for frame in frames))
    assert (filled.tail, [one.tail for one in filled.equals]) == (b"", [b"\xff"])


def test_a_check_that_never_equals_the_end_of_the_line_may_stand_before_it() -> None:
    chance = random.Random(9)
    frames = [between(xor, b"%04d" % chance.randrange(9999)) + b"\r" for _ in range(200)]
    other = [frame for frame in frames if not frame.endswith(b"\r\r")]
    assert len(other) < len(frames)
    best, *_ = find_framings(b"".join(other))
    assert (best.tail, [one.delimiter for one in best.equals]) == (b"\r", [Delimiter(b"\r")])
    best, *_ = find_framings(b"".join(frames))
    assert (best.tail, best.is_certain) == (b"\r", True)


def test_frames_may_be_empty() -> None:
    chance = random.Random(9)
    frames = [between(xor, b"") + between(xor, b"V%d" % chance.randrange(9999)) for _ in range(40)]
    (best,) = find_end_checks(b"".join(frames))
    assert (best.frames, best.of, best.is_certain) == (80, 80, True)


def test_nothing_is_found_without_a_known_check() -> None:
    chance, unknown, none = random.Random(6), b"", b""
    for _ in range(60):
        body = b"W%d;%d" % (chance.randrange(9), chance.randrange(9999))
        unknown += STX + body + ETX + bytes([(sum(body) * 3 + len(body)) % 256])
        none += STX + body + ETX
    for data in (b"", unknown, none, chance.randbytes(5000), make_traffic(readout, 1).replace(ETX, b"\r")):
        assert find_end_checks(data) == []


def test_requests_may_begin_with_eot_where_answers_begin_with_soh() -> None:
    """Dispensers of Puloon: both go on with an address and STX, and end with ETX and the exclusive or; ACK follows."""
    chance, data = random.Random(9), b""
    for turn in range(40):
        for begin, text in ((b"\4", b"E%02d" % (turn % 13)), (b"\1", b"E%04d" % chance.randrange(10**4))):
            frame = begin + b"0" + STX + text + ETX
            data += frame + xor(frame) + ACK
    best, *_ = find_end_checks(data)
    assert best.check
    assert (best.heads, best.frames, best.check.check.start) == ((b"\1", b"\4"), 80, 0)
