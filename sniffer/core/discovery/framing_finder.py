"""Propose the framing of an unknown protocol: heads, length and check, with the evidence for them.

In: bytes of a line, as they were received. Out: candidates, the best first; none if nothing explains the bytes. What
the bytes do not decide is left open: a check that is none of those tried is `unknown`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import find_left, propose_chains, propose_moved
from sniffer.core.discovery.chains.rest_search import add_rest
from sniffer.core.discovery.checks.check_search import is_of_catalogue
from sniffer.core.discovery.delimiters.delimited_search import (
    find_delimited,
    find_signed,
    find_unescaped,
    has_both_ends,
    is_sure,
    stands_at_both_ends,
)
from sniffer.core.discovery.delimiters.delimiter_search import is_text
from sniffer.core.discovery.delimiters.end_check_search import count_without_answers, find_end_checks
from sniffer.core.discovery.frame_origins import choose_tail, drop_moved
from sniffer.core.discovery.framing_candidate import (
    DOUBT,
    MOST_CHANCE,
    NEARLY,
    FramingCandidate,
    doubt_rest,
    drop_pieces,
    may_have_septets,
    rank_candidates,
)
from sniffer.core.discovery.heads.boundary_search import SAME
from sniffer.core.discovery.heads.frames_readings import list_frames_readings
from sniffer.core.discovery.heads.head_search import (
    LONGEST_HEAD,
)
from sniffer.core.discovery.lengths.length_readings import find_whole
from sniffer.core.discovery.lengths.length_search import (
    LEAST_LENGTHS,
    LengthFit,
    find_fixed_sizes,
    find_lengths,
    find_word_lengths,
)
from sniffer.core.discovery.period_candidate import propose_period, propose_sizes
from sniffer.core.discovery.reading_candidate import LEAST_SHARE, judge_reading

BYTES_SEARCHED = 1 << 16
"""The bytes at the beginning of a session that are searched."""

MOSTLY = 0.8
"""The share of the bytes in frames of several sizes from which on no other kind of frames is looked for."""

ALL = 0.88
"""The same for frames of one size with a known check, and the share of the places with a head that they must be.

