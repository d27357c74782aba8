"""The direction of frames that leave it open: given these frames in this order, these directions."""

from collections.abc import Sequence

from sniffer.base.times import MILLISECOND
from sniffer.core.wire.checks import list_crcs
from sniffer.core.wire.direction_finder import find_directions
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link_set import LinkSet
from sniffer.core.wire.links import PACKAGED
from tests.core.wire.boards import load_links

LINKS = load_links("""
[[link]]
name = "bus"
heads = { "master>slave" = "", "slave>master" = "" }
address = { at = 0 }
command = { at = 1 }
payload = 2
turn = { requests = "master>slave", within = 500 }
check = { name = "CRC-16/MODBUS", order = "little" }
sizes = [{ direction = "master>slave", size = 8 }, { direction = "slave>master", size = 8 }]
""")

TAPPED = load_links("""
[[link]]
name = "pair"
heads = { "host>bms" = "DD", "bms>host" = "DD" }
taps = ["bms>host", "host>bms"]
payload = 2
length = { at = 1, adds = 3 }
check = { name = "sum" }
""")

REQUEST, ANSWER = "master>slave", "slave>master"
WRITE = "01 06 00 01 00 03"


def frame_of(links: LinkSet, raw: bytes, milliseconds: int | None) -> Frame:
    framer = Framer(links.routes_in_bytes)
    (item,) = framer.feed(raw, None if milliseconds is None else milliseconds * MILLISECOND)
    assert isinstance(item, Frame)
    return item


def directions_of(frames: Sequence[tuple[str, int | None]]) -> list[str | None]:
    """Return the directions of frames of the bus, given without their checks and with their times in milliseconds."""
    finder = find_directions(LINKS)
    assert finder
    found = []
    for text, time in frames:
        body = bytes.fromhex(text)
        raw = body + list_crcs()["CRC-16/MODBUS"].compute(body).to_bytes(2, "little")
        frame = frame_of(LINKS, raw, time)
        assert frame.direction is None
        resolved = finder.resolve(frame, 0)
        assert (resolved.raw, resolved.time) == (frame.raw, frame.time)
        found.append(resolved.direction)
    return found


def test_an_echo_is_the_answer() -> None:
    assert directions_of([(WRITE, 0), (WRITE, 20), (WRITE, 1000), (WRITE, 1020)]) == [REQUEST, ANSWER] * 2


def test_a_frame_that_comes_too_late_is_a_request_again() -> None:
    assert directions_of([(WRITE, 0), (WRITE, 501), (WRITE, 1001)]) == [REQUEST, REQUEST, ANSWER]


SIDES = load_links("""
[[link]]
name = "sides"
heads = { "host>unit" = "D7", "unit>host" = "D7" }
address = { at = { "host>unit" = 1, "unit>host" = 2 } }
command = { at = { "host>unit" = 3, "unit>host" = 4 } }
turn = { requests = "host>unit", within = 200 }
sizes = [{ size = 6 }]
payload = 5
check = { name = "sum" }
""")


def test_an_answer_may_have_its_address_and_its_command_at_other_places() -> None:
    """As on a bus where each frame has a destination and a source."""
    finder = find_directions(SIDES)
    assert finder
    bodies = ("D7 09 01 05 00", "D7 01 09 00 05", "D7 09 01 05 00", "D7 01 08 00 05")
    frames = [
        frame_of(SIDES, body + bytes([sum(body) % 256]), time) for time, body in enumerate(map(bytes.fromhex, bodies))
    ]
    found = [finder.resolve(frame, 0) for frame in frames]
    asks, answers = "host>unit", "unit>host"
    assert [frame.direction for frame in found] == [asks, answers, asks, asks]
    assert [frame.address_text for frame in found] == ["09", "09", "09", "01"]


def test_without_times_the_order_decides() -> None:
    assert directions_of([(WRITE, None), (WRITE, None), (WRITE, None)]) == [REQUEST, ANSWER, REQUEST]


def test_a_frame_of_another_address_or_command_is_no_answer() -> None:
    other = "02 06 00 01 00 03"
    assert directions_of([(WRITE, 0), (other, 20), (other, 40)]) == [REQUEST, REQUEST, ANSWER]
    assert directions_of([(WRITE, 0), ("01 05 00 01 FF 00", 20)]) == [REQUEST, REQUEST]


def test_the_tap_says_the_direction() -> None:
    finder = find_directions(TAPPED)
    assert finder
    frame = frame_of(TAPPED, b"\xdd\x01\x07\xe5", 0)
    assert [finder.resolve(frame, tap).direction for tap in (0, 1, 2, 3)] == [None, "bms>host", "host>bms", None]


def test_the_packaged_links_need_no_finder() -> None:
    assert find_directions(PACKAGED) is None
