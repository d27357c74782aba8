"""The order of candidates: given several, the best."""

from msgspec.structs import replace

from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.framing_candidate import (
    DOUBT,
    FramingCandidate,
    doubt_rest,
    drop_pieces,
    may_have_septets,
    rank_candidates,
)
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import Check, build_sum


def candidate(head: str, at: int, adds: int, start: int | None, frames: int) -> FramingCandidate:
    """Return a candidate with a sum from `start` on, or without a known check."""
    check = None if start is None else CheckFit(Check("sum", 1, start, "big", build_sum("sum", 1)), frames, 100)
    length = LengthFit(frozenset(), at, 1, "big", adds, (), 0)
    return FramingCandidate((bytes.fromhex(head),), length, check, b"", frames, 100, 1e-30)


def test_of_the_same_frames_the_one_with_the_longest_head_is_kept() -> None:
    """Frames with a damaged first byte speak for the shorter head."""
    whole, short = candidate("a55a", 3, 6, 2, 95), candidate("5a", 2, 5, 1, 99)
    assert rank_candidates([short, whole], 1000) == [whole]
    unchecked, shifted = candidate("a55a", 3, 6, None, 95), candidate("5a", 2, 6, None, 99)
    assert rank_candidates([shifted, unchecked], 1000) == [unchecked]


def test_frames_without_a_head_are_no_accident_where_they_are_nearly_all() -> None:
    """Relay cards of Conrad: frames of four bytes with an exclusive or, of which eight in a row have one as well."""
    small = candidate("01", 0, 4, 0, 97)
    size = replace(small.length, size=0)
    small = replace(small, heads=(), length=size, covered=388)
    large = replace(candidate("01", 0, 32, 0, 9), length=replace(size, adds=32), of=30, covered=288)
    assert rank_candidates([large, small], 400)[0] == small
    assert rank_candidates([large, replace(small, of=200)], 400)[0] == large


def test_a_sum_that_never_has_its_highest_bit_may_have_seven_bits() -> None:
    """The packets of Sabertooth: the sum of address, command and value, without its highest bit."""
    ends, checks = frozenset(range(1, 41)), bytes(range(40, 80))
    small = replace(candidate("80", 3, 4, 0, 40), ends=ends)
    assert may_have_septets(checks, small)
    assert not may_have_septets(checks[:-1] + b"\x90", small)
    assert not may_have_septets(checks, replace(small, ends=frozenset(range(1, 6))))


def test_what_stands_after_nearly_all_frames_is_their_tail() -> None:
    """Receivers of Trimble end messages with 03: a damaged one is a frame without it."""
    bare = candidate("02", 3, 5, 1, 97)
    ended = replace(candidate("02", 3, 6, 1, 96), tail=b"\x03")
    assert rank_candidates([bare, ended], 1000) == [ended]
    assert rank_candidates([bare, replace(ended, frames=60)], 1000)[0] == bare
    other = replace(candidate("02", 3, 6, 0, 96), tail=b"\x03")
    assert rank_candidates([bare, other], 1000)[0] == bare


def test_other_frames_are_ranked_by_their_number() -> None:
    most, fewer = candidate("5a", 2, 5, 1, 99), candidate("a55a", 3, 6, 2, 80)
    assert rank_candidates([fewer, most], 1000) == [most, fewer]
    elsewhere = candidate("a55a", 4, 6, 2, 98)
    assert rank_candidates([elsewhere, most], 1000) == [most, elsewhere]


def test_few_frames_more_do_not_speak_for_several_shapes() -> None:
    """The pads of Ezville homes begin with F7: one damaged frame among 178 seems to have another head."""
    one = candidate("f7", 4, 7, 0, 177)
    shapes = FrameShape(0, 0, "big", 7, head=0), FrameShape(4, 1, "big", 7, head=1)
    several = replace(one, heads=(b"\x01", b"\xf7"), shapes=shapes, frames=178, ends=frozenset({1}))
    assert rank_candidates([several, one], 1000)[0] == one
    assert rank_candidates([replace(several, frames=190), one], 1000)[0].shapes == shapes


def test_a_known_check_is_more_than_none() -> None:
    checked, unchecked = candidate("5a", 2, 5, 1, 60), candidate("5a", 2, 5, None, 99)
    assert rank_candidates([unchecked, checked], 1000) == [checked]
    assert rank_candidates([], 1000) == []


def pieces_of(sizes: list[int], at: int, adds: int) -> FramingCandidate:
    """Return a candidate without a check whose frames have these sizes, and a length of one byte if `at` is not 0."""
    begins = [sum(sizes[:number]) for number in range(len(sizes))]
    spans = tuple((begin, begin + size) for begin, size in zip(begins, sizes, strict=True))
    length = LengthFit(frozenset({1}), at, min(at, 1), "big", adds, spans, len(sizes))
    return FramingCandidate((b"\x01",), length, None, b"", len(sizes), len(sizes), 1e-60)


