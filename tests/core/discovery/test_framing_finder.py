"""Proposals for the framing of unknown bytes: given these bytes, these heads, this length and this check."""

import random
from functools import cache
from math import log2

import pytest

from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import ByteOrder, build_sum, list_crcs
from sniffer.core.wire.links import PWRBOARD
from tests.core.discovery.captures import CAPTURES
from tests.core.discovery.makers import MAKERS, UNKNOWABLE, make_traffic
from tests.core.discovery.protocols import Truth, make_session

PROTOCOLS = 20
LEAST_RIGHT = 0.9


@cache
def find_in_session(seed: int) -> list[FramingCandidate]:
    """Return what is found in the session of a random protocol, which several tests look at."""
    return find_framings(make_session(seed)[0])


def truth_of(candidate: FramingCandidate) -> Truth:
    length, fit = candidate.length, candidate.check
    check = (fit.check.name, fit.check.size, fit.check.order, fit.check.start) if fit else None
    return Truth(candidate.heads, (length.at, length.size, length.order, length.adds), check)


@pytest.mark.slow
def test_most_random_protocols_are_found_and_no_check_is_wrong() -> None:
    right = 0
    for seed in range(PROTOCOLS):
        truth = make_session(seed)[1]
        found = [truth_of(one) for one in find_in_session(seed)]
        right += found[:1] == [truth]
        wrong = [one for one in found if one.check and one.check[:2] != (truth.check or ("", 0))[:2]]
        assert not wrong, (seed, truth, wrong)
    assert right >= LEAST_RIGHT * PROTOCOLS


def test_a_checksum_that_is_no_crc_is_unknown() -> None:
    seeds = [seed for seed in range(PROTOCOLS) if make_session(seed)[1].check is None]
    assert len(seeds) >= 3
    assert all(one.check is None for seed in seeds for one in find_in_session(seed))


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


def xor_frames(count: int, first: int = 0xA5) -> list[bytes]:
    """Return frames of a head, a sequence number, their length, a payload and its exclusive or."""
    chance, xor = random.Random(6), build_sum("xor", 1)
    bodies = [bytes([first, number, 4 + number % 11]) + chance.randbytes(number % 11) for number in range(count)]
    return [body + bytes([xor(body)]) for body in bodies]


@pytest.mark.parametrize(("count", "heads"), [(4, (b"\xa5",)), (5, (b"\x3c", b"\xa5"))])
def test_a_second_head_needs_checks_of_32_bits_that_agree(count: int, heads: tuple[bytes, ...]) -> None:
    (found, *_) = find_framings(b"".join(xor_frames(60) + xor_frames(count, 0x3C) + xor_frames(20)))
    assert found.heads == heads


def test_heads_that_begin_no_frame_are_counted() -> None:
    frames = xor_frames(60)
    (found, *_) = find_framings(b"".join([*frames[:30], b"\xa5\x00\x01", *frames[30:], b"\xa5"]))
    assert (found.heads, found.frames, found.of) == ((b"\xa5",), 60, 62)


def test_a_frame_ends_after_its_length_and_its_check() -> None:
    """The length of `A5 A5 02` ends before itself, where the exclusive or of the two bytes before is right."""
    frames = xor_frames(60)
    (found, *_) = find_framings(b"".join([*frames[:30], b"\xa5\xa5\x02\x00", *frames[30:]]))
    assert (found.heads, found.frames) == ((b"\xa5",), 60)


def test_the_chance_of_an_accident_follows_from_the_bits_of_the_checks() -> None:
    chance = random.Random(5)
    frames = [PWRBOARD.build(b"\xaa", number, 1, chance.randbytes(1 + number)) for number in range(12)]
    (found, *_) = find_framings(b"".join(frames))
    assert found.check
    assert (found.frames, found.check.check.size) == (12, 2)
    # The check of one frame may be any; those of the other eleven agree with it.
    assert log2(found.accident) == pytest.approx(log2(found.check.tried) - 11 * 16)


@pytest.mark.parametrize("noise_after", [9, 100], ids=["noise", "no noise"])
@pytest.mark.parametrize("tail", [b"\x77", b"\r\n"])
def test_bytes_at_the_end_of_each_frame_are_a_tail(tail: bytes, noise_after: int) -> None:
    """They do not stand before the first frame, nor before one after noise."""
    chance = random.Random(4)
    frames = b""
    for number in range(60):
        frame = PWRBOARD.build(b"\xdd", number, 1, chance.randbytes(chance.randrange(20))) + tail
        frames += frame + (chance.randbytes(3) if number % noise_after == noise_after - 1 else b"")
    (found, *_) = find_framings(frames)
    assert (found.heads, found.tail) == ((b"\xdd",), tail)


