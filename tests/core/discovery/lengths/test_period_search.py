"""Frames of one size by what repeats: given bytes, the size, where frames begin, and what all have in common."""

import random

from sniffer.core.discovery.lengths.period_search import divide_period, find_common_places, find_period

HEAD, TAIL = b"\xaa\xff\x03\x00", b"\x55\xcc"


def targets(count: int, seed: int = 1) -> list[bytes]:
    """Return frames as HLK-LD2450 radars send them: four bytes, three targets of eight bytes, two bytes, no check.

    The layout is that of the serial protocol manual of Hi-Link; the targets are made up.
    """
    chance = random.Random(seed)
    frames = []
    for _ in range(count):
        target = b"".join(chance.randrange(0x8000, 0x8300).to_bytes(2, "little") for _ in range(3)) + b"\x68\x01"
        frames.append(HEAD + target + bytes(16) + TAIL)
    return frames


def test_frames_that_repeat_after_their_size_are_found() -> None:
    fit = find_period(b"".join(targets(20)))
    assert fit
    assert (fit.size, fit.begins) == (30, tuple(range(0, 600, 30)))
    assert bytes(byte or 0 for byte in fit.common[:4]) == HEAD
    assert fit.common[4] is None
    assert (fit.votes, fit.against, fit.slack) == (2, 0, 0)


def test_noise_between_frames_shows_where_they_begin() -> None:
    """The capture begins and ends within a frame: only the noise tells."""
    frames = b"".join(
        frame + (b"\x17\x99\x42" if number % 11 == 9 else b"") for number, frame in enumerate(targets(40))
    )
    fit = find_period(frames[11:-13])
    assert fit
    assert fit.begins[:2] == (19, 49)
    assert (fit.votes, fit.against) == (3, 1)
    assert len(fit.begins) == 38


def test_a_damaged_byte_speaks_for_no_begin() -> None:
    frames = targets(30)
    frames[10] = frames[10][:2] + b"\x07" + frames[10][3:]
    fit = find_period(b"".join(frames))
    assert fit
    assert (len(fit.begins), fit.votes, fit.against) == (30, 2, 0)


def test_bytes_before_the_first_one_in_common_are_the_slack() -> None:
    chance = random.Random(2)
    frames = (chance.randbytes(2) + b"\x31\x32\x33" + chance.randbytes(1) for _ in range(40))
    fit = find_period(b"".join(frames))
    assert fit
    assert (fit.size, fit.begins[0], fit.slack) == (6, 2, 3)


def test_long_frames_are_found() -> None:
    chance = random.Random(3)
    fixed = chance.randbytes(280)
    fit = find_period(b"".join(b"\x55\xaa\xeb\x90" + chance.randbytes(16) + fixed for _ in range(12)))
    assert fit
    assert (fit.size, len(fit.begins)) == (300, 12)


def test_other_bytes_have_no_period() -> None:
    chance = random.Random(4)
    assert find_period(b"") is None
    assert find_period(bytes(3000)) is None
    assert find_period(chance.randbytes(3000)) is None
    assert find_period(b"".join(b"\x55\xaa" + chance.randbytes(chance.randrange(9)) for _ in range(200))) is None


def test_a_place_is_in_common_if_nearly_all_frames_have_its_byte() -> None:
    frames = [b"\x01\x02"] * 17 + [b"\x01\x03"] * 3
    assert find_common_places(frames) == [1, None]
    assert find_common_places([*frames[:18], b"\x09\x02"]) == [1, 2]


def test_a_request_and_its_answer_of_one_size_may_begin_with_one_byte() -> None:
    """Sensors T6613 of Telaire: `FF FE 02 02 03` asks, `FF FA 02` and the value answer."""
    chance = random.Random(5)
    data = b"".join(b"\xff\xfe\2\2\3\xff\xfa\2" + chance.randrange(480, 1150).to_bytes(2, "big") for _ in range(40))
    fit = find_period(data)
    assert fit
    assert fit.size == 10
    assert divide_period(data, fit).size == 5
    fit = find_period(data.replace(b"\xff\xfa", b"\xf1\xfa"))
    assert fit
    assert divide_period(data, fit).size == 10
