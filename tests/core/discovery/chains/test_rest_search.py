"""Frames of other kinds between those of a candidate: given bytes and a candidate, the candidate of both kinds."""

import random

from msgspec.structs import replace

from sniffer.core.discovery.chains.rest_search import add_rest, find_extents
from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import Check
from tests.core.discovery.makers import make_traffic, total


def checked(body: bytes) -> bytes:
    return body + total("sum inverted", 2, body)


def ventilation(chance: random.Random, turn: int) -> bytes:
    """Vent-Axia ventilation, aelias-eu/vent-axia-remote: texts of a display from `02`, and keys from `04`, seldom."""
    lines = b"Normal Airflow".ljust(16) + b"\x16" + f"{chance.randrange(28, 62)} %".encode().ljust(16)
    keys = checked(b"\x04\x05\xaf\xef\xfb" + bytes([1 << turn // 9 % 4])) * (turn % 9 == 0)
    return keys + checked(b"\x02\x00\x00\x08\x07\x15" + lines)


def cooler(chance: random.Random, turn: int) -> bytes:
    """JHS air conditioner, hutchx86/jhs-ac-protocol: reports with a length, commands without; sum after `A5`."""
    want = 0x12 + turn // 11 % 5
    state = bytes([turn // 30 % 2, 1 + turn // 25 % 3, 0, chance.randrange(16, 26), want, 0, 1 + turn // 20 % 2])
    bodies = [bytes([0, 13]) + state + bytes([0, 0, 0, 0, 0x20, 3 * (turn % 40 > 35)])]
    bodies += [bytes([0x11 + turn % 4, want, want])] if turn % 8 == 0 else []
    return b"".join(b"\xa5" + body + total("sum", 1, body) + b"\xf5" for body in bodies)


LENGTH = LengthFit(frozenset(), 0, 0, "big", 16, (), 110)

TEXTS = FramingCandidate(
    (b"\x02",),
    LengthFit(frozenset(), 0, 0, "big", 41, (), 90),
    CheckFit(Check("sum inverted", 2, 0, "big"), 90, 100),
    b"",
    90,
    100,
    1e-12,
    covered=90 * 41,
)


def test_keys_between_texts_are_frames_of_another_head_and_size() -> None:
    data = make_traffic(ventilation, 1)
    found = add_rest(data, TEXTS)
    assert found
    assert [head[:1] for head in found.heads] == [b"\x02", b"\x04"]
    assert [(shape.adds, shape.head) for shape in found.shapes] == [(41, 0), (8, 1)]
    assert found.covered > 0.9 * len(data)


def test_nothing_is_added_where_only_noise_stands_between_frames() -> None:
    chance = random.Random(4)
    data = b"".join(checked(b"\x02" + chance.randbytes(38)) + chance.randbytes(turn % 3) for turn in range(60))
    assert add_rest(data, TEXTS) is None
    assert add_rest(data, FramingCandidate((b"\x02",), TEXTS.length, None, b"", 60, 60, 0.1)) is None


def test_the_cover_of_a_check_is_shown_by_the_frames_between_others() -> None:
    """In reports a zero stands after the head, so that the sum seems to begin at either."""
    length = LengthFit(frozenset(), 2, 1, "big", 5, (), 90)
    after, before = (CheckFit(Check("sum", 1, start, "big"), 90, 100) for start in (2, 1))
    reports = FramingCandidate((b"\xa5",), length, after, b"\xf5", 90, 100, 1e-12, covered=90 * 18)
    found = add_rest(make_traffic(cooler, 1), replace(reports, equals=(replace(reports, check=before),)))
    assert found
    assert found.check
    assert (found.heads, found.check.check.start, found.tail) == ((b"\xa5",), 1, b"\xf5")
    assert 6 in [shape.adds for shape in found.shapes if not shape.size]


def test_a_length_explains_the_frames_of_all_sizes_without_their_heads() -> None:
    """ccTalk: destination, size of the data, source, header, data, two's complement of the sum. Most are polls."""
    chance, out = random.Random(5), []
    for number in range(60):
        rare = [(2, 1, 231, bytes([255, number])), (40, 1, 254, b""), (1, 2, 0, b"Money Controls")]
        polls = [(2, 1, 229, b""), (1, 2, 0, bytes([number]) + chance.randbytes(10))]
        for to, source, header, data in [*polls, *(rare[number % 3 : number % 3 + 1] if number % 4 == 3 else [])]:
            body = bytes([to, len(data), source, header]) + data
            out.append(body + total("sum negated", 1, body))
    shapes = tuple(FrameShape(0, 0, "big", size) for size in (5, 16))
    fit = CheckFit(Check("sum negated", 1, 0, "big"), 110, 120)
    polled = FramingCandidate((b"\1", b"\2"), LENGTH, fit, b"", 110, 120, 1e-12, shapes, covered=60 * 21)
    found = add_rest(b"".join(out), polled)
    assert found
    assert (found.heads, found.shapes, found.frames) == ((), (), len(out))
    assert (found.length.at, found.length.size, found.length.adds) == (1, 1, 5)


def test_extents_are_those_of_frames_and_of_all_that_stands_between() -> None:
    one, other = checked(b"\x02" + bytes(range(38))), checked(b"\x02" + bytes(38))
    assert find_extents(one + b"\1\2" + other, TEXTS) == ([(0, 41), (43, 84)], [(41, 43)])
