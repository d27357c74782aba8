"""Frames are found by a number that is their length."""

import random

import pytest

from sniffer.core.discovery.lengths.length_search import find_fixed_sizes, find_lengths, find_word_lengths
from sniffer.core.wire.checks import ByteOrder
from tests.core.discovery.protocols import make_session


def frames_of(sizes: list[int]) -> bytes:
    """Return frames of a head, a length that counts all bytes, and a payload that holds no head."""
    return b"".join(b"\xa5" + bytes([size + 2]) + bytes([1 + size % 7]) * size for size in sizes)


def test_a_length_explains_where_frames_end() -> None:
    fit = find_lengths(frames_of([3, 8, 1, 5, 9, 2, 4]))[0]
    assert fit.starts == {0xA5}
    assert (fit.at, fit.size, fit.adds) == (1, 1, 0)
    assert fit.frames == ((0, 5), (5, 15), (15, 18), (18, 25), (25, 36), (36, 40), (40, 46))


def test_frames_of_one_length_prove_nothing() -> None:
    assert find_lengths(frames_of([5] * 20)) == []


def test_few_frames_prove_nothing() -> None:
    assert find_lengths(frames_of([3, 8, 1])) == []


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_length_of_two_bytes_is_found_in_its_order(order: ByteOrder) -> None:
    sizes = [300, 8, 520, 5, 9, 260, 4]
    data = b"".join(b"\xa5\x01" + size.to_bytes(2, order) + b"\x07" * size for size in sizes)
    fit = next(fit for fit in find_lengths(data) if fit.size == 2)
    assert (fit.starts, fit.at, fit.order, fit.adds, len(fit.frames)) == (frozenset({0xA5}), 2, order, 4, 7)


@pytest.mark.parametrize(("sizes", "is_found"), [([3, 8, 1, 5, 9], True), ([3, 8, 1, 5], False)])
def test_five_heads_are_the_least(sizes: list[int], is_found: bool) -> None:
    # The last frame ends where the next begins as well: nothing follows it, so the end of the bytes counts.
    fits = [fit for fit in find_lengths(frames_of(sizes) + b"\xa5") if fit.starts == {0xA5}]
    assert bool(fits) is is_found


@pytest.mark.parametrize(("sizes", "is_found"), [([3, 8, 1] * 3, True), ([3, 8] * 5, False)])
def test_three_different_lengths_are_the_least(sizes: list[int], is_found: bool) -> None:
    fits = [fit for fit in find_lengths(frames_of(sizes)) if fit.starts == {0xA5}]
    assert bool(fits) is is_found


def test_two_lengths_are_enough_for_a_number_that_counts_what_is_after_it_in_many_frames() -> None:
    found = [fit for fit in find_lengths(frames_of([3, 8] * 30)) if fit.starts == {0xA5}]
    assert [(fit.at, fit.size, len(fit.frames)) for fit in found] == [(1, 1, 60)]


def test_frames_end_where_a_head_begins_and_never_overlap() -> None:
    # The payload of the first frame holds a whole frame, which is no other one.
    inner = b"\xa5\x04\x01\x01"
    data = b"\xa5" + bytes([2 + len(inner)]) + inner + frames_of([3, 8, 1, 5, 9])
    fit = find_lengths(data)[0]
    assert (fit.places, fit.frames[:3]) == (7, ((0, 6), (6, 11), (11, 21)))


def test_two_heads_explain_more_than_each_alone() -> None:
    data, truth = next(
        (data, truth)
        for data, truth in map(make_session, range(50))
        if len(truth.heads) == 2 and len(truth.heads[0]) == 1
    )
    assert find_lengths(data)[0].starts == {head[0] for head in truth.heads}


def test_frames_of_one_size_have_it_in_place_of_a_length() -> None:
    data = b"".join(b"\xaa\xc0" + bytes([number, 7 * number & 0x7F, 1, 2]) for number in range(20))
    fit = next(fit for fit in find_fixed_sizes(data) if fit.starts == {0xAA})
    assert (fit.size, fit.adds, len(fit.frames)) == (0, 6, 20)


def test_bytes_at_random_distances_have_no_size() -> None:
    assert find_fixed_sizes(random.Random(3).randbytes(3000)) == []


def test_of_lengths_that_explain_as_much_a_usual_one_is_first() -> None:
    """Each request has its answer after it; both lengths of a pair explain where the next one begins."""
    chance, data = random.Random(2), b""
    for number in range(40):
        size = 3 + number % 9
        data += b"\xa5" + bytes([size, size + 9]) + bytes(chance.randrange(1, 0x60) for _ in range(size + 6))
    first, second = find_lengths(data)[:2]
    assert (first.at, first.adds) == (2, 0)
    assert (second.at, second.adds, len(second.frames)) == (1, 9, len(first.frames))