Frames without a known check must be this share to be certain.
"""

LEAST_OF_WHOLE = 2
"""Frames with an end that must be in each of another kind."""

SMALLEST_REQUEST = 3
"""The size of a tail from which on it may be the begin of a request that is always the same."""

SMALLEST_LEFT, WORD, MOST_LEFT = 4, 2, 3
"""The smallest piece between frames that may be a frame, the bytes at its begin that are compared, and how many
pieces that begin with the same ones are no accident.
"""

MOST_CHANCE_UNCHECKED = 1e-20
"""The highest chance of an accident that a candidate without a known check may have. It is computed for random bytes,
and those of boards repeat.
"""


def find_framings(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> list[FramingCandidate]:
    """Return the framings that explain these bytes, the best first.

    The search takes seconds. It ends early, without a result, once `is_cancelled` returns True.
    """
    data = data[:BYTES_SEARCHED]
    delimited = find_delimited(data)
    sure = [one for one in delimited if one.covered >= LEAST_SHARE * len(data) and is_sure(data, one.delimiter)]
    if any(one.check and one.check.check.digits for one in sure):
        return rank_candidates(delimited, len(data))
    ended = find_end_checks(data)
    if any(one.check for one in sure):
        return rank_candidates(_prefer_ended(delimited, ended), len(data))
    if ended and is_text(data) and ended[0].delimiter:
        return [doubt_rest(one, count_without_answers(data, one)) for one in rank_candidates(ended, len(data))]
    if not ended and is_text(data) and (signed := find_signed(data)):
        return [doubt_rest(one, len(data)) for one in rank_candidates(signed, len(data))]
    found = drop_moved(data, [*_judge_all(data, find_lengths(data), is_cancelled)])
    if ended and not any(_has_length_for(one, ended[0]) for one in found):
        ranked = rank_candidates(ended, len(data))
        return [_doubt_left(data, doubt_rest(one, count_without_answers(data, one))) for one in ranked]
    if any(_has_one_distance(one) for one in found):
        found = _prefer_fixed(found, [*_list_fixed(data, is_cancelled)])
    if not any(one.check and not one.is_of_one_size and one.frames >= LEAST_SHARE * one.of for one in found):
        fixed = [*_list_fixed(data, is_cancelled)]
        whole = {one.length.adds for one in fixed if one.is_of_one_size and one.covered >= NEARLY * len(data)}
        # Where all frames have one size, a length that no check proves and that most often says it is an accident.
        found = [one for one in found if one.check or _find_main_size(one.length) not in whole]
        found = drop_pieces([*found, *fixed])
    # Where a check is known of some frames, frames without one are several of them together.
    known = [one for one in found if one.check] or found
    if not any(_leaves_nothing(one, len(data)) for one in known):
        words = [] if any(one.check for one in delimited) else find_word_lengths(data)
        found += _find_weaker(data, words, is_cancelled)
    if not any(one.check for one in found):
        found += [moved for one in found[:1] if (moved := propose_moved(data, one.length.frames))]
    if is_cancelled():
        return []
    joined = _join_delimited(data, found, delimited)
    if not any(one.check or one.length.size for one in joined):
        joined = _prefer_ends(joined, find_unescaped(data)) or [*filter(None, [propose_sizes(data)])]
    ranked = rank_candidates(joined, len(data))
    best = [choose_tail(data, add_rest(data, one) or one) for one in ranked[:1]]
    return [_doubt_left(data, doubt_rest(one, len(data))) for one in (*best, *ranked[1:])]


def _has_one_distance(candidate: FramingCandidate) -> bool:
    """Return True if frames begin at one distance from each other, though a length says that they have several sizes.

    Zeros at the end of frames of one size change no sum and no exclusive or, so that both are right before each of
    them, and some byte may seem to say before which one.
    """
    frames = candidate.length.frames
    if not candidate.check or not candidate.length.size or len(frames) < LEAST_LENGTHS or candidate.is_of_one_size:
        return False
    distances = Counter(after - begin for (begin, _), (after, _) in pairwise(sorted(frames)))
    return distances.most_common(1)[0][1] >= ALL * distances.total()


def _prefer_fixed(found: list[FramingCandidate], fixed: Sequence[FramingCandidate]) -> list[FramingCandidate]:
    """Return the candidates with those of one size in place of lengths that explain fewer bytes of the same frames."""
    most = max((one.covered for one in fixed if one.check), default=0)
    lengths = [one for one in found if not _has_one_distance(one) or one.covered >= most]
    return lengths if len(lengths) == len(found) else [*lengths, *fixed]


def _prefer_ends(found: list[FramingCandidate], ended: list[FramingCandidate]) -> list[FramingCandidate]:
    """Return the candidates of frames that end with certain bytes where others are several of these, or there are none.

    No check is known of either.
    """
    most = max((one.frames for one in found), default=0)
    return ended if not found or any(one.frames >= LEAST_OF_WHOLE * most for one in ended) else found


def _prefer_ended(
    delimited: Sequence[FramingCandidate], ended: Sequence[FramingCandidate]
) -> Sequence[FramingCandidate]:
    """Return the candidates with a check after the end of frames if these are as many as lines with the same check.

    A check that is no digit may equal the end of a line, so that it stands rather after the end that it covers. If it
    never does, both explain the same frames.
    """
    lines = [one for one in delimited if one.check]
    if not ended or ended[0].frames < lines[0].frames:
        return delimited
    equal = [replace(one, equals=()) for one in lines[:1] if one.frames >= ended[0].frames]
    return [replace(ended[0], equals=(*ended[0].equals, *equal)), *ended[1:]]


def _has_length_for(candidate: FramingCandidate, other: FramingCandidate) -> bool:
    """Return True if a candidate with a length and a check as usual explains what another one explains."""
    if candidate.check is None or other.check is None or not candidate.length.size:
        return False
    is_usual = is_of_catalogue(candidate.check.check) or not is_of_catalogue(other.check.check)
    return is_usual and candidate.frames >= SAME * other.frames and candidate.covered >= NEARLY * other.covered


def _find_weaker(data: bytes, words: Sequence[LengthFit], is_cancelled: Callable[[], bool]) -> list[FramingCandidate]:
    """Return the candidates of lengths that count words, and of chains if no check is known of all their frames."""
    found = [*_judge_all(data, words, is_cancelled)]
    return (
        found
        if any(_leaves_nothing(one, len(data)) for one in found)
        else [*found, *propose_chains(data, is_cancelled)]
    )


def _doubt_left(data: bytes, candidate: FramingCandidate) -> FramingCandidate:
    """Return the candidate with a higher chance of an error if what is in none of its frames begins alike.

    That may be frames with another head. The same is true of a sum that may have seven bits only.
    """
    if not candidate.is_certain:
        return candidate
    if may_have_septets(data, candidate):
        return replace(candidate, accident=max(candidate.accident, DOUBT))
    opening = candidate.delimiter.opening[:1] if candidate.delimiter else b""
    firsts = (*(head[:1] for head in candidate.heads), *([opening] if opening else []))
    left = [piece for piece in find_left(data, candidate) if len(piece) >= SMALLEST_LEFT]
    words = Counter(piece[:WORD] for piece in left if not piece.startswith(firsts))
    is_alike = any(count >= MOST_LEFT for count in words.values())
    return replace(candidate, accident=max(candidate.accident, DOUBT)) if is_alike else candidate


def _find_main_size(length: LengthFit) -> int:
    """Return the size that most frames of a length have."""
    return Counter(end - begin for begin, end in length.frames).most_common(1)[0][0]


def _list_fixed(data: bytes, is_cancelled: Callable[[], bool]) -> Iterator[FramingCandidate]:
    """Yield the candidates of frames of one size. Where they repeat after it, no others are without a check."""
    period = propose_period(data, is_cancelled)
    if period:
        yield period
    if period is None or not _leaves_nothing(period, len(data)):
        found = _judge_all(data, find_fixed_sizes(data), is_cancelled)
        yield from (one for one in found if one.check or period is None or one.length.size)


def _join_delimited(
    data: bytes, found: Sequence[FramingCandidate], delimited: Sequence[FramingCandidate]
) -> list[FramingCandidate]:
    """Return all candidates. Where a length explains what a delimiter does, the delimiter is an equal reading.

    The first byte of frames that follow one another stands also where each of them ends. Where also the first and the
    last byte are the end of SLIP, the length is the equal reading.
    """
    checked = [one for one in delimited if one.check]
    if checked and checked[0].delimiter and stands_at_both_ends(data, checked[0].delimiter):
        equal = [replace(one, equals=()) for one in found if one.check and one.length.size]
        return [replace(checked[0], equals=(*checked[0].equals, *equal)), *checked[1:]]
    least = NEARLY * max((one.covered for one in checked), default=0)
    if any(one.check and is_of_catalogue(one.check.check) for one in checked[:1]):
        # The same check has a constant where its cover seems to begin with the end of the frame before.
        found = [one for one in found if one.check is None or is_of_catalogue(one.check.check)]
    if checked and any(one.check and one.length.size and not one.shapes and one.covered >= least for one in found):
        return [replace(one, equals=(*one.equals, replace(checked[0], equals=()))) for one in found]
    if checked and checked[0].delimiter and has_both_ends(data, checked[0].delimiter):
        return checked
    # A delimiter without a check is the weakest sign: that a byte stands often.
    return [*found, *(checked if found else delimited)]


def _leaves_nothing(candidate: FramingCandidate, size: int) -> bool:
    """Return True if no frames are left to be found by their checks.

    Frames without a known check may be pairs of a request and its answer, and such pairs have a CRC without a name.
    Two kinds of frames of one size may look like one kind.
    """
    check = candidate.check.check if candidate.check else None
    # Where a check covers the last part only, another frame may stand before it.
    is_named = check is not None and is_of_catalogue(check) and check.start <= LONGEST_HEAD
    # What never changes after a check may be a request. Without a head, a check of one byte is right at many places.
    is_named &= len(candidate.tail) < SMALLEST_REQUEST and (len(candidate.heads) > 0 or not _is_of_one_byte(candidate))
    if candidate.is_of_one_size:
        return is_named and candidate.frames >= ALL * candidate.of and candidate.covered >= ALL * size
    # Answers with a length may have most bytes, and requests of one size most heads.
    return is_named and candidate.covered >= MOSTLY * size and candidate.frames >= LEAST_SHARE * candidate.of


def _is_of_one_byte(candidate: FramingCandidate) -> bool:
    return candidate.check is not None and candidate.check.check.number_size == 1


def _judge_all(data: bytes, fits: Iterable[LengthFit], is_cancelled: Callable[[], bool]) -> Iterator[FramingCandidate]:
    """Yield the candidates that follow from lengths. Without a check, only the likelier reading of each is one."""
    for fit in fits:
        for number, reading in enumerate(list_frames_readings(data, fit)):
            if is_cancelled():
                return
            candidate = judge_reading(data, reading)
            if candidate is None:
                continue
            most = MOST_CHANCE if candidate.check else MOST_CHANCE_UNCHECKED if fit.size else DOUBT
            if candidate.accident <= most and (candidate.check or not number):
                yield _doubt(data, candidate)


def _doubt(data: bytes, candidate: FramingCandidate) -> FramingCandidate:
    """Return the candidate with a higher chance of an error if it may be one for reasons that are not counted.

    These are that no check is known, and many heads begin no frame, or the frames may be pieces of others, as those of
    one head that all have one size, or that they have two sizes only.
    """
    sizes = defaultdict[int, Counter[int]](Counter)
    for begin, end in candidate.length.frames:
        sizes[data[begin]][end - begin] += 1
    is_varied = all(max(own.values()) < SAME * own.total() for own in sizes.values()) or len(sizes) == 1
    is_varied &= len({size for own in sizes.values() for size in own}) >= LEAST_LENGTHS
    is_whole = is_varied and not find_whole(candidate.length)
    if candidate.check or (candidate.frames >= ALL * candidate.of and is_whole):
        return candidate
    return replace(candidate, accident=max(candidate.accident, DOUBT))
