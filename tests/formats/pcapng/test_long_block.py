"""A block that is too long to be kept is passed over, and what stands after it is read."""

from struct import Struct, pack

import pytest

from sniffer.base.errors import CutOffError, SkippedError
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.blocks import LONGEST_BLOCK, LONGEST_PASSED
from sniffer.formats.pcapng.long_block import LongBlock, may_be_passed
from sniffer.formats.pcapng.reader import CaptureError, CaptureReader
from tests.formats.pcapng.test_reader import interface, packet, section

CUSTOM, ENHANCED = 0x0BAD, 6
LENGTH = Struct("<I")
TOTAL = LONGEST_BLOCK + 4
BEGIN = section("<") + interface("<") + packet("<", 1, b"one")
HEADER = bytes(8) + b"\2" + bytes(3)


def long_block(kind: int, total: int = TOTAL, end: int | None = None) -> bytes:
    return pack("<II", kind, total) + bytes(total + -total % 4 - 12) + LENGTH.pack(total if end is None else end)


@pytest.mark.parametrize("total", [TOTAL, TOTAL + 1])
@pytest.mark.parametrize("cut", [0, 30, 1 << 22, TOTAL - 2, TOTAL + 5])
def test_what_stands_after_it_is_read(total: int, cut: int) -> None:
    capture, reader = BEGIN + long_block(CUSTOM, total) + packet("<", 2, b"two"), CaptureReader()
    at = len(BEGIN) + cut
    found = [*reader.feed(capture[:at]), *reader.feed(capture[at:])]
    assert [one.data for one in found] == [b"one", b"two"]
    assert (reader.consumed, reader.waiting, reader.is_passing, reader.too_long) == (len(capture), 0, False, 0)


def test_its_bytes_are_not_kept() -> None:
    reader = CaptureReader()
    list(reader.feed(BEGIN + long_block(CUSTOM)[: 1 << 23]))
    assert reader.waiting == 0
    assert reader.is_passing


def test_a_packet_so_long_is_counted() -> None:
    decoder = CaptureDecoder()
    begin = section("<") + interface("<") + packet("<", 1, HEADER + b"one")
    list(decoder.feed(begin + long_block(ENHANCED) + packet("<", 2, HEADER + b"two")))
    with pytest.raises(SkippedError, match=r"^skipped: 1 packet longer than 16 MiB; all others were read$"):
        decoder.check_end()


def test_a_capture_that_ends_within_it_was_cut_off() -> None:
    decoder = CaptureDecoder()
    list(decoder.feed(BEGIN))
    list(decoder.feed(long_block(CUSTOM)[:-6]))
    with pytest.raises(CutOffError, match="cut off after packet 1"):
        decoder.check_end()


def test_nothing_is_decoded_ahead_within_it() -> None:
    decoder = CaptureDecoder()
    list(decoder.feed(section("<") + interface("<") + packet("<", 1, HEADER + b"one")))
    assert decoder.describe_section() is not None
    list(decoder.feed(long_block(CUSTOM)[:100]))
    assert decoder.describe_section() is None


def test_one_that_ends_with_another_length_is_damage() -> None:
    reader = CaptureReader()
    with pytest.raises(CaptureError, match=r"^damaged at byte \d+: a block's two lengths differ$"):
        list(reader.feed(BEGIN + long_block(CUSTOM, end=12)))
    block = LongBlock(CUSTOM, TOTAL, LENGTH)
    assert not block.is_packet
    with pytest.raises(ValueError, match="differ"):
        block.feed(long_block(CUSTOM, end=TOTAL + 4), 0)


@pytest.mark.parametrize(
    ("kind", "total", "expected"),
    [
        (CUSTOM, LONGEST_BLOCK, False),
        (CUSTOM, LONGEST_BLOCK + 1, True),
        (CUSTOM, LONGEST_PASSED, True),
        (CUSTOM, LONGEST_PASSED + 1, False),
        (1, TOTAL, False),
        (0x0A0D0D0A, TOTAL, False),
        (ENHANCED, TOTAL, True),
    ],
)
def test_only_blocks_of_possible_length_are_passed_over(kind: int, total: int, expected: bool) -> None:
    assert may_be_passed(kind, total) is expected