@pytest.mark.parametrize(("unit", "head"), [(2, b"\xff\x81"), (4, b"PSGG")])
def test_a_length_may_count_words(unit: int, head: bytes) -> None:
    """Receivers of Rockwell (Zodiac) and GeoStar: a number, the words of the payload, the payload and a check."""
    chance, data = random.Random(5), b""
    for number in range(40):
        words = 4 + number % 5
        payload = bytes(chance.randrange(1, 0x60) for _ in range(words * unit + unit))
        data += head + (300 + number % 3).to_bytes(2, "little") + words.to_bytes(2, "little") + payload
    found = [fit for fit in find_word_lengths(data) if fit.starts == {head[0]} and fit.size == 2]
    assert [(fit.at, fit.order, fit.adds, fit.unit) for fit in found] == [
        (len(head) + 2, "little", len(head) + 4 + unit, unit)
    ]
    assert (len(found[0].frames), found[0].covered) == (40, len(data))
    assert found[0].count(data) == 4 * unit


def test_a_frame_may_end_after_its_length() -> None:
    """Requests without a payload, and without a check, have nothing after the length that counts it."""
    chance, data = random.Random(4), b""
    for number in range(40):
        size = 4 + number % 5
        data += b"\xaa\x2f\x00\xaa\x6f" + bytes([size]) + bytes(chance.randrange(1, 0x60) for _ in range(size))
    (first, *_) = find_lengths(data)
    assert (first.at, first.size, first.adds, len(first.frames)) == (2, 1, 3, 80)


def test_two_heads_are_found_whose_bytes_are_seldom() -> None:
    """Two devices that send their addresses first: many bytes of the payloads are more frequent than the first ones."""
    chance, data = random.Random(4), b""
    heads = b"\x65\x6f\xde\x32", b"\x41\x44\x52\x37"
    for number in range(80):
        payload = bytes(chance.choices(range(1, 14), k=30 + number % 7))
        data += heads[number % 2] + bytes([len(payload) + 5]) + payload
    fit = find_lengths(data)[0]
    assert (fit.starts, fit.at, fit.adds, len(fit.frames)) == (frozenset({0x65, 0x41}), 4, 0, 80)


def test_lengths_are_kept_whose_frames_have_most_bytes() -> None:
    """Payloads are full of small messages with a length, of which there are many more than of frames."""
    chance, data = random.Random(8), b""
    for number in range(30):
        payload = b""
        for _ in range(12 + number % 5):
            size = chance.randrange(1, 5)
            payload += bytes([chance.randrange(8), size]) + bytes(chance.choices(range(8), k=size))
        data += b"\x7e\xa1\x12\x6c" + bytes([len(payload)]) + payload
    found = [fit for fit in find_lengths(data) if (fit.starts, fit.at, fit.adds) == (frozenset({0x7E}), 4, 5)]
    assert [(len(fit.frames), fit.covered) for fit in found] == [(30, len(data))]


def test_what_stands_where_frames_end_may_begin_others() -> None:
    """Packets of the radar K-LD7 by RFbeam: four letters, the size of the data in four bytes, data."""
    packets = ((b"GNFD", 4), (b"RESP", 1), (b"PDAT", 8), (b"TDAT", 8), (b"DDAT", 6), (b"DONE", 4))
    chance, data = random.Random(6), b""
    for _ in range(40):
        for name, size in packets:
            data += name + size.to_bytes(4, "little") + bytes(chance.randrange(0x80, 0xA0) for _ in range(size))
    best = find_lengths(data)[0]
    assert best.adds == 8
    assert best.covered >= 0.99 * len(data)
    assert len(best.starts) > 2


def test_in_text_a_byte_that_cannot_be_printed_is_tried_as_a_head() -> None:
    """Filament units of Anycubic: `FF AA`, the size of an object of JSON, the object, a CRC, `FE`."""
    chance, data = random.Random(7), b""
    for number in range(20):
        text = b'{"id": %d, "method": "get_status", "temp": %d}' % (number, chance.randrange(20, 300))
        text += b" " * chance.randrange(40)
        data += b"\xff\xaa" + len(text).to_bytes(2, "little") + text + b"\x07\x42\xfe"
    assert any(fit.starts == {0xFF} and (fit.at, fit.adds) == (2, 7) for fit in find_lengths(data))
