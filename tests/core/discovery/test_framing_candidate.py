"""The order of candidates: given several, the best."""

from sniffer.core.discovery.check_search import CheckFit
from sniffer.core.discovery.framing_candidate import FramingCandidate, rank_candidates
from sniffer.core.discovery.length_search import LengthFit
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


def test_other_frames_are_ranked_by_their_number() -> None:
    most, fewer = candidate("5a", 2, 5, 1, 99), candidate("a55a", 3, 6, 2, 80)
    assert rank_candidates([fewer, most], 1000) == [most, fewer]
    elsewhere = candidate("a55a", 4, 6, 2, 98)
    assert rank_candidates([elsewhere, most], 1000) == [most, elsewhere]


def test_a_known_check_is_more_than_none() -> None:
    checked, unchecked = candidate("5a", 2, 5, 1, 60), candidate("5a", 2, 5, None, 99)
    assert rank_candidates([unchecked, checked], 1000) == [checked]
    assert rank_candidates([], 1000) == []
