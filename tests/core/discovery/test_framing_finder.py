"""Proposals for the framing of unknown bytes: given these bytes, these heads, this length and this check."""

import random

import pytest

from sniffer.core.discovery.framing_finder import FramingCandidate, find_framings
from sniffer.core.wire.links import PWRBOARD
from tests.core.discovery.protocols import Truth, make_session

PROTOCOLS = 20
LEAST_RIGHT = 0.9


def truth_of(candidate: FramingCandidate) -> Truth:
    length, fit = candidate.length, candidate.check
    check = (fit.check.name, fit.check.size, fit.check.order, fit.check.start) if fit else None
    return Truth(candidate.heads, (length.at, length.size, length.order, length.adds), check)


@pytest.mark.slow
def test_most_random_protocols_are_found_and_no_check_is_wrong() -> None:
    right = 0
    for seed in range(PROTOCOLS):
        data, truth = make_session(seed)
        found = [truth_of(one) for one in find_framings(data)]
        right += found[:1] == [truth]
        wrong = [one for one in found if one.check and one.check[:2] != (truth.check or ("", 0))[:2]]
        assert not wrong, (seed, truth, wrong)
    assert right >= LEAST_RIGHT * PROTOCOLS


def test_a_checksum_that_is_no_crc_is_unknown() -> None:
    seeds = [seed for seed in range(PROTOCOLS) if make_session(seed)[1].check is None]
    assert len(seeds) >= 3
    assert all(one.check is None for seed in seeds for one in find_framings(make_session(seed)[0]))


@pytest.mark.parametrize("data", [b"", b"\xaa" * 3000, bytes(3000), random.Random(1).randbytes(5000)], ids=len)
def test_bytes_without_frames_are_undetermined(data: bytes) -> None:
    assert find_framings(data) == []


def test_a_rare_second_head_is_found_by_its_checks() -> None:
    """One answer for each ten reports: too rare to be seen by the distances between heads."""
    chance = random.Random(3)
    frames = [
        PWRBOARD.build(b"\xaa" if number % 10 == 0 else b"\xbb", number, 1, chance.randbytes(chance.randrange(20)))
        for number in range(100)
    ]
    (found,) = find_framings(b"".join(frames))
    assert found.heads == (b"\xaa", b"\xbb")
    assert (found.frames, found.of) == (100, 100)
    assert truth_of(found).check == ("CRC-16/MODBUS", 2, "big", 0)


@pytest.mark.parametrize("tail", [b"\x77", b"\r\n"])
def test_bytes_at_the_end_of_each_frame_are_a_tail(tail: bytes) -> None:
    """They do not stand before the first frame, nor before one after noise."""
    chance = random.Random(4)
    frames = b""
    for number in range(60):
        frame = PWRBOARD.build(b"\xdd", number, 1, chance.randbytes(chance.randrange(20))) + tail
        frames += frame + (chance.randbytes(3) if number % 9 == 0 else b"")
    (found, *_) = find_framings(frames)
    assert (found.heads, found.tail) == ((b"\xdd",), tail)


def test_few_frames_prove_nothing() -> None:
    data, _ = make_session(5, frames=3, noise=0)
    assert find_framings(data) == []
