"""Some of the bytes that all frames begin with are their head: given frames, the head that is listed first."""

import random

import pytest
from msgspec.structs import replace

from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.discovery.heads.head_readings import list_heads_by_convention
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.wire.checks import build_sum


def frames(head: str, *, start: int = 0, constant: bool = True) -> bytes:
    """Return frames with a length and an exclusive or from `start` on; some bytes of the payload may never change."""
    chance, xor, out = random.Random(6), build_sum("xor", 1), b""
    for number in range(60):
        payload = bytes([number]) + chance.randbytes(number % 11 + 1)
        payload += b"\x17\x00\x42" if constant else chance.randbytes(3)
        body = bytes.fromhex(head) + bytes([len(payload)]) + (payload[::-1] if constant else payload)
        out += body + bytes([xor(body[start:])])
    return out


def list_heads(found: FramingCandidate) -> list[str]:
    """Return the heads of a candidate and of those that are equal to it, all of which have one head."""
    return [*dict.fromkeys(one.heads[0].hex() for one in (found, *found.equals))]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ("68123456", ["68", "68123456", "681234", "6812"]),
        ("55aa11", ["55aa", "55aa11", "55"]),
        ("55aaeb90", ["55aaeb90", "55aaeb", "55aa", "55"]),
        ("a5b4", ["a5b4", "a5"]),
    ],
)
def test_a_small_number_after_the_first_byte_is_no_head_where_payloads_have_constants(
    sent: str, found: list[str]
) -> None:
    best, *_ = find_framings(frames(sent))
    assert list_heads(best) == found
    assert not best.is_certain


def test_a_small_number_is_of_the_head_where_all_else_changes() -> None:
    best, *_ = find_framings(frames("681234", constant=False))
    assert best.heads == (b"\x68\x12\x34",)


def test_a_head_ends_where_the_check_begins_to_cover_the_frame() -> None:
    best, *_ = find_framings(frames("b562c101", start=2, constant=False))
    assert best.heads == (b"\xb5\x62",)


def test_a_first_byte_that_is_repeated_is_no_number() -> None:
    """The escape sequence of SML (BSI TR-03109-1) is four times 1B; small numbers are in all payloads here."""
    sent = [b"\x1b\x1b\x1b\x1b" + bytes([number, 1, 2, 3, 4, 5]) for number in range(20)]
    length = LengthFit(frozenset({0x1B}), 0, 0, "big", 10, (), 20)
    found = FramingCandidate((sent[0][:4],), length, None, b"", 20, 20, 0.1)
    assert list_heads_by_convention(found, sent)[0].heads == (b"\x1b\x1b\x1b\x1b",)
    other = replace(found, heads=(b"\x1b\x1b\x01\x1b",))
    assert list_heads_by_convention(other, sent)[0].heads == (b"\x1b\x1b",)


def test_heads_of_different_sizes_are_cut_to_the_shorter_one() -> None:
    """Cameras of Sony (VISCA): `81` asks, and `90` answers; most answers go on with `50`."""
    sent = [bytes([0x81, 9, number, 4]) for number in range(20)] + [
        bytes([0x90, 0x50, number, 4]) for number in range(20)
    ]
    length = LengthFit(frozenset({0x81, 0x90}), 0, 0, "big", 4, (), 40)
    found = FramingCandidate((b"\x81", b"\x90\x50"), length, None, b"", 40, 40, 0.1)
    assert list_heads_by_convention(found, sent)[0].heads == (b"\x81", b"\x90")


def test_frames_of_one_size_that_begin_with_three_bytes_have_no_head() -> None:
    """Alarm panels of Paradox begin with a command; two bytes are one for each direction."""
    length = LengthFit(frozenset({0x50, 0x52, 0xE2}), 0, 0, "big", 4, (), 60)
    for count, expected in ((3, ()), (2, (b"\x50", b"\x52"))):
        heads = (b"\x50", b"\x52", b"\xe2")[:count]
        sent = [head + bytes([number, 0x42, 7 * number & 255]) for number in range(20) for head in heads]
        found = FramingCandidate(heads, length, None, b"", 60, 60, 0.1)
        assert list_heads_by_convention(found, sent)[0].heads == expected
