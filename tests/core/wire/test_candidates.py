"""A candidate is judged: given these bytes, this is a frame, or more bytes are needed, or none begins there."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.candidates import find_noise_claim, group_by_first_byte, is_whole, judge
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link_parser import parse_links
from tests.core.wire.boards import FRAMES, framer_of, load_links
from tests.core.wire.helpers import to_pairs

ROUTES = load_links().routes_in_bytes
NAMES = ("jbd", "tuya", "jk", "modbus")


def judge_at(data: bytes, *, ended: bool = False) -> tuple[str | None, int, int]:
    """Return the direction of the frame at the beginning, and the offsets of the decision."""
    candidates = group_by_first_byte(ROUTES, None)[data[0]]
    route, end, wrong_end = judge(candidates, data, 0, b"", ended=ended)
    return (route.direction or route.link.name) if route else None, end, wrong_end


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_is_found_with_its_route(name: str) -> None:
    raw, direction = FRAMES[name]
    assert judge_at(raw + b"\0\0") == (direction or name, len(raw), 0)


@pytest.mark.parametrize("name", FRAMES)
def test_bytes_are_a_whole_frame_where_the_decision_is_a_frame_that_ends_with_them(name: str) -> None:
    raw, _ = FRAMES[name]
    candidates = group_by_first_byte(ROUTES, None)[raw[0]]
    damaged = raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]
    assert any(is_whole(candidate, raw) for candidate in candidates)
    for data in (raw, damaged, raw + b"\0", *(raw[:size] for size in range(1, len(raw)))):
        for candidate in candidates:
            route, end, _ = judge((candidate,), data, 0, b"", ended=True)
            assert is_whole(candidate, data) == (route is not None and end == len(data))


def test_the_shortest_valid_frame_is_taken() -> None:
    """The answer may still become complete, but the request is there."""
    request = bytes.fromhex("01 03 40 00 00 01 91 CA")
    assert judge_at(request)[:2] == ("master>slave", 8)


def test_a_wrong_check_is_distinguished_from_bytes_that_are_missing() -> None:
    raw, _ = FRAMES["tuya"]
    assert judge_at(raw[:-1] + b"\0") == (None, 0, 7)
    assert judge_at(raw[:-1]) == (None, 7, 0)
    assert judge_at(raw[:1]) == (None, 2, 0)
    assert judge_at(b"\x55\xab\0\0\0\0\0\0") == (None, 0, 0)


def test_a_frame_without_a_check_needs_the_next_head_after_it() -> None:
    raw = bytes.fromhex("A5 5A 02 11 22")
    assert judge_at(raw) == (None, 6, 0)
    assert judge_at(raw + b"\xa5") == (None, 7, 0)
    assert judge_at(raw + b"\xa5\x5a") == ("a>b", 5, 0)
    assert judge_at(raw + b"\x00") == (None, 0, 0)
    assert judge_at(raw, ended=True) == ("a>b", 5, 0)


METER = """
[[link]]
name = "meter"
heads = { "host>meter" = "58 AA", "meter>host" = "55" }
sizes = [{ direction = "host>meter", size = 2 }, { direction = "meter>host", size = 4 }]
payload = 1
check = { name = "none" }

