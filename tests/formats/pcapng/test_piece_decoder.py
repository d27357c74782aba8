"""Pieces of a capture: how many of their bytes are whole blocks, and in which of them frames are decoded."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.decoded_run import CaptureSection, RunReader
from sniffer.formats.pcapng.piece_decoder import PieceDecoder
from tests.benchmarks.equipment.capture_shapes import SHAPES
from tests.formats.pcapng.helpers import DEFINITION

HEAD, *PACKETS = SHAPES["own.pcapng"](6)
NO_INTERFACES = CaptureSection("<", (), ())


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    size = len(body) + 12
    return struct.pack(f"{order}II", kind, size) + body + struct.pack(f"{order}I", size)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


INTERFACE = block(1, struct.pack("<HHI", 250, 0, 0))
PACKET = block(6, bytes(24))
NEW_KIND = block(99, b"1234")


def describe() -> CaptureSection:
    """Return the section of the packets here."""
    decoder = CaptureDecoder()
    assert [*decoder.feed(HEAD + PACKETS[0])]
    described = decoder.describe_section()
    assert described
    return described


def read(decoder: PieceDecoder, piece: bytes) -> tuple[int, int]:
    """Return the size of the whole blocks that a piece completes, and the number of frames in them."""
    size, runs = RunReader(DEFINITION).read(decoder.decode(piece))
    return size, sum(len(run.messages) for run in runs)


def test_what_is_no_whole_block_is_left_for_the_next_piece() -> None:
    decoder, whole = PieceDecoder(DEFINITION, describe()), b"".join(PACKETS[1:])
    first = len(PACKETS[1])
    assert read(decoder, whole[: first + 5]) == (first, 1)
    assert read(decoder, whole[first + 5 :]) == (len(whole) - first, 4)


def test_no_frames_are_found_after_a_description_until_the_section_is_set_anew() -> None:
    described = describe()
    decoder = PieceDecoder(DEFINITION, described)
    assert read(decoder, PACKETS[1] + INTERFACE + PACKETS[2])[1] == 1
    assert read(decoder, PACKETS[3])[1] == 0
    decoder.set_section(described)
    assert read(decoder, PACKETS[4])[1] == 1


def test_a_section_says_the_order_of_its_numbers() -> None:
    packet = block(6, bytes(24), ">")
    data = section(">") + packet + section("<") + PACKET + NEW_KIND
    assert read(PieceDecoder(DEFINITION, NO_INTERFACES), data + packet[:4]) == (len(data), 0)


def test_everything_from_damage_on_is_given_back() -> None:
    decoder = PieceDecoder(DEFINITION, describe())
    damaged = struct.pack("<II", 6, 3) + bytes(40)
    assert read(decoder, PACKETS[1] + damaged) == (len(PACKETS[1] + damaged), 1)
    assert read(decoder, PACKETS[2]) == (len(PACKETS[2]), 0)


def test_a_section_of_unknown_order_is_damage() -> None:
    data = block(0x0A0D0D0A, bytes(16)) + PACKETS[1]
    assert read(PieceDecoder(DEFINITION, describe()), data) == (len(data), 0)


@given(st.lists(st.sampled_from([section(), INTERFACE, PACKET, NEW_KIND, b"\0", *PACKETS])), st.data())
def test_no_byte_is_skipped_however_the_capture_is_cut(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    at = data.draw(st.integers(0, len(whole)))
    decoder, alone = PieceDecoder(DEFINITION, describe()), PieceDecoder(DEFINITION, describe())
    in_two = [read(decoder, piece) for piece in (whole[:at], whole[at:])]
    together = read(alone, whole)
    assert sum(frames for _, frames in in_two) == together[1]
    # After damage nothing is left for the next piece.
    assert sum(size for size, _ in in_two) in (together[0], len(whole))
