"""A capture cut into whole blocks: which of them may be decoded as a batch."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.pcapng.block_cutter import BlockCutter, Blocks


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    size = len(body) + 12
    return struct.pack(f"{order}II", kind, size) + body + struct.pack(f"{order}I", size)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


INTERFACE = block(1, struct.pack("<HHI", 250, 0, 0))
PACKET = block(6, bytes(24))
NEW_KIND = block(99, b"1234")


def cut(*pieces: bytes) -> list[Blocks]:
    cutter = BlockCutter()
    found = [one for piece in pieces for one in cutter.feed(piece)]
    rest = cutter.end()
    return [*found, Blocks(rest, "rest")] if rest else found


def test_packets_between_descriptions_are_one_piece_each() -> None:
    head = section()
    assert cut(head + INTERFACE + PACKET + NEW_KIND + PACKET + INTERFACE + PACKET) == [
        Blocks(head, ""),
        Blocks(INTERFACE, ""),
        Blocks(PACKET + NEW_KIND + PACKET, "<"),
        Blocks(INTERFACE, ""),
        Blocks(PACKET, "<"),
    ]


def test_a_section_says_the_order_of_its_numbers() -> None:
    packet = block(6, bytes(24), ">")
    assert cut(section(">") + packet + section("<") + PACKET) == [
        Blocks(section(">"), ""),
        Blocks(packet, ">"),
        Blocks(section("<"), ""),
        Blocks(PACKET, "<"),
    ]


def test_what_is_not_complete_waits() -> None:
    assert cut(section() + PACKET[:9], PACKET[9:] + PACKET[:5]) == [
        Blocks(section(), ""),
        Blocks(PACKET, "<"),
        Blocks(PACKET[:5], "rest"),
    ]


def test_nothing_behind_damage_is_decoded_as_a_batch() -> None:
    damaged = struct.pack("<II", 6, 3) + bytes(40)
    assert cut(section() + PACKET + damaged, PACKET) == [
        Blocks(section(), ""),
        Blocks(PACKET + damaged, ""),
        Blocks(PACKET, ""),
    ]


def test_a_section_of_unknown_order_is_damage() -> None:
    head = block(0x0A0D0D0A, bytes(16))
    assert cut(head + PACKET) == [Blocks(head + PACKET, "")]


@given(st.lists(st.sampled_from([section(), section(">"), INTERFACE, PACKET, NEW_KIND, b"\0"])), st.data())
def test_no_byte_is_lost_however_the_capture_is_cut(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    at = data.draw(st.integers(0, len(whole)))
    assert b"".join(one.data for one in cut(whole[:at], whole[at:])) == whole
