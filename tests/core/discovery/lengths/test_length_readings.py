"""Other numbers that say how long known frames are: given frames and their length, these."""

from msgspec.structs import replace

from sniffer.core.discovery.lengths.length_readings import (
    explains_each_size,
    find_whole,
    is_likely,
    list_constant_lengths,
    list_narrow_lengths,
    list_other_bits,
    list_other_lengths,
)
from sniffer.core.discovery.lengths.length_search import LengthFit

OF_ONE_SIZE = LengthFit(frozenset(), 0, 0, "big", 12, (), 0)


def test_a_number_that_stands_twice_is_listed() -> None:
    frames = [b"\x68" + bytes([size, size, 0x68]) + bytes(size) for size in (3, 4, 7)]
    length = LengthFit(frozenset(), 2, 1, "big", 4, (), 0)
    assert [(one.at, one.adds) for one in list_other_lengths(length, frames, 1)] == [(1, 4)]
    wrong = b"\x68\x01\x02\x68\0\0"
    assert list_other_lengths(length, [*frames, wrong], 1) == []
    # One may be damaged, as the check does not cover it.
    assert len(list_other_lengths(length, [*frames * 6, wrong], 1)) == 1


def test_a_few_frames_with_a_high_byte_need_both_bytes() -> None:
    """The receivers of Unicore send messages of more than 255 bytes now and then."""
    length = LengthFit(frozenset(), 1, 2, "little", 3, (), 0)
    short = [b"\xaa" + bytes([size, 0]) + bytes(size) for size in (5, 7, 9)] * 40
    long = b"\xaa" + (300).to_bytes(2, "little") + bytes(300)
    assert [one.size for one in list_narrow_lengths(length, short, 1)] == [1]
    assert [one.size for one in list_narrow_lengths(length, [*short, long], 1)] == [1]
    assert [*list_narrow_lengths(length, [*short, *[long] * 3], 1)] == []


def test_a_length_may_have_more_or_fewer_bits() -> None:
    frames = [bytes([0xC0 | size]) + bytes(size + 2) for size in (3, 4, 9, 20)]
    length = LengthFit(frozenset(), 0, 1, "big", 3, (), 0, mask=0x3F)
    assert [one.mask for one in list_other_bits(length, frames)] == [0x1F]


def test_a_number_that_never_changes_explains_no_other_sizes() -> None:
    frames = [b"\xa5\x05" + bytes([size]) + bytes(size) for size in [7] * 30 + [3]]
    assert list_other_lengths(LengthFit(frozenset(), 2, 1, "big", 3, (), 0), frames, 1) == []


def test_a_tail_is_counted_though_the_frames_are_without_it() -> None:
    frames = [bytes([0x68, size, size + 1]) + bytes(size) for size in (3, 4, 7)]
    length = LengthFit(frozenset(), 1, 1, "big", 5, (), 0)
    assert [(one.at, one.adds) for one in list_other_lengths(length, frames, 1)] == [(2, 4)]


def test_a_number_that_never_changes_may_count_each_usual_part() -> None:
    for number in (12, 10, 9):
        frames = [b"\xa5" + bytes([number, other]) + bytes(9) for other in range(5)]
        found = list_constant_lengths(OF_ONE_SIZE, frames, 1, 1)
        assert [(one.at, one.size, one.adds) for one in found] == [(1, 1, 12 - number)]
    # This one counts nothing, this one changes, and this one is no number of bytes.
    assert list_constant_lengths(OF_ONE_SIZE, [b"\xa5\x0b" + bytes(10)], 1, 1) == []
    assert list_constant_lengths(OF_ONE_SIZE, [bytes([1, at, 0]) + bytes(9) for at in range(20)], 1, 1) == []
    assert list_constant_lengths(OF_ONE_SIZE, [bytes(11)], 1, 0) == []


def test_a_high_byte_of_zero_may_be_no_part_of_the_length() -> None:
    length = LengthFit(frozenset(), 2, 2, "little", 4, (), 0)
    frames = [b"\xa5\x01" + size.to_bytes(2, "little") + bytes(size) for size in (3, 9)]
    assert [(one.at, one.size) for one in list_narrow_lengths(length, frames, 1)] == [(2, 1)]
    long = b"\xa5\x01\x00\x01" + bytes(256)
    assert [*list_narrow_lengths(length, [*frames, long], 1)] == []
    assert len([*list_narrow_lengths(length, [*frames * 5, long], 1)]) == 1
    assert [*list_narrow_lengths(length, frames, 3)] == []


def test_a_small_number_is_no_likely_length() -> None:
    """Frames of Basen batteries, syssi/esphome-basen-bms, docs/pdus: one byte of data, a sum of two bytes, `0D 0A`."""
    frames = [bytes.fromhex(f"3A 16 {code} 01 00 00 00") for code in ("24", "25", "2A")]
    (found,) = list_constant_lengths(replace(OF_ONE_SIZE, adds=9), frames, 1, 2)
    assert (found.at, found.size, found.adds, is_likely(found, 9)) == (3, 1, 8, False)


def in_turn(sizes: list[int]) -> LengthFit:
    """Return a length that stands at the offset 4, with frames of these sizes that follow one another."""
    begins = [sum(sizes[:number]) for number in range(len(sizes))]
    spans = tuple((begin, begin + size) for begin, size in zip(begins, sizes, strict=True))
    return LengthFit(frozenset({1}), 4, 1, "big", 17, spans, len(sizes))


def test_sizes_that_always_have_one_sum_may_be_those_of_pieces() -> None:
    assert find_whole(in_turn([24, 12] * 20)) == 36
    assert find_whole(in_turn([24, 12, 5] * 20)) == 41
    assert find_whole(in_turn([24, 12, 30, 7, 12, 9, 24, 24, 15, 12])) is None


def test_a_number_must_explain_each_size_that_several_frames_have() -> None:
    """RCT Power: `2B 01 04` asks, `2B 05 08` answers, so that the commands seem to count bytes as well; seldom `24`."""
    frames = [b"\x2b" + bytes([command, size]) + bytes(size + 2) for command, size in ((1, 4), (5, 8)) * 40]
    right = LengthFit(frozenset(), 2, 1, "big", 5, (), 0)
    (other,) = list_other_lengths(right, frames, 1)
    assert (other.at, other.adds) == (1, 8)
    assert explains_each_size(other, frames)
    names = [b"\x2b\x05\x24" + bytes(38)] * 3
    assert not explains_each_size(other, [*frames, *names])
    assert explains_each_size(other, [*frames, *names[:1]])
    assert explains_each_size(right, [*frames, *names])