def test_pieces_of_frames_of_one_size_are_no_frames() -> None:
    """Meters of Atorch (syssi/esphome-atorch-dl24) send 36 bytes, most of which never change."""
    pieces, whole = pieces_of([24, 12] * 20, 4, 17), pieces_of([36] * 20, 0, 36)
    assert drop_pieces([pieces, whole]) == [whole]
    assert drop_pieces([pieces]) == [pieces]


def test_frames_of_commands_that_are_sent_in_turn_are_no_pieces_if_their_length_is_usual() -> None:
    frames, cycles = pieces_of([24, 12] * 20, 2, 5), pieces_of([36] * 20, 0, 36)
    assert drop_pieces([frames, cycles]) == [frames, cycles]


def test_a_weak_check_without_a_head_is_less_than_one_with_it() -> None:
    """If the first byte never changes, the exclusive or is right one byte later as well."""
    headed = candidate("a0", 1, 8, 0, 93)
    headless = replace(headed, heads=(), frames=95)
    assert rank_candidates([headless, headed], 1000)[0] == headed


def test_what_leaves_many_bytes_out_or_begins_with_zeros_is_not_certain() -> None:
    found = replace(candidate("a55a", 3, 6, 2, 95), covered=900)
    assert doubt_rest(found, 1000) == found
    assert doubt_rest(found, 1100).accident == DOUBT
    assert doubt_rest(replace(found, heads=(b"\0", b"\x02")), 1000).accident == DOUBT


def test_a_sum_of_frames_that_only_their_sizes_show_is_not_certain() -> None:
    """Readers GT-511C3 send 12 bytes, many of them zeros, which seem to be frames of 5 and 7 bytes with a sum."""
    found = replace(candidate("", 3, 6, 0, 95), heads=(), covered=900)
    assert doubt_rest(found, 1000) == found
    sizes = replace(found, shapes=(FrameShape(0, 0, "big", 5), FrameShape(0, 0, "big", 7)))
    assert doubt_rest(sizes, 1000).accident == DOUBT
    assert doubt_rest(replace(sizes, heads=(b"\x55",)), 1000).accident < DOUBT


def test_a_weak_check_without_a_head_counts_if_it_explains_more() -> None:
    """Displays of Philips (SICP) begin with the size of all: heads within them explain some frames only."""
    headed = replace(candidate("a0", 1, 8, 0, 80), covered=800)
    headless = replace(headed, heads=(), frames=95, covered=980)
    assert rank_candidates([headed, headless], 1000)[0] == headless


def test_of_frames_without_a_check_those_that_leave_less_out_come_first() -> None:
    """The bytes after each frame are its tail; as the head of the next, they leave out the frame after noise."""
    tail, head = (replace(candidate(head, 2, 6, None, 96), accident=1e-60) for head in ("5a", "5aa15a"))
    few = replace(tail, frames=50, covered=990)
    tail, head = replace(tail, frames=94, covered=980, tail=b"\x5a\xa1"), replace(head, covered=940)
    assert rank_candidates([head, few, tail], 1000)[0] == tail


def test_a_check_of_the_last_part_only_is_less_than_one_of_the_frame() -> None:
    near, far = candidate("68", 1, 6, 4, 30), candidate("10", 6, 11, 9, 30)
    assert rank_candidates([far, near], 1000)[0] == near


def test_a_length_without_a_check_that_counts_no_usual_part_is_less() -> None:
    """Radars of Hi-Link (LD2450): a number of their payload seems to count pieces of several frames."""
    whole = replace(candidate("aaff0300", 4, 6, None, 90), covered=980, accident=DOUBT)
    odd = replace(candidate("0355", 12, 26, None, 92), covered=990, accident=DOUBT)
    assert rank_candidates([odd, whole], 1000)[0] == whole


def test_zeros_before_frames_are_no_head_of_theirs() -> None:
    """The payload before ends with zeros, so that these seem to begin nearly all frames."""
    frames, zeros = candidate("5540", 3, 7, 0, 94), candidate("000000", 8, 12, 5, 100)
    assert rank_candidates([zeros, frames], 1000)[0] == frames


def test_what_stands_before_the_cover_of_a_check_may_be_another_frame() -> None:
    """Requests of Peloton's bicycles have four bytes, and their answers a length and a sum of their own."""
    both = replace(candidate("f5", 6, 9, 4, 100), covered=1000)
    assert doubt_rest(both, 1000).accident == DOUBT
    assert doubt_rest(replace(both, length=replace(both.length, at=2)), 1000) == replace(
        both, length=replace(both.length, at=2)
    )
    assert doubt_rest(replace(both, heads=(b"\xf5\x41",)), 1000).accident == both.accident
