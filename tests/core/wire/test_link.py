"""Links of any kind: where a frame ends, whether it is valid, and how it is built."""

import pickle

import pytest

from sniffer.core.wire.checks import no_check
from sniffer.core.wire.link import Link
from sniffer.core.wire.link_parts import (
    BY_HEAD,
    FrameDirections,
    FrameEnd,
    FrameNumbers,
    FramePayload,
    FrameSizes,
    NumberField,
    Shape,
)
from tests.core.wire.boards import FRAMES, load_links

LINKS = load_links().links


def link_of(name: str) -> Link:
    return LINKS[name.partition(" ")[0]]


@pytest.mark.parametrize("name", FRAMES)
def test_a_real_frame_is_valid_and_ends_where_it_says(name: str) -> None:
    raw, direction = FRAMES[name]
    link = link_of(name)
    shape = link.shape_of(raw[1] if "modbus" in name else 0, direction)
    assert link.is_valid(raw)
    assert link.find_end(shape, b"\1" + raw + b"\2", 1, len(raw) + 2) == len(raw) + 1


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_with_one_other_bit_is_not_valid(name: str) -> None:
    raw, _ = FRAMES[name]
    link = link_of(name)
    for at in range(link.check.start, len(raw)):
        damaged = bytearray(raw)
        damaged[at] ^= 1
        assert not link.is_valid(bytes(damaged))


@pytest.mark.parametrize("name", ["jbd", "tuya"])
def test_a_frame_is_built_from_its_parts(name: str) -> None:
    raw, _ = FRAMES[name]
    link = link_of(name)
    head = raw[: link.command.at if link.command else 0]
    command = link.command.read(raw) if link.command else 0
    if name == "jbd":
        head, command = raw[:3], 0xA5
    assert link.build(head, 0, command, b"") == raw


def test_the_shape_of_a_command_has_its_direction() -> None:
    modbus = LINKS["modbus"]
    assert modbus.shape_of(3, "master>slave").size == 8
    answer = modbus.shape_of(3, "slave>master").length
    assert answer
    assert (answer.at, answer.adds) == (2, 5)
    assert modbus.shape_of(0x77, "slave>master") is modbus.shapes[0]


def test_the_length_of_a_link_is_that_of_its_first_shape() -> None:
    length = LINKS["jbd"].length
    assert length
    assert (length.at, length.size, length.adds) == (3, 1, 7)
    assert LINKS["modbus"].length is None


def test_a_command_without_a_shape_begins_no_frame() -> None:
    modbus = LINKS["modbus"]
    assert [modbus.find_end(shape, b"\x01\x55\0\0\0\0\0\0", 0, 8) for shape in modbus.shapes] == [0] * 5


def test_what_is_not_there_yet_is_needed() -> None:
    modbus = LINKS["modbus"]
    assert modbus.find_end(modbus.shapes[0], b"\x01", 0, 1) == 2
    assert modbus.find_end(modbus.shapes[2], b"\x01\x03", 0, 2) == 3
    assert modbus.find_end(modbus.shapes[2], b"\x01\x03\x04", 0, 3) == 9


def test_codes_and_sequences_have_the_size_and_the_order_of_the_link() -> None:
    link = load_links(
        """
        [[link]]
        name = "x"
        heads = { "a>b" = "01" }
        sequence = { at = 1, size = 2, order = "little", shared = ["00FF"] }
        command = { at = 3, size = 2, order = "little" }
        length = { at = 5, size = 1, adds = 7 }
        payload = 6
        check = { name = "xor" }
        """
    ).links["x"]
    assert (link.codes, link.code_digits, link.code_text(10), link.code_bytes(10)) == (65536, 4, "000A", b"\x0a\0")
    assert link.shared_keys == {b"\xff\0"}
    raw = link.build(b"\x01", 0x0203, 0x0405, b"\x77")
    assert raw[:7] == bytes.fromhex("01 03 02 05 04 01 77")
    assert link.sequence
    assert link.sequence.read(raw) == 0x0203
    assert b"" in LINKS["modbus"].shared_keys


def build_link(
    payload: FramePayload, end: FrameEnd, way: FrameDirections = BY_HEAD, *, is_packaged: bool = False
) -> Link:
    """Return a link with these groups."""
    numbers, sizes = FrameNumbers(command=NumberField(1, 1)), FrameSizes((Shape(None, 6),), 6, 6)
    return Link("a", numbers, sizes, payload, end, way, is_packaged=is_packaged)


def test_check_and_tail_are_after_the_payload() -> None:
    link = build_link(FramePayload(2), FrameEnd(no_check(), b"\xbe\xef"))
    assert (link.trailer_size, link.overhead) == (2, 4)
    assert link.assemble(b"\xaa\1", b"\2\3") == b"\xaa\1\2\3\xbe\xef"


def test_links_are_equal_if_all_groups_are() -> None:
    end = FrameEnd(no_check(), b"\xbe")
    link = build_link(FramePayload(2), end)
    assert link == build_link(FramePayload(2), end, FrameDirections(), is_packaged=True)
    assert link != build_link(FramePayload(2), end, FrameDirections(taps=("a>b", "b>a")))
    assert link != build_link(FramePayload(2, order="little"), end)
    assert link != build_link(FramePayload(2), FrameEnd(no_check()))


@pytest.mark.parametrize("name", FRAMES)
def test_another_process_gets_the_same_link_after_its_check_was_used(name: str) -> None:
    link, (raw, _) = link_of(name), FRAMES[name]
    assert link.is_valid(raw)
    sent = pickle.loads(pickle.dumps(link))
    assert sent == link
    assert sent.is_valid(raw)


def test_another_process_gets_the_same_routes() -> None:
    routes = load_links().all_routes
    sent = pickle.loads(pickle.dumps(routes))
    assert [(one.link, one.head, one.direction) for one in sent] == [
        (one.link, one.head, one.direction) for one in routes
    ]
