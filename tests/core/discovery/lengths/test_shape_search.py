"""The shapes of known frames: given frames, a length, one size, or sizes by command."""

import random

import pytest

from sniffer.core.discovery.lengths.shape_search import FrameShape, ShapesFit, find_shapes, find_shapes_by_first

CHANCE = random.Random(4)


def modbus(code: int, size: int) -> bytes:
    """Return an answer with so many bytes of data, with any check."""
    return bytes([7, code, size]) + CHANCE.randbytes(size + 2)


def test_a_length_is_found() -> None:
    frames = [modbus(3, size) for size in (2, 4, 6, 8, 2, 4)]
    assert find_shapes(frames, 1, 2) == ShapesFit((FrameShape(2, 1, "big", 5),))


def test_requests_of_one_size_stand_beside_answers_with_a_length() -> None:
    frames = [
        frame for size in (2, 4, 6, 20) for frame in (bytes([7, 3, 0, size, 0, 1]) + b"\x12\x34", modbus(3, size))
    ]
    found = find_shapes(frames, 1, 2)
    assert found
    assert {*found.shapes} == {FrameShape(0, 0, "big", 8), FrameShape(2, 1, "big", 5)}


def test_a_length_may_be_the_low_bits_of_a_byte() -> None:
    sizes = (1, 2, 5, 9) * 4
    frames = [bytes([(0x80, 0xC0)[size > 4] | size, 7]) + CHANCE.randbytes(size + 2) for size in sizes]
    assert find_shapes(frames, 0, 1) == ShapesFit((FrameShape(0, 1, "big", 4, mask=0x3F),))
    # Without other bits, it is a length of the whole byte; of a few frames, it is none.
    plain = [bytes([size, 7]) + CHANCE.randbytes(size + 2) for size in sizes]
    assert find_shapes(plain, 0, 1) == ShapesFit((FrameShape(0, 1, "big", 4),))
    few = find_shapes(frames[:8], 0, 1)
    assert few is None or not any(shape.mask for shape in few.shapes)


def test_low_bits_after_two_addresses_may_be_a_length() -> None:
    """Telegrams of KNX: control, source and destination of two bytes, then hops and the size of what follows."""
    frames = [
        b"\xbc\x11"
        + CHANCE.randbytes(1)
        + b"\x08"
        + CHANCE.randbytes(1)
        + bytes([0xE0 | size])
        + CHANCE.randbytes(size + 2)
        for size in (1, 1, 2, 3, 5) * 4
    ]
    assert find_shapes(frames, 0, 1) == ShapesFit((FrameShape(5, 1, "big", 8, mask=0x1F),))


@pytest.mark.parametrize("unit", [2, 4])
def test_a_length_may_count_words(unit: int) -> None:
    counts = (1, 2, 5, 9, 2, 5)
    answers = [bytes([7, 3, count]) + CHANCE.randbytes(unit * count + 2) for count in counts]
    assert find_shapes(answers, 1, 2) == ShapesFit((FrameShape(2, 1, "big", 5, unit=unit),))
    beside = [bytes([7, 3, 0, count, 0, count]) + CHANCE.randbytes(2) for count in counts]
    found = find_shapes([*answers, *beside], 1, 2)
    assert found
    assert {*found.shapes} == {FrameShape(0, 0, "big", 8), FrameShape(2, 1, "big", 5, unit=unit)}


def test_words_need_three_sizes() -> None:
    found = find_shapes([bytes([7, 3, count]) + CHANCE.randbytes(2 * count + 2) for count in (1, 4) * 6], 1, 2)
    assert found
    assert {shape.unit for shape in found.shapes} == {1}


def test_the_command_says_which_size() -> None:
    sizes = {0x10: 9, 0x20: 14, 0x31: 9}
    frames = [bytes([0xA5, code]) + CHANCE.randbytes(size - 2) for code, size in sizes.items() for _ in range(6)]
    found = find_shapes(frames, 1, 1)
    assert found
    assert {shape.adds for shape in found.shapes} == {9, 14}


def test_sizes_without_a_reason_are_not_explained() -> None:
    frames = [b"\xa5" + CHANCE.randbytes(5 + number) for number in range(20)]
    assert find_shapes(frames, 1, 1) is None


def test_a_shape_explains_frames_of_its_size() -> None:
    length, fixed = FrameShape(1, 2, "little", 4), FrameShape(0, 0, "big", 4)
    assert length.explains(b"\xaa\x02\x00\x01\x02\x03")
    assert not length.explains(b"\xaa\x02\x00\x01\x02")
    assert not length.explains(b"\xaa\x02")
    assert fixed.explains(b"\xaa\xbb\xcc\xdd")
    assert not fixed.explains(b"\xaa")


def test_a_number_that_counts_frames_is_no_length() -> None:
    """A request of one size, and answers of two that have a length. The second byte counts, and takes every value."""
    frames = []
    for number in range(60):
        size = 6 + number % 2 * 2
        frames += [bytes([0xA5, number, 0xC6, 0, 0, 0, 0]), bytes([0xA5, number, 0xC6, size, *range(size), 0, 0])]
    fit = find_shapes(frames, 1, 2)
    assert fit is not None
    assert {(shape.at, shape.size, shape.adds) for shape in fit.shapes} == {(0, 0, 7), (3, 1, 6)}


def test_a_length_of_two_sizes_may_leave_out_what_is_between() -> None:
    frames = [bytes([0xA5, size, 1, 2, *range(number, number + size), 0]) for number in range(20) for size in (2, 64)]
    assert find_shapes(frames, 1, 1) == ShapesFit((FrameShape(1, 1, "big", 5),))


def test_two_sizes_are_enough_for_a_number_that_counts_all_but_the_head() -> None:
    """JK battery management, syssi/esphome-jk-bms: `4E 57`, the size of what follows in two bytes."""
    frames = [b"NW" + size.to_bytes(2, "big") + CHANCE.randbytes(size - 2) for size in (19, 280) * 4]
    assert find_shapes(frames, 2, 4) == ShapesFit((FrameShape(2, 2, "big", 2),))


def test_the_first_byte_may_say_which_size() -> None:
    """KWP 2000 (ISO 14230-2): the format byte, target, source, data, sum."""
    frames = [bytes([first]) + CHANCE.randbytes(size - 1) for first, size in ((0x83, 7), (0x84, 8), (0xC2, 6)) * 5]
    found = find_shapes_by_first(frames)
    assert found
    assert found.command == 0
    assert {(shape.adds, *shape.codes) for shape in found.shapes} == {(7, 0x83), (8, 0x84), (6, 0xC2)}
    assert find_shapes_by_first([CHANCE.randbytes(size) for size in range(4, 60)]) is None
