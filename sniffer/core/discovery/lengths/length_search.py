"""Find where frames begin and which of their bytes say how long they are.

In: bytes. Out: `LengthFit`, the best first. A number in a frame is its length if the frame, so long, ends where the
next one begins. The distance from one byte that can begin a frame to the next ones is compared with each number after
it: if the difference between distance and number is the same at many places, the number is a length.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice, pairwise

from msgspec import Struct

from sniffer.core.discovery.delimiters.delimiter_search import TEXT, is_text
from sniffer.core.wire.checks import ByteOrder

STARTS_TRIED = 20
"""The most frequent bytes, which are tried as the first of a frame."""

PAIRS_TRIED = 9
"""As many of them are tried in pairs, as two directions have two heads."""

WORDS_TRIED, WORDS_PAIRED, MOST_AFTER = 30, 5, 0.7
"""Frequent words of two bytes; first bytes of these that are tried in pairs, as a head may be a word whose bytes are
seldom; and the share of the places of a word that may stand after the same byte for it to be the begin of something.
"""

PLACES_COMPARED = 500
"""Places of one byte that are compared with the ones after it."""

NEXT_COMPARED = 6
"""The next places with which each is compared: some are in payloads."""

FARTHEST_LENGTH = 12
"""The largest offset of a length from the first byte of a frame."""

SMALLEST_ADDS, LARGEST_ADDS = -2, 32
LONGEST_FRAME = 1_100

FORMS: Sequence[tuple[int, ByteOrder]] = ((1, "big"), (2, "big"), (2, "little"))
"""Sizes and byte orders of lengths."""

UNITS = (2, 4)
"""The bytes of the words that a length may count, as that of registers of 16 bits does."""

KEYS_COMPARED, LIKELY_KEPT = 40, 6
"""Numbers of one first byte that are looked at, and those that are kept: the ones that explain most frames."""

LEAST_FRAMES = 5
LEAST_LENGTHS, LONGEST_CHECK = 3, 2
"""Different lengths that frames must have: a number that never changes proves nothing. And the size of the longest
check that the number of a usual part does not count.
"""

LEAST_OF_TWO, LONGEST_REST = 10, 8
"""Frames that each of two lengths must have if there are no more, and the most bytes that they do not count then."""

USUAL_BONUS = 1.15
"""The weight of the frames of a length that counts one of the usual parts."""

PAIR_GAIN = 1.15
"""A pair of first bytes must explain this many times as many frames as each of them alone."""

MOST_GROWN, LEAST_OF_OUTSIDE, LEAST_OF_GROWN = 5, 0.3, 0.6
"""Bytes that are added to those with which frames begin, the share of the ends outside of frames that each must have,
and the share of the places of all of them that must begin frames.
"""

WORD_FITS_KEPT, LEAST_IN_WORDS = 2, 0.5
"""Lengths of frames that count words which are kept, and the share of the bytes that must be in such frames."""

FITS_KEPT, COVERING_KEPT, OTHERS_KEPT, ZEROS_KEPT = 12, 6, 5, 2
"""Lengths that are kept: of several values those with most frames and those with most bytes in frames, of two values,
and those whose frames may begin with a zero.
"""


class LengthFit(Struct, frozen=True):
    """A length that explains where frames end.

    Each frame begins with one of the `starts`; the number of `size` bytes at the offset `at`, plus `adds`, is its size.
    The number counts parts of `unit` bytes; with a `mask`, it is what these bits are.
    If all frames have the same size, `adds` is that, and `size` is 0: there is no number.
    `frames` are the offsets of the frames whose end is the beginning of another one, `places` the number of places with
    one of the starts.
    """

    starts: frozenset[int]
    at: int
    size: int
    order: ByteOrder
    adds: int
    frames: tuple[tuple[int, int], ...]
    places: int
    unit: int = 1
    mask: int = 0

    @property
    def covered(self) -> int:
        """The number of bytes in frames."""
        return sum(end - begin for begin, end in self.frames)

    @property
    def key(self) -> "NumberKey":
        """The key of a fit: the place of the number, and the bytes that it does not count."""
        return self.at, self.size, self.order, self.adds

    def count(self, data: bytes, begin: int = 0) -> int:
        """Return how many bytes the number of the frame counts that begins there."""
        number = int.from_bytes(data[begin + self.at : begin + self.at + self.size], self.order)
        return self.unit * (number & self.mask if self.mask else number)


FIXED_SIZES = range(4, 129)
"""The sizes that frames of one size can have."""

FIXED_KEPT = 2
FIXED_FITS_KEPT = 14
"""Sizes of one first byte that are kept, and sizes in all."""

FIXED_SHARE = 0.3
"""The share of the places of a byte that must be so far from another one of them."""


NumberKey = tuple[int, int, ByteOrder, int]
"""Offset, size and order of a number, and what it lacks to the distance."""


def find_lengths(data: bytes) -> list[LengthFit]:
    """Return the lengths that explain where frames end, those that explain most frames first."""
    frequent = _list_starts(data)
    single = [_fit(data, frozenset({byte})) for byte in frequent]
    found = [fit for fits, _ in single for fit in fits]
    most = {byte: max((len(fit.frames) for fit in found if byte in fit.starts), default=0) for byte in frequent}
    words = [frozenset(pair) for pair in combinations(_list_words(data), 2)]
    for pair in dict.fromkeys((*words, *map(frozenset, combinations(frequent[:PAIRS_TRIED], 2)))):
        least = PAIR_GAIN * max(most.get(byte, 0) for byte in pair)
        # One address may stand in the frames of both directions, so that it alone seems to begin as many.
        found += [fit for fit in _fit(data, pair)[0] if (_weigh(fit) if pair in words else len(fit.frames)) > least]
    ranked = sorted(found, key=_rank)
    # Zeros are everywhere in payloads, and hardly ever begin a frame.
    zeros = [fit for fit in ranked if 0 in fit.starts]
    ranked = [fit for fit in ranked if fit not in zeros[ZEROS_KEPT:]]
    # Small pieces are many, so that those of most frames are no frames where these are long.
    covering = sorted(ranked, key=lambda fit: -fit.covered)[:COVERING_KEPT]
    kept = [fit for number, fit in enumerate(ranked) if number < FITS_KEPT or fit in covering]
    # Two first bytes have two numbers after them anyway: those are no lengths.
    others = sorted((fit for _, fits in single for fit in fits if 0 not in fit.starts), key=_rank)
    return [*kept, *others[:OTHERS_KEPT]]


def _list_starts(data: bytes) -> list[int]:
    """Return the most frequent bytes. In text, what cannot be printed is rather the head of a frame."""
    frequent = [byte for byte, count in Counter(data).most_common() if count >= LEAST_FRAMES]
    if is_text(data):
        frequent.sort(key=TEXT.__contains__)
    return frequent[:STARTS_TRIED]


def find_word_lengths(data: bytes) -> list[LengthFit]:
    """Return the lengths that count words and explain where frames end, those that explain most frames first."""
    counts = Counter(data)
    frequent = [byte for byte, count in counts.most_common(STARTS_TRIED) if count >= LEAST_FRAMES and byte]
    found = [fit for byte in frequent for unit in UNITS for fit in _fit(data, frozenset({byte}), unit)[0]]
    likely = (fit for fit in found if counts_rest(fit) and fit.covered >= LEAST_IN_WORDS * len(data))
    return sorted(likely, key=_rank)[:WORD_FITS_KEPT]


def find_fixed_sizes(data: bytes) -> list[LengthFit]:
    """Return the sizes that explain the distances between equal bytes, those that explain most of them first."""
    found: list[LengthFit] = []
    for byte, count in Counter(data).most_common(STARTS_TRIED):
        places = [at for at, value in enumerate(data) if value == byte]
        distances: Counter[int] = Counter()
        for index, place in enumerate(places[:PLACES_COMPARED]):
            following = places[index + 1 : index + 1 + NEXT_COMPARED]
            distances.update({other - place for other in following if other - place in FIXED_SIZES})
        least = max(LEAST_FRAMES, FIXED_SHARE * min(count, PLACES_COMPARED))
        sizes = [size for size, times in distances.most_common(FIXED_KEPT) if times >= least]
        found += [_build_fit(data, frozenset({byte}), places, (0, 0, "big", size)) for size in sizes]
    return sorted(found, key=lambda fit: -fit.covered)[:FIXED_FITS_KEPT]


def _list_words(data: bytes) -> list[int]:
    """Return the first bytes of the most frequent words of two bytes that stand after different bytes."""
    words = Counter(pair for pair in pairwise(data) if pair[0] and pair[0] != pair[1]).most_common(WORDS_TRIED)
    after: Counter[tuple[int, int]] = Counter()
    for (_, first, second), count in Counter(zip(data, data[1:], data[2:], strict=False)).items():
        after[first, second] = max(after[first, second], count)
    # What nearly always stands after the same byte is the middle of a longer word.
    begins = dict.fromkeys(word[0] for word, count in words if after[word] <= MOST_AFTER * count)
    return [*begins][:WORDS_PAIRED]


def _fit(data: bytes, starts: frozenset[int], unit: int = 1) -> tuple[list[LengthFit], list[LengthFit]]:
    """Return the lengths that explain most frames that begin with one of these bytes, and those of two values."""
    places = [at for at, byte in enumerate(data) if byte in starts]
    votes: Counter[NumberKey] = Counter()
    lengths: defaultdict[NumberKey, set[int]] = defaultdict(set)
    for index, place in enumerate(places[:PLACES_COMPARED]):
        following = islice(places, index + 1, index + 1 + NEXT_COMPARED)
        for key, number in dict(_list_keys(data, place, following, unit)).items():
            votes[key] += 1
            lengths[key].add(number)
    common = [key for key, count in votes.most_common(KEYS_COMPARED) if count >= LEAST_FRAMES]
    likely = [key for key in common if len(lengths[key]) >= LEAST_LENGTHS][:LIKELY_KEPT]
    others = [key for key in common if len(lengths[key]) == LEAST_LENGTHS - 1][:LIKELY_KEPT]
    fits, two = ([_build_fit(data, starts, places, key, unit) for key in keys] for keys in (likely, others))
    grown = filter(None, [_grow(data, fit) for fit in (*fits, *two)])
    return [*fits, *grown], [fit for fit in two if _has_two_sizes(fit)]


def _grow(data: bytes, fit: LengthFit) -> LengthFit | None:
    """Return the length with the bytes that stand where frames end as further begins; None if none are shown.

    Each must stand at most of the ends where no frame is known to begin, and begin as many frames itself.
    """
    grown = fit
    for _ in range(MOST_GROWN):
        places = [at for at, byte in enumerate(data) if byte in grown.starts]
        begins = {*places}
        stops = (at + grown.count(data, at) + grown.adds for at in places)
        outside = Counter(data[stop] for stop in stops if stop < len(data) and stop not in begins)
        byte, count = outside.most_common(1)[0] if outside else (0, 0)
        if not byte or count < max(LEAST_FRAMES, LEAST_OF_OUTSIDE * outside.total()):
            break
        starts = grown.starts | {byte}
        wider = _build_fit(data, starts, [at for at, one in enumerate(data) if one in starts], grown.key, grown.unit)
        if len(wider.frames) < len(grown.frames) + count:
            break
        grown = wider
    return grown if grown is not fit and len(grown.frames) >= LEAST_OF_GROWN * grown.places else None


def _has_two_sizes(fit: LengthFit) -> bool:
    """Return True if a number that has two values counts what is after it, and both in many frames."""
    sizes = Counter(end - begin for begin, end in fit.frames)
    return counts_rest(fit) and len(sizes) > 1 and sizes.most_common(2)[1][1] >= LEAST_OF_TWO


def counts_rest(fit: LengthFit) -> bool:
    """Return True if a number counts the whole frame, or all but its head, or nearly all of what is after it."""
    return fit.adds in (0, fit.at) or 0 <= fit.adds - fit.at - fit.size <= LONGEST_REST


def _rank(fit: LengthFit) -> tuple[float, int, int]:
    """Return the key by which lengths are ordered: those that explain most frames, with a bonus for the usual ones."""
    return -_weigh(fit), len(fit.starts), fit.at


def _weigh(fit: LengthFit) -> float:
    """Return the number of frames that a length explains, with a bonus if it is a usual one."""
    return (USUAL_BONUS if _is_usual(fit.key) else 1) * len(fit.frames)


def _is_usual(key: NumberKey) -> bool:
    """Return True if a number counts the whole frame, or all but its head, or what is after it.

    What is after it may be with or without a check.
    """
    at, size, _, adds = key
    return adds in (0, at) or 0 <= adds - at - size <= LONGEST_CHECK


def _list_keys(data: bytes, place: int, following: Iterable[int], unit: int) -> Iterator[tuple[NumberKey, int]]:
    """Yield the numbers after a place that explain the distance to one of the following places."""
    numbers = [
        (at, size, order, unit * int.from_bytes(data[place + at : place + at + size], order))
        for at in range(1, FARTHEST_LENGTH + 1)
        for size, order in FORMS
    ]
    for other in following:
        distance = other - place
        if distance > LONGEST_FRAME:
            return
        for at, size, order, number in numbers:
            if SMALLEST_ADDS <= distance - number <= LARGEST_ADDS and at + size <= distance:
                yield (at, size, order, distance - number), number


def _build_fit(data: bytes, starts: frozenset[int], places: Sequence[int], key: NumberKey, unit: int = 1) -> LengthFit:
    """Return the fit of a length, with all frames that it explains."""
    at, size, order, adds = key
    known, frames, free = {*places, len(data)}, [], 0
    for place in places:
        end = place + unit * int.from_bytes(data[place + at : place + at + size], order) + adds
        if place >= free and end in known and end >= place + at + size:
            frames.append((place, end))
            free = end
    return LengthFit(starts, at, size, order, adds, tuple(frames), len(places), unit)
