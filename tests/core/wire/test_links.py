"""Each link's layout builds the known frames from their parts, and refuses what does not fit into a frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.links import (
    COM_TO_OCPP,
    COM_TO_PWR,
    DBUS,
    OCPP_TO_COM,
    PWR_TO_COM,
    PWRBOARD,
    ROUTES,
    ROUTES_IN_BYTES,
    find_possible_routes,
)
from tests.known_frames import KNOWN_FRAMES, KnownFrame

LINKS = {"pwrboard": PWRBOARD, "dbus": DBUS}
HEADS = {"pwrboard": b"\xbb", "dbus": b"\xff\x6a\xa6"}
LARGEST_COMMAND = {"pwrboard": 0xFF, "dbus": 0xFFFF}
LONGEST_PAYLOAD = {"pwrboard": 255, "dbus": 0xFFFF - 4}

each_link = pytest.mark.parametrize("name", LINKS)


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_building_from_the_parts_gives_the_known_frame(known: KnownFrame) -> None:
    assert LINKS[known.link].build(known.head, known.sequence, known.command, known.payload) == known.raw


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_known_frame_ends_where_its_length_says(known: KnownFrame) -> None:
    around = b"\x01\x02\x03" + known.raw + b"\xff\xff"
    assert LINKS[known.link].frame_end(around, 3, len(around)) == 3 + len(known.raw)


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_without_its_length_a_frame_ends_past_the_data(known: KnownFrame) -> None:
    length_ends = {"pwrboard": 5, "dbus": 7}[known.link]
    for size in range(1, length_ends):
        assert LINKS[known.link].frame_end(known.raw, 0, size) > size


@pytest.mark.parametrize("length", range(4))
def test_a_dbus_length_that_cannot_hold_command_and_crc_allows_no_frame(length: int) -> None:
    assert DBUS.frame_end(b"\xff\x6a\xa6\x00\x01\x00" + bytes([length]) + bytes(8), 0, 15) == 0


@pytest.mark.parametrize(("link", "overhead", "longest"), [(PWRBOARD, 7, 262), (DBUS, 11, 65542)])
def test_the_shortest_and_the_longest_frame(link: Link, overhead: int, longest: int) -> None:
    assert (link.overhead, link.longest) == (overhead, longest)


@each_link
def test_the_shortest_and_the_longest_frame_can_be_built(name: str) -> None:
    link, head = LINKS[name], HEADS[name]
    assert len(link.build(head, 0, 0, b"")) == link.overhead
    largest = link.build(head, 0xFFFF, LARGEST_COMMAND[name], bytes(LONGEST_PAYLOAD[name]))
    assert len(largest) == link.longest == link.frame_end(largest, 0, len(largest))


@each_link
def test_a_payload_that_is_a_byte_too_long_is_refused(name: str) -> None:
    with pytest.raises(OverflowError):
        LINKS[name].build(HEADS[name], 0, 0, bytes(LONGEST_PAYLOAD[name] + 1))


@each_link
@pytest.mark.parametrize("sequence", [-1, 0x10000])
def test_a_sequence_that_does_not_fit_is_refused(name: str, sequence: int) -> None:
    with pytest.raises(OverflowError):
        LINKS[name].build(HEADS[name], sequence, 0, b"")


@each_link
def test_a_command_that_does_not_fit_is_refused(name: str) -> None:
    for command in (-1, LARGEST_COMMAND[name] + 1):
        with pytest.raises(OverflowError):
            LINKS[name].build(HEADS[name], 0, command, b"")


@given(name=st.sampled_from(sorted(LINKS)), sequence=st.integers(0, 0xFFFF), payload=st.binary(max_size=255))
def test_a_built_frame_holds_its_parts_at_the_documented_offsets(name: str, sequence: int, payload: bytes) -> None:
    raw = LINKS[name].build(HEADS[name], sequence, 0x2D, payload)
    counted = len(payload).to_bytes(1, "big") if name == "pwrboard" else (len(payload) + 4).to_bytes(2, "big")
    middle = {"pwrboard": b"\x2d" + counted, "dbus": counted + b"\x00\x2d"}[name]
    assert raw[:-2] == HEADS[name] + sequence.to_bytes(2, "big") + middle + payload


def test_the_routes_are_every_way_over_both_links() -> None:
    assert {(route.link.name, route.direction, route.head) for route in ROUTES} == {
        (known.link, known.direction, known.head) for known in KNOWN_FRAMES
    }


def test_bytes_alone_do_not_show_the_direction_on_dbus() -> None:
    assert [(route.link, route.direction, route.head) for route in ROUTES_IN_BYTES] == [
        (PWRBOARD, "com>pwr", b"\xaa"),
        (PWRBOARD, "pwr>com", b"\xbb"),
        (DBUS, None, b"\xff\x6a\xa6"),
    ]


@pytest.mark.parametrize(
    ("named", "possible"),
    [
        (COM_TO_PWR, (COM_TO_PWR, PWR_TO_COM)),
        (PWR_TO_COM, (PWR_TO_COM, COM_TO_PWR)),
        (OCPP_TO_COM, (OCPP_TO_COM,)),
        (COM_TO_OCPP, (COM_TO_OCPP,)),
    ],
    ids=lambda value: value.direction if isinstance(value, Route) else None,
)
def test_a_head_has_the_last_word_only_where_heads_differ(named: Route, possible: tuple[Route, ...]) -> None:
    assert find_possible_routes(named) == possible