def test_few_frames_prove_nothing() -> None:
    data, _ = make_session(5, frames=3, noise=0)
    assert find_framings(data) == []


def parts_of(candidate: FramingCandidate) -> tuple[object, ...]:
    found = truth_of(candidate)
    return tuple(head.hex() for head in found.heads), found.length, found.check, candidate.tail.hex()


@pytest.mark.parametrize("name", MAKERS)
def test_the_protocols_of_known_makers_are_found(name: str) -> None:
    maker = MAKERS[name]
    best, *_ = find_framings(make_traffic(maker.build, 1, turns=50))
    assert parts_of(best) == (maker.heads, maker.length, maker.check, maker.tail)


@pytest.mark.parametrize("name", UNKNOWABLE)
def test_what_has_no_head_and_length_is_undetermined(name: str) -> None:
    for turns in (30, 100):
        assert find_framings(make_traffic(UNKNOWABLE[name], 1, turns=turns)) == []


def test_a_cancelled_search_ends_without_a_result() -> None:
    assert find_framings(make_session(5)[0], lambda: True) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("votronic", (("aa",), (0, 0, "big", 16), ("xor", 1, "big", 1), "")),
        ("ks", (("7b",), (2, 1, "big", 4), None, "7d")),
        ("flow meter", (("f7",), (2, 1, "big", 5), ("CRC-16/MODBUS", 2, "little", 0), "")),
        ("daly", (("51", "81"), (2, 1, "big", 5), ("CRC-16/MODBUS", 2, "little", 0), "")),
    ],
)
def test_the_framing_of_public_captures_is_found(name: str, expected: tuple[object, ...]) -> None:
    """A length of Modbus is that of the answers only; a request and its answer are no frame."""
    best, *_ = find_framings(bytes.fromhex(CAPTURES[name]))
    assert parts_of(best) == expected


def test_a_tail_is_no_head() -> None:
    """Frames of Basen batteries: syssi/esphome-basen-bms, docs/pdus. Between them stands only their end."""
    frames = """
        3A 16 24 01 00 3B 00 0D 0A 3A 16 25 01 00 3C 00 0D 0A 3A 16 2A 01 00 41 00 0D 0A 3A 16 2B 01 00 42 00 0D 0A
        3A 16 E8 01 10 0F 01 0D 0A 3A 16 E8 01 90 8F 01 0D 0A 3A 16 E8 01 B0 AF 01 0D 0A 3A 16 FE 01 00 15 01 0D 0A
    """
    found = find_framings(bytes.fromhex(frames))
    assert [(one.heads[0][:1], one.tail) for one in found] == [(b"\x3a", b"\r\n")]


def test_frames_of_one_size_without_a_check_are_never_certain() -> None:
    """A request and its answer always follow each other: they look like one frame."""
    chance = random.Random(7)
    data = b"".join(b"\x55\x14" + chance.randbytes(17) + b"\xaa" for _ in range(40))
    (found,) = find_framings(data)
    assert parts_of(found) == (("5514",), (0, 0, "big", 20), None, "aa")
    assert not found.is_certain


def test_frames_that_repeat_prove_once() -> None:
    """Two pieces of one message seem to be frames of two sizes, however often it is sent."""
    message = bytes.fromhex("00 04 34 14 A6 00 00 00 34 05 00 03 6D 60 00 F1 6D 60 34 09 00 01 00")
    assert find_framings(message * 60) == []
    frames = xor_frames(12)
    (once, *_), (often, *_) = (find_framings(b"".join(frames * times)) for times in (1, 5))
    assert (often.frames, often.chance) == (5 * once.frames, once.chance)


