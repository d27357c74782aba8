"""Where frames begin that their check does not show: given bytes and candidates, those that begin where noise shows."""

import random
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.frame_origins import choose_tail, drop_moved
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.wire.checks import Check, list_crcs
from tests.core.discovery.makers import make_traffic, slow, total


def radar(chance: random.Random, turn: int) -> bytes:
    """Hi-Link LD2410 with reports and commands, each with a head and an end of its own."""
    report = b"\xf4\xf3\xf2\xf1" + bytes([13, 0]) + slow(chance, turn, 13) + b"\xf8\xf7\xf6\xf5"
    command = b"\xfd\xfc\xfb\xfa" + bytes([4, 0, 0x60 + turn % 9, 1, 0, 0]) + b"\x04\x03\x02\x01"
    return report + command * (turn % 4 == 0)


def unchecked(heads: tuple[bytes, ...], at: int) -> FramingCandidate:
    return FramingCandidate(heads, LengthFit(frozenset(), at, 2, "little", 10, (), 0), None, b"", 100, 100, 1e-12)


def test_of_several_begins_the_one_after_noise_is_kept() -> None:
    wide = unchecked((b"\xf8\xf7\xf6\xf5", b"\x04\x03\x02\x01"), 8)
    right = unchecked((b"\xf4\xf3\xf2\xf1", b"\xfd\xfc\xfb\xfa"), 4)
    near = unchecked((b"\xf1", b"\xfa"), 1)
    data = make_traffic(radar, 1)
    assert drop_moved(data, [wide, right, near]) == [right]
    # Without noise nothing shows it.
    assert drop_moved(make_traffic(radar, 1, noise=0)[15:], [wide, right, near]) == [wide, right, near]
    assert drop_moved(data, [right]) == [right]


def heat_pump(chance: random.Random, turn: int) -> bytes:
    """Build frames as Midea's XYE bus has them, codeberg.org/xye: the sum covers also the end `55`."""
    body = b"\xaa\xc0\x80" + slow(chance, turn, 11)
    return body + total("sum negated", 1, body + b"\x55") + b"\x55"


def plain(chance: random.Random, turn: int) -> bytes:
    body = b"\x55\xaa\xc0\x80" + slow(chance, turn, 11)
    return body + total("sum negated", 1, body)


@pytest.mark.parametrize(
    ("build", "heads", "tail", "initial"),
    [(heat_pump, (b"\xaa\xc0",), b"\x55", 0x55), (plain, (b"\x55\xaa\xc0",), b"", 0)],
    ids=["tail", "head"],
)
def test_a_tail_that_the_sum_covers_is_no_head(
    build: Callable[[random.Random, int], bytes], heads: tuple[bytes, ...], tail: bytes, initial: int
) -> None:
    data = make_traffic(build, 1)
    check = CheckFit(Check("sum negated", 1, 0, "big"), 88, 100)
    length = LengthFit(frozenset(), 0, 0, "big", 16, (), 0)
    frames = sum(data.startswith(b"\x55\xaa\xc0", at) for at in range(len(data))) - 5
    moved = choose_tail(data, FramingCandidate((b"\x55\xaa\xc0",), length, check, b"", frames, 100, 1e-12))
    assert moved.check
    assert (moved.heads, moved.tail, moved.check.check.initial) == (heads, tail, initial)


def test_the_tail_with_which_most_frames_are_found_is_taken() -> None:
    """Klipper's link to its boards: a size, a number, data, a CRC, `7E`. What stands after a frame seems a head."""
    chance, crc = random.Random(2), list_crcs()["CRC-16/MCRF4XX"].compute
    data = b""
    for turn in range(80):
        body = bytes([5 + turn % 9, 0x10 + turn % 16]) + chance.randbytes(turn % 9)
        data += b"\x99\x17" * (turn % 9 == 7) + body + crc(body).to_bytes(2, "big") + b"\x7e"
    check = Check("CRC-16/MCRF4XX", 2, 1, "big")
    length = LengthFit(frozenset(), 1, 1, "big", 0, (), 0)
    head = FramingCandidate((b"\x7e",), length, CheckFit(check, 70, 1), b"", 70, 70, 1e-12)
    right = replace(head, heads=(), length=replace(length, at=0), check=CheckFit(check.move(0), 70, 1), tail=b"\x7e")
    found = choose_tail(data, replace(head, equals=(right,)))
    assert (found.heads, found.tail, found.frames, found.is_certain) == ((), b"\x7e", 80, True)
    assert choose_tail(data, replace(right, equals=(head,))).equals == (head,)


def test_bytes_before_frames_that_always_differ_say_nothing() -> None:
    """Blocks of Septentrio's receivers: `24 40`, a CRC, a number, the size of all."""
    wide, near = unchecked((b"\x24\x40",), 6), unchecked((b"\x0f", b"\x17"), 1)

    def build(chance: random.Random, turn: int) -> bytes:
        return b"\x24\x40" + chance.randbytes(3) + bytes([(0x0F, 0x17)[turn % 2], 7, 0]) + chance.randbytes(9)

    data = make_traffic(build, 1)
    assert drop_moved(data, [wide, near]) == [wide, near]
