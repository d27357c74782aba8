"""The link of a candidate: given heads, sizes and a check, a link that finds such frames."""

from msgspec.structs import replace

from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.delimiters.delimiter_search import SLIP
from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.discovery.link_proposal import build_link
from sniffer.core.wire.checks import Check, build_sum
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.link_part_parser import LONGEST_FRAME
from sniffer.core.wire.link_parts import LengthField, Shape

SUM = CheckFit(Check("sum", 1, 0, "big", build_sum("sum", 1)), 90, 100)
LENGTH = LengthFit(frozenset(), 2, 1, "big", 5, (), 0)


def candidate(*heads: bytes, shapes: tuple[FrameShape, ...] = (), command: int | None = None) -> FramingCandidate:
    return FramingCandidate(heads, LENGTH, SUM, b"", 90, 100, 1e-12, shapes=shapes, command=command)


def test_a_length_stands_before_the_payload() -> None:
    link, routes, _ = build_link(candidate(b"\xa5", b"\x5a"))
    assert (link.length, link.payload_at, link.longest) == (LengthField(2, 1, "big", 5), 3, 260)
    assert [(route.head, route.direction) for route in routes] == [(b"\xa5", "a>b"), (b"\x5a", "b>a")]


def test_a_length_may_count_words() -> None:
    words = replace(candidate(b"\xa5"), length=replace(LENGTH, unit=2))
    link = build_link(words).link
    assert (link.length, link.longest) == (LengthField(2, 1, "big", 5, unit=2), 515)
    wide = build_link(replace(words, length=replace(LENGTH, size=2, unit=4))).link
    assert wide.longest == LONGEST_FRAME


def test_a_length_may_be_some_bits() -> None:
    link = build_link(replace(candidate(), length=LengthFit(frozenset(), 0, 1, "big", 4, (), 0, mask=0x3F))).link
    assert (link.length, link.longest) == (LengthField(0, 1, "big", 4, mask=0x3F), 67)


def test_only_a_byte_at_the_end_shows_frames_without_head_and_check() -> None:
    """GDL 90 of aircraft: a definition of such frames has the bytes with which they begin as heads."""
    length = LengthFit(frozenset({0x0A, 0x14}), 0, 0, "big", 28, (), 30)
    line = FramingCandidate((), length, None, b"", 30, 30, DOUBT, delimiter=Delimiter(b"\x7e"))
    assert [route.head for route in build_link(line).routes] == [b"\x0a", b"\x14"]
    assert [route.head for route in build_link(replace(line, check=SUM)).routes] == [b""]
    long = replace(line, delimiter=Delimiter(b"\x7e\x0d"))
    assert [route.head for route in build_link(long).routes] == [b""]


def test_shapes_are_those_of_a_head_or_of_commands() -> None:
    by_head = (FrameShape(0, 0, "big", 6, head=0), FrameShape(0, 0, "big", 15, head=1))
    assert build_link(candidate(b"\x55", b"\xa6", shapes=by_head)).link.shapes == (
        Shape(None, 6, direction="a>b"),
        Shape(None, 15, direction="b>a"),
    )
    by_command = (FrameShape(0, 0, "big", 4, frozenset({7})), FrameShape(2, 1, "big", 5, frozenset({3})))
    link = build_link(candidate(shapes=by_command, command=1)).link
    assert link.shapes == (Shape(None, 4, frozenset({7})), Shape(LengthField(2, 1, "big", 5), 0, frozenset({3})))
    assert (link.command and link.command.at, link.payload_at) == (1, 2)


def test_a_delimiter_stands_in_place_of_a_length() -> None:
    framing = FramingCandidate((), LENGTH, SUM, b"", 90, 100, 1e-12, delimiter=SLIP)
    link, routes, _ = build_link(framing)
    assert (link.delimiter, link.length, link.payload_at) == (SLIP, None, 0)
    assert [route.head for route in routes] == [b""]


def test_longer_frames_between_delimiters_are_waited_for() -> None:
    long = replace(LENGTH, adds=700)
    link = build_link(FramingCandidate((b"/",), long, SUM, b"", 90, 100, 1e-12, delimiter=SLIP)).link
    assert (link.longest, link.longest_live) == (1400, 1400)


def test_the_payload_begins_where_the_check_covers_the_frame_or_later() -> None:
    sized = replace(
        candidate(b"\xa5"), length=replace(LENGTH, at=0, size=0, adds=9), check=replace(SUM, check=SUM.check.move(4))
    )
    assert build_link(sized).link.payload_at == 4


def test_of_more_than_two_heads_nothing_says_the_direction() -> None:
    link, routes, _ = build_link(candidate(b"\x0c", b"\x0d", b"\x0f"))
    assert [(route.head, route.direction) for route in routes] == [(b"\x0c", "a>b"), (b"\x0d", "a>b"), (b"\x0f", "a>b")]
    assert link.is_one_way
    assert not build_link(candidate(b"\x0c", b"\x0d")).link.is_one_way


def test_a_head_is_no_longer_than_definitions_allow() -> None:
    (route,) = build_link(candidate(bytes(range(1, 13)))).routes
    assert route.head == bytes(range(1, 9))
