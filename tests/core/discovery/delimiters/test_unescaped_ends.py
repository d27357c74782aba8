"""Ends without an escape: given bytes, the end that divides them."""

import random

import pytest

from sniffer.core.discovery.delimiters.unescaped_ends import list_unescaped
from sniffer.core.wire.coding.delimiter import Delimiter


def pieces(end: bytes, heads: bytes, count: int = 80) -> bytes:
    """Return frames with one of these heads, of several sizes, and an end."""
    chance = random.Random(1)
    contents = (bytes(chance.randrange(1, 0x70) for _ in range(chance.choice([2, 3, 5, 9]))) for _ in range(count))
    return b"".join(bytes([chance.choice(heads)]) + content + end for content in contents)


@pytest.mark.parametrize("end", ["ffffff", "cc33c33c", "fffcffff"], ids=["Nextion", "Stone", "Dacai"])
def test_ends_of_several_bytes_are_found_whole(end: str) -> None:
    """The ends of displays: instruction sets of Nextion, Stone and Dacai."""
    (found,) = list_unescaped(pieces(bytes.fromhex(end), b"\x71\x65\x66"))
    assert found == Delimiter(bytes.fromhex(end))


def test_an_end_of_several_bytes_goes_no_further_than_the_last_byte() -> None:
    """All frames begin with EE, which follows nearly each end."""
    (found,) = list_unescaped(pieces(b"\xff\xfc\xff\xff", b"\xee"))
    assert found == Delimiter(b"\xff\xfc\xff\xff")


def test_an_end_of_one_byte_is_followed_by_heads() -> None:
    """Messages of VISCA by Sony end with FF, and begin with 81 to the camera, and with 90 from it."""
    (found,) = list_unescaped(pieces(b"\xff", b"\x81\x90"))
    assert found == Delimiter(b"\xff")
    assert [*list_unescaped(pieces(b"\xff", bytes(range(0x80, 0x90))))] == []
    assert [*list_unescaped(random.Random(2).randbytes(2000))] == []


def test_bytes_of_seven_bits_show_what_begins_and_ends_their_frames() -> None:
    """System exclusive messages of MIDI stand between F0 and F7, and have the same bytes after each F0."""
    chance = random.Random(4)
    frames = (b"\xf0\x41\x10" + bytes(chance.randrange(128) for _ in range(4 + number % 5)) for number in range(60))
    data = b"\x91\xb0" + b"\xf7".join(frames) + b"\xf7\xe5"
    assert [*list_unescaped(data)] == [Delimiter(b"\xf7")]
    assert [*list_unescaped(data.replace(b"\x41", b"\xc1"))] != [Delimiter(b"\xf7")]


def test_few_frames_that_repeat_have_no_end() -> None:
    """Any byte stands at the same places of frames that are always the same."""
    assert [*list_unescaped(pieces(b"\xff\xff\xff", b"\x65", 8) * 10)] == []


def test_what_stands_after_noise_is_no_part_of_an_end() -> None:
    """Transceivers of Icom (CI-V): each message begins with FE FE and ends with FD."""
    chance, data = random.Random(3), b""
    for turn in range(60):
        content = bytes(chance.randrange(0x31, 0x70) for _ in range(chance.choice([2, 3, 5, 9])))
        data += b"\xfe\xfe" + content + b"\xfd" + (b"\x17\x42" if turn % 9 == 8 else b"")
    assert [*list_unescaped(data)] == [Delimiter(b"\xfd")]
    assert [*list_unescaped(data.replace(b"\x17\x42", b""))] == [Delimiter(b"\xfd\xfe\xfe")]


def test_a_byte_that_an_idle_line_repeats_ends_frames() -> None:
    """Masters of an eBUS send AA as long as none of them has anything to say."""
    chance = random.Random(6)
    contents = (bytes(chance.randrange(0xA0) for _ in range(chance.choice([4, 7, 9]))) for _ in range(60))
    frames = [b"\x10\xfe\xb5" + content for content in contents]
    idle = [b"\xaa" * chance.randrange(1, 6) for _ in frames]
    data = b"".join(frame + after for frame, after in zip(frames, idle, strict=True))
    assert [*list_unescaped(data)] == [Delimiter(b"\xaa")]
    in_one_size = b"".join(frame + b"\xaa\xaa" for frame in frames)
    assert [*list_unescaped(in_one_size)] == []
    content = b"".join(frame + bytes([0xAA, chance.randrange(0xA0), 0xAA]) + frame for frame in frames)
    assert [*list_unescaped(content + data)] == []