def test_a_damaged_head_is_no_head_of_its_own() -> None:
    """The heads differ in both bytes, and the check begins after them: frames with a damaged head are right."""
    chance, xor, data = random.Random(2), build_sum("xor", 1), b""
    for number in range(120):
        payload = chance.randbytes(chance.randrange(15))
        body = bytes([number, len(payload)]) + payload
        head = (b"\x12\x34", b"\x94\x7d")[number % 2]
        data += (head if number % 12 else bytes([7 * number & 255]) + head[1:]) + body + bytes([xor(body)])
    best, *_ = find_framings(data)
    assert (best.heads, best.length.at) == ((b"\x12\x34", b"\x94\x7d"), 3)


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_byte_of_zeros_beside_the_length_is_its_high_byte(order: ByteOrder) -> None:
    chance, xor = random.Random(6), build_sum("xor", 1)
    frames = b""
    for number in range(60):
        payload = bytes(chance.randrange(1, 256) for _ in range(1 + number % 11))
        body = b"\xa5\x5a" + (len(payload) + 5).to_bytes(2, order) + payload
        frames += body + bytes([xor(body)])
    (found, *_) = find_framings(frames)
    assert (found.length.at, found.length.size, found.length.order) == (2, 2, order)


def test_a_request_and_its_answer_are_not_one_frame() -> None:
    """Few of them, so that nothing says more; the check of the answer alone is that of the pair from byte 7 on."""
    data = bytes.fromhex(CAPTURES["soyosource"])[:210]
    assert not any(one.is_certain and one.length.adds == 21 for one in find_framings(data))


def test_two_frames_with_an_exclusive_or_are_not_one() -> None:
    chance, xor = random.Random(8), build_sum("xor", 1)
    bodies = [bytes([0x02, code]) + chance.randbytes(9) for _ in range(30) for code in (0x51, 0x61)]
    (found, *others) = find_framings(b"".join(body + bytes([xor(body)]) for body in bodies))
    assert (found.heads, found.length.adds, found.frames) == ((b"\x02",), 12, 60)
    assert others == []


