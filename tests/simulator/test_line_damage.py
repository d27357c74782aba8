"""A bad line damages bytes: one kind of damage at a time, and all kinds spread over traffic."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.simulator.line_damage import LineDamage, flip_bits, lose_bytes, make_burst, truncate
from sniffer.simulator.line_timing import Step

usual = settings(deadline=None)
frames = st.binary(min_size=2, max_size=262)
randoms = st.integers().map(Random)
every_kind = pytest.mark.parametrize("kind", [flip_bits, lose_bytes, truncate])


def differing_bits(one: bytes, other: bytes) -> int:
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))


def is_left_of(part: bytes, whole: bytes) -> bool:
    """Return True if `part` is `whole` with bytes taken out."""
    rest = iter(whole)
    return all(byte in rest for byte in part)


@usual
@given(frames, randoms)
def test_flipped_bits_are_one_to_three(data: bytes, random: Random) -> None:
    assert 1 <= differing_bits(data, flip_bits(data, random)) <= 3


def test_every_bit_of_a_frame_can_be_flipped() -> None:
    data, random = bytes(20), Random(1)
    flipped = [flip_bits(data, random) for _ in range(2000)]
    assert {bit for one in flipped for bit in range(160) if one[bit // 8] >> bit % 8 & 1} == set(range(160))


@usual
@given(frames, randoms)
def test_lost_bytes_are_one_to_three_and_the_rest_is_as_it_was(data: bytes, random: Random) -> None:
    left = lose_bytes(data, random)
    assert max(1, len(data) - 3) <= len(left) < len(data)
    assert is_left_of(left, data)


@usual
@given(frames, randoms)
def test_a_frame_that_breaks_off_is_its_beginning(data: bytes, random: Random) -> None:
    left = truncate(data, random)
    assert left
    assert data.startswith(left)
    assert left != data


@usual
@given(randoms)
def test_a_burst_is_short(random: Random) -> None:
    assert 1 <= len(make_burst(random)) <= 12


@every_kind
@usual
@given(data=frames, seed=st.integers())
def test_the_same_random_numbers_do_the_same_damage(
    kind: Callable[[bytes, Random], bytes], data: bytes, seed: int
) -> None:
    assert kind(data, Random(seed)) == kind(data, Random(seed))


@usual
@given(frames, randoms)
def test_a_good_line_damages_nothing(data: bytes, random: Random) -> None:
    line = LineDamage(random, damage_rate=0, burst_rate=0)
    assert line.damage_frame(data) == data
    assert list(line.damage_steps([Step(5, data)])) == [Step(5, data)]


@usual
@given(frames, randoms)
def test_a_bad_line_damages_every_frame(data: bytes, random: Random) -> None:
    assert LineDamage(random, damage_rate=1, burst_rate=0).damage_frame(data) != data


@usual
@given(st.lists(st.builds(Step, st.integers(0, 10**9), frames)), randoms)
def test_bursts_fall_into_the_silence_before_a_frame(steps: list[Step], random: Random) -> None:
    received = list(LineDamage(random, damage_rate=0, burst_rate=1).damage_steps(steps))
    bursts, frames = received[::2], received[1::2]
    assert [step.data for step in frames] == [step.data for step in steps]
    silences = [before.silence + after.silence for before, after in zip(bursts, frames, strict=True)]
    assert silences == [step.silence for step in steps]


def test_the_share_of_damaged_frames_is_the_requested_one() -> None:
    line = LineDamage(Random(1), damage_rate=0.1, burst_rate=0)
    frame = bytes(18)
    damaged = sum(line.damage_frame(frame) != frame for _ in range(10_000))
    assert 900 < damaged < 1100