[[link]]
name = "meter-write"
heads = { "host>meter" = "A8" }
sizes = [{ size = 3 }]
payload = 1
check = { name = "sum" }
"""


def test_the_head_after_a_frame_without_a_check_may_be_of_another_link() -> None:
    framer = Framer(load_links(METER).routes_in_bytes)
    data = bytes.fromhex("55 01 02 03 A8 01 A9 58 AA 55 04 05 06 00")
    assert [type(item) is Frame and item.link.name for item in [*framer.feed(data), *framer.flush()]] == [
        "meter",
        "meter-write",
        "meter",
        False,
    ]


RADAR = """
[[link]]
name = "radar"
heads = { "radar>host" = "HEAD" }
length = { at = 2, size = 1, adds = 5 }
payload = 4
check = { name = "none" }
tail = "TAIL"
"""


@pytest.mark.parametrize(
    ("head", "tail", "found"), [("F4 F3", "F8 F7", True), ("F4", "F8 F7", False), ("F4 F3 04 01", "F7", False)]
)
def test_a_long_head_and_tail_need_no_next_head(head: str, tail: str, found: bool) -> None:
    text = RADAR.replace("HEAD", head).replace("TAIL", tail)
    candidates = group_by_first_byte(load_links(text).routes_in_bytes, None)[0xF4]
    start, end = bytes.fromhex(head), bytes.fromhex(tail)
    raw = (start + b"\x04\x04\x04")[:4].ljust(9 - len(end), b"\0") + end
    decision = judge(candidates, raw + b"\0\0", 0, b"", ended=False)
    assert (decision.route is not None, decision.end) == ((True, 9) if found else (False, 0))
    assert find_noise_claim(candidates, raw, 0, len(raw)) == (0, 1)


def test_noise_claims_the_longest_frame_of_its_head() -> None:
    def claim(data: bytes) -> tuple[int, int]:
        return find_noise_claim(group_by_first_byte(ROUTES, None)[data[0]], data, 0, len(data))

    assert claim(bytes.fromhex("55 AA 00 00 00 01 00 00 00")) == (8, 6)
    assert claim(bytes.fromhex("55 AA 00")) == (6, 6)
    assert claim(bytes.fromhex("01 03 00")) == (0, 1)
    assert claim(bytes.fromhex("A5 5A 00")) == (0, 1)


PIECES = st.lists(st.sampled_from([raw for raw, _ in FRAMES.values()]) | st.binary(max_size=12), min_size=1, max_size=8)


@given(PIECES, st.randoms(use_true_random=False))
def test_every_byte_is_returned_once_however_the_input_is_cut(pieces: list[bytes], chance: random.Random) -> None:
    data = b"".join(pieces)
    whole, cut = framer_of(*NAMES), framer_of(*NAMES)
    expected = [*whole.feed(data), *whole.flush()]
    found, at = [], 0
    while at < len(data):
        size = chance.randint(1, 9)
        found += cut.feed(data[at : at + size])
        at += size
    found += cut.flush()
    assert to_pairs(found) == to_pairs(expected)
    assert b"".join(item.raw for item in found) == data


@pytest.mark.parametrize("count", [1, 3])
def test_frames_of_several_boards_are_found_on_one_wire(count: int) -> None:
    frames = [raw for raw, _ in FRAMES.values()] * count
    framer = framer_of(*NAMES)
    found = [*framer.feed(b"\0".join(frames)), *framer.flush()]
    assert [item.raw for item in found if isinstance(item, Frame)] == frames


def test_the_noise_claim_of_a_fixed_size_ends_where_the_frame_would() -> None:
    """Such a frame has no part that says how long it is."""
    keys = {"name": "keys", "heads": {"a>b": "24"}, "sizes": [{"size": 6}], "payload": 1, "check": {"name": "xor"}}
    (entry,) = parse_links(TomlTable("my.toml", {"link": [keys]}))
    candidates = group_by_first_byte(entry.routes_in_bytes, None)[0x24]
    assert find_noise_claim(candidates, b"\x24\x02\x03", 0, 3) == (6, 1)


DIRECTED = """
[[link]]
name = "directed"
heads = { "host>bms" = "A5", "bms>host" = "A5" }
direction = { at = 2, "host>bms" = 0x40, "bms>host" = [1, 2] }
length = { at = 1, adds = 4 }
payload = 3
check = { name = "sum" }
"""


@pytest.mark.parametrize(
    ("sent", "claim"),
    [("A5 01 01 00 A8", (5, 3)), ("A5 01 03 00 A9", (0, 3)), ("A5 01", (5, 3)), ("A5 01 40", (5, 3)), ("A5", (2, 3))],
)
def test_noise_with_a_number_of_no_direction_claims_no_frame(sent: str, claim: tuple[int, int]) -> None:
    raw = bytes.fromhex(sent)
    candidates = group_by_first_byte(load_links(DIRECTED).routes_in_bytes, None)[0xA5]
    found, header_end = find_noise_claim(candidates, raw, 0, len(raw))
    assert (found > len(raw) if claim[0] > len(raw) else found == claim[0], header_end) == (True, claim[1])


DIRECTED_PIECES = st.lists(
    st.sampled_from([b"\xa5\1\1\0\xa7", b"\xa5\1\3\0\xa9", b"\xa5\2\x40"]) | st.binary(max_size=4), max_size=8
)


@given(DIRECTED_PIECES, st.randoms(use_true_random=False))
def test_noise_of_no_direction_is_the_same_however_it_is_cut(pieces: list[bytes], chance: random.Random) -> None:
    data = b"".join(pieces)
    routes = load_links(DIRECTED).routes_in_bytes
    whole, cut = Framer(routes), Framer(routes)
    expected = [*whole.feed(data), *whole.flush()]
    found, at = [], 0
    while at < len(data):
        size = chance.randint(1, 4)
        found += cut.feed(data[at : at + size])
        at += size
    assert to_pairs([*found, *cut.flush()]) == to_pairs(expected)
    # A capture has each piece in a packet of its own, from which the same reason follows.
    alone = [Framer(routes) for _ in expected]
    again = [[*framer.feed(item.raw), *framer.flush()] for framer, item in zip(alone, expected, strict=True)]
    assert [to_pairs(items) for items in again] == [to_pairs([item]) for item in expected]


def test_a_number_says_the_direction_of_a_frame_with_a_delimiter() -> None:
    links = load_links("""
[[link]]
name = "hdlc"
heads = { "sensor>control" = "", "control>sensor" = "" }
delimiter = { end = "7E", escape = "7D", xor = 0x20 }
direction = { at = 0, "sensor>control" = ["0x10-0x1F", 0x30], "control>sensor" = "0x20-0x30" }
payload = 1
check = { name = "sum negated" }
""")
    directions = []
    for first in (0x11, 0x21, 0x30):
        content = bytes([first, 5, -(first + 5) % 256])
        found = Framer(links.routes_in_bytes).parse_whole(b"\x7e" + content + b"\x7e", None)
        directions.append(found.direction if found else "no frame")
    assert directions == ["sensor>control", "control>sensor", None]