def test_requests_are_found_beside_answers_that_have_most_bytes() -> None:
    """A length explains the answers only, and nearly all bytes."""
    chance, out = random.Random(4), b""
    for _ in range(30):
        size = chance.choice([4, 20, 60])
        for body in (bytes([1, 4, 0, 0, 0, size // 2]), bytes([1, 4, size]) + chance.randbytes(size)):
            out += body + list_crcs()["CRC-16/MODBUS"].compute(body).to_bytes(2, "little")
    best, *_ = find_framings(out)
    assert (best.frames, best.of, best.covered) == (60, 60, len(out))


def test_frames_without_a_check_are_not_certain_if_many_heads_begin_none() -> None:
    chance, frames = random.Random(5), []
    for number in range(60):
        frames.append(b"\xa5\x5a" + bytes([number % 7]) + chance.randbytes(number % 7))
    (best, *_) = find_framings(b"".join(frames))
    (damaged, *_) = find_framings(b"".join(frame + b"\xa5\x5a\x09" * (at % 5 == 4) for at, frame in enumerate(frames)))
    assert best.accident < 1e-20
    assert (damaged.check, damaged.heads, damaged.accident) == (None, best.heads, DOUBT)


def test_pieces_of_which_some_always_have_one_size_are_not_certain() -> None:
    """The stream of Meshtastic: `94 C3`, the length, and a field of protobuf with a length that is two less.

    From `C3` to the field, and from there to the next frame but its first byte, are pieces with a length as well.
    """
    chance, data = random.Random(3), b""
    for _ in range(60):
        size = chance.choice([10, 18, 18, 30])
        payload = b"\x22" + bytes([size]) + bytes(chance.randrange(0x60) for _ in range(size))
        data += b"\x94\xc3" + len(payload).to_bytes(2, "big") + payload
    best, *_ = find_framings(data)
    assert (best.heads[0][:1], len(best.heads), best.frames) == (b"\x94", 1, 60)


def test_frames_of_one_size_have_no_length_that_no_check_proves() -> None:
    """Strips of lamps by ELK (BLEDOM) take nine bytes from 7E to EF; numbers in them seem to count pieces."""
    chance, data = random.Random(1), b""
    for _ in range(100):
        colour = b"\x7e\x07\x05\x03" + chance.randbytes(3) + b"\x10\xef"
        data += chance.choice(
            [colour, colour, b"\x7e\x04\x01" + bytes([chance.randrange(101)]) + b"\xff\xff\xff\0\xef"]
        )
    best, *_ = find_framings(data)
    assert (best.heads, best.length.size, best.length.adds) == ((b"\x7e",), 0, 9)
    assert not best.is_certain


def test_pieces_between_frames_that_begin_alike_leave_doubt() -> None:
    """They may be frames with another head and no length."""
    frames = xor_frames(200)
    (alone, *_) = find_framings(b"".join(frames))
    pieces = [frame + (b"\x77\x08\x01" + frame[-2:] if at % 50 == 9 else b"") for at, frame in enumerate(frames)]
    (found, *_) = find_framings(b"".join(pieces))
    assert (found.heads, found.length.at) == (alone.heads, alone.length.at) == ((b"\xa5",), 2)
    assert alone.accident < found.accident == DOUBT


def test_frames_that_repeat_beside_others_show_a_length_that_counts_them() -> None:
    """Sticks of xComfort: `5A`, size of all, data, `A5`. Acknowledges never change, and three follow one of them."""
    chance, data = random.Random(2), b""
    for number in range(100):
        body = bytes([9, 0xB1, 0x1B, 1, 0, 16, 5]) if number % 4 == 0 else b"\x0d\xc1" + chance.randbytes(9)
        data += b"\x5a" + body + b"\xa5"
    best, *_ = find_framings(data)
    assert (best.heads[0][:1], best.length.at, best.length.adds, best.check) == (b"\x5a", 1, 0, None)
    assert not best.is_certain


def test_a_request_that_never_changes_is_no_tail() -> None:
    """Readers of Feig: frames begin with their size, and a request of 7 bytes follows each answer."""
    crc, chance, data = list_crcs()["CRC-16/MCRF4XX"].compute, random.Random(3), b""
    for number in range(100):
        answer = b"\0\xb0\0\1\3" + chance.randbytes(8) if number % 3 == 0 else b"\0\xb0\1"
        for body in (b"\xff\xb0\1\0", answer):
            frame = bytes([len(body) + 3]) + body
            data += frame + crc(frame).to_bytes(2, "little")
    best, *_ = find_framings(data)
    assert best.check
    assert (best.heads, best.length.at, best.length.adds, best.check.check.start) == ((), 0, 0, 0)


def test_a_header_with_an_inverted_exclusive_or_has_a_check_of_its_own() -> None:
    """Radars LD6002 of Hi-Link: head, number, size and kind with a check, then data with one."""
    inverted, chance, data = build_sum("xor inverted", 1), random.Random(4), b""
    for number in range(100):
        payload = chance.randbytes((4, 12, 4, 8)[number % 4])
        header = b"\x01" + number.to_bytes(2, "big") + len(payload).to_bytes(2, "big") + b"\x0a\x14"
        data += header + bytes([inverted(header)]) + payload + bytes([inverted(payload)])
    best, *_ = find_framings(data)
    assert best.check
    assert (best.length.at, best.length.size, best.length.adds) == (3, 2, 9)
    assert (best.check.check.name, best.check.check.start) == ("xor inverted", 8)


def test_zeros_at_the_end_of_frames_of_one_size_show_no_length() -> None:
    """Controllers of Kunteng send 12 bytes to their display, of which byte 6 is the exclusive or of all but the first.

    That of all of them is 0, also before each of the two zeros at the end. The high byte of a speed seems to say before
    which.
    """
    chance, xor, data = random.Random(2), build_sum("xor", 1), b""
    for _ in range(100):
        first = b"\x10\x30" + chance.randrange(0x1A0, 0x260).to_bytes(2, "big") + b"\0"
        last = bytes([chance.choice([0, 0x20]), chance.randrange(15, 30), chance.randrange(15, 45), 0, 0])
        data += b"\x41" + first + bytes([xor(first + last)]) + last
    best, *_ = find_framings(data)
    assert (best.heads, best.length.size, best.length.adds) == ((b"\x41",), 0, 12)
    assert best.check
    assert (best.check.check.name, best.check.check.start, best.tail) == ("xor", 1, b"\0\0")


def test_a_length_may_count_frames_that_repeat_beside_those_of_one_size() -> None:
    """Readers of ThingMagic: `FF`, size of the data, command, status, data, and a check that is none of those known.

    Most answers are tags; those of other commands never change.
    """
    chance, data = random.Random(3), b""
    tags = [chance.randbytes(12) for _ in range(5)]
    for number in range(100):
        answers = [b"\0\x97\0\0", b"\1\x72\0\0\x29", b"\2\x63\0\0\0\0"]
        tag = b"\x13\x22\0\0\0\0\x1b\1" + bytes([chance.randrange(180, 230), 0x11, 0]) + chance.choice(tags)
        body = answers[number // 2 % 3] if number % 2 else tag
        scrambled = random.Random(body).randbytes(2)
        data += b"\xff" + body + scrambled
    best, *_ = find_framings(data)
    assert (best.heads, best.length.at, best.length.adds, best.check, best.frames) == ((b"\xff",), 1, 7, None, 100)
