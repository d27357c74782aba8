"""Pairs of frames that were taken for one frame: given pairs, the frames in them."""

import random

from msgspec.structs import replace

from sniffer.core.discovery.chains.pair_search import divide_pairs
from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.head_search import Extent
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import Check, build_sum

XOR = build_sum("xor", 1)


def with_check(body: bytes) -> bytes:
    return body + bytes([XOR(body)])


def pairs(requests: int) -> tuple[bytes, list[Extent]]:
    """Return pairs of a request, one of so many, and its answer, and where they are."""
    chance, data, spans = random.Random(3), b"", []
    for number in range(30):
        pair = with_check(bytes([0x51, 0x90, 1, number % requests])) + with_check(b"\x52\x90\x02" + chance.randbytes(6))
        spans.append((len(data), len(data) + len(pair)))
        data += pair
    return data, spans


def candidate(spans: list[Extent], start: int) -> FramingCandidate:
    """Return the candidate that takes the pairs for frames of one size with a check from `start` on."""
    length = LengthFit(frozenset({0x51}), 0, 0, "big", 15, tuple(spans), 30)
    fit = CheckFit(Check("xor", 1, start, "big", XOR), 30, 100)
    return FramingCandidate((b"\x51\x90\x01",), length, fit, b"", 30, 30, 1e-60)


def test_both_parts_with_a_right_check_are_frames() -> None:
    data, spans = pairs(requests=4)
    is_pair, found = divide_pairs(data, candidate(spans, 0), spans)
    assert is_pair
    assert found
    assert (found.heads, found.frames, found.covered) == ((b"\x51\x90\x01", b"\x52\x90\x02"), 60, len(data))
    assert {*found.shapes} == {FrameShape(0, 0, "big", 5, head=0), FrameShape(0, 0, "big", 10, head=1)}


def test_a_request_that_never_changes_is_a_frame_if_the_check_of_the_pair_begins_after_it() -> None:
    data, spans = pairs(requests=1)
    assert divide_pairs(data, candidate(spans, 0), spans) == (False, None)
    is_pair, found = divide_pairs(data, candidate(spans, 5), spans)
    assert is_pair
    assert found
    assert found.frames == 60


def test_a_frame_with_one_check_is_no_pair() -> None:
    chance = random.Random(4)
    data = b"".join(with_check(b"\x51\x90\x01" + chance.randbytes(11)) for _ in range(30))
    spans = [(at, at + 15) for at in range(0, len(data), 15)]
    assert divide_pairs(data, candidate(spans, 0), spans) == (False, None)


def test_the_begin_of_a_check_that_is_equal_shows_a_pair_too() -> None:
    """The check of a request that never changes is that of nothing: it is right from either begin on."""
    data, spans = pairs(requests=1)
    whole, after = candidate(spans, 0), candidate(spans, 5)
    assert divide_pairs(data, replace(whole, equals=(after,)), spans)[0]


def test_a_length_that_counts_all_bytes_is_not_that_of_a_pair() -> None:
    """The first part may be an address with its own check, as in heat pumps of Comfortzone."""
    chance, data, spans = random.Random(5), b"", []
    for number in range(30):
        size = 9 + number % 5
        first = with_check(bytes([0x65, 0x6F, 0xDE, number % 3]))
        frame = with_check(first + bytes([size + 7]) + chance.randbytes(size))
        spans.append((len(data), len(data) + len(frame)))
        data += frame
    whole = candidate(spans, 5)
    whole = replace(whole, length=replace(whole.length, at=5, size=1, adds=0))
    assert divide_pairs(data, whole, spans) == (False, None)
    assert divide_pairs(data, replace(whole, length=replace(whole.length, adds=5)), spans)[0]


def test_parts_that_differ_are_likelier_than_a_beginning_that_never_changes() -> None:
    """MoviLink of SEW: the exclusive or of `02 01 05 00` is 06, as if a request of five bytes ended there."""
    chance, data, spans = random.Random(6), b"", []
    for number in range(30):
        asked = with_check(b"\x02\x01\x05\x00\x06\x05" + bytes([0xDC + number % 3, 3, 0xE8]))
        pair = asked + with_check(b"\x1d\x01\x05\x04\x07" + chance.randbytes(4))
        spans.append((len(data), len(data) + len(pair)))
        data += pair
    is_pair, found = divide_pairs(data, candidate(spans, 5), spans)
    assert is_pair
    assert found
    assert (found.heads, found.length.adds, found.frames) == ((b"\x02", b"\x1d"), 10, 60)


def test_a_request_may_have_three_bytes() -> None:
    """Bicycles of Peloton: `F5`, a command, their sum, `F6` asks; the answer begins with `F1`."""
    chance, data, spans = random.Random(6), b"", []
    for turn in range(40):
        request = bytes([0xF5, 0x41 + 3 * (turn % 3)])
        front = b"\xf1" + request[1:] + b"\x04" + chance.randbytes(4)
        pair = b"".join(body + bytes([sum(body) & 255]) + b"\xf6" for body in (request, front))
        spans.append((len(data), len(data) + len(pair) - 1))
        data += pair
    length = LengthFit(frozenset({0xF5}), 0, 0, "big", 13, tuple(spans), 40)
    fit = CheckFit(Check("sum", 1, 4, "big"), 40, 100)
    is_pair, found = divide_pairs(data, FramingCandidate((b"\xf5",), length, fit, b"\xf6", 40, 40, 1e-60), spans)
    assert is_pair
    assert found
    assert ({head[:1] for head in found.heads}, found.tail, found.frames) == ({b"\xf1", b"\xf5"}, b"\xf6", 80)


def test_one_byte_with_a_sum_is_no_request() -> None:
    """Pumps of Pentair: `FF 00 FF A5`, of which the first three bytes look like one byte and its sum."""
    chance, data, spans = random.Random(7), b"", []
    for _ in range(40):
        body = b"\xa5\x24" + chance.randbytes(8)
        spans.append((len(data), len(data) + 15))
        data += b"\xff\x00\xff" + body + sum(body).to_bytes(2, "big")
    length = LengthFit(frozenset({0xFF}), 0, 0, "big", 15, tuple(spans), 40)
    fit = CheckFit(Check("sum", 2, 3, "big"), 40, 100)
    found = FramingCandidate((b"\xff\0\xff\xa5",), length, fit, b"", 40, 40, 1e-60)
    assert divide_pairs(data, found, spans) == (False, None)
