"""The parts of `[[link]]` entries: given this text, this part; given that one, this message."""

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link import Link
from sniffer.core.wire.link_parser import parse_links
from sniffer.core.wire.link_parts import LengthField, NumberField, Turn
from tests.core.wire.test_link_parser import entry, file, refuse

SAME_HEADS = '{ "a>b" = "A5", "b>a" = "A5" }'


def link_of(**changed: str | None) -> Link:
    ((link, _, _),) = parse_links(file(entry(**changed)))
    return link


def test_a_command_may_stand_at_another_place_in_each_direction() -> None:
    link = link_of(command='{ at = { "a>b" = 2, "b>a" = 1 } }', sequence=None)
    assert (link.command_of("a>b"), link.command_of("b>a")) == (NumberField(2, 1), NumberField(1, 1))
    assert link.command_of(None) == link.command == NumberField(2, 1)


IN_PAYLOAD = {
    "heads": SAME_HEADS.replace("A5", "FF"),
    "sequence": None,
    "length": None,
    "command": '{ at = { "a>b" = 2, "b>a" = 1 } }',
    "direction": '{ at = 1, "a>b" = 1, "b>a" = "0x79-0x99" }',
    "payload": "2",
    "sizes": "[{ size = 9 }]",
    "check": '{ name = "sum negated", from = 1 }',
}


def test_a_command_may_stand_in_the_payload_of_one_direction() -> None:
    """As in an MH-Z19, whose data sheet has these frames: the payload of a request begins with its command."""
    link = link_of(**IN_PAYLOAD)
    asked = link.build(b"\xff", 0, 0x86, bytes.fromhex("86 00 00 00 00 00"), direction="a>b")
    answered = link.build(b"\xff", 0, 0x86, bytes.fromhex("02 60 47 00 00 00"), direction="b>a")
    assert asked == bytes.fromhex("FF 01 86 00 00 00 00 00 79")
    assert answered == bytes.fromhex("FF 86 02 60 47 00 00 00 D1")
    asking, answering = link.command_of("a>b"), link.command_of("b>a")
    assert asking
    assert answering
    assert asking.read(asked) == answering.read(answered) == 0x86


@pytest.mark.parametrize(
    "sizes", [{"sizes": "[{ size = 9 }, { size = 3 }]"}, {"sizes": None, "length": "{ at = 1, adds = 3 }"}]
)
def test_a_command_in_the_payload_is_in_all_frames(sizes: dict[str, str | None]) -> None:
    assert "the shortest ones have no byte there; state the least length" in refuse(**IN_PAYLOAD | sizes)


def test_the_code_of_a_frame_may_be_its_head() -> None:
    """As on a Nextion display, whose answers have no check."""
    changed = {"heads": '{ "a>b" = ["71", "65"] }', "sequence": None, "length": None, "payload": "1"}
    sizes = "[{ commands = [0x71], size = 8 }, { commands = [0x65], size = 7 }]"
    ends = {"check": '{ name = "none" }', "tail": '"FF FF FF"'}
    ((link, _, routes),) = parse_links(file(entry(**changed, **ends, command="{ at = 0 }", sizes=sizes)))
    number, touch = b"\x71\xff\xff\xff\xff\xff\xff\xff", b"\x65\0\2\1\xff\xff\xff"
    assert link.build(b"\x71", 0, 0x65, b"\0\2\1") == touch
    frames = Framer(routes).feed(number + touch)
    assert [frame.command for frame in frames if isinstance(frame, Frame)] == [0x71, 0x65]


def test_an_address_may_stand_at_another_place_in_each_direction() -> None:
    places = '{ at = { "a>b" = 1, "b>a" = 3 }, tells = "connector" }'
    link = link_of(address=places, command=None, sequence=None, length="{ at = 2, adds = 6 }")
    assert (link.address_of("a>b"), link.address_of("b>a")) == (NumberField(1, 1), NumberField(3, 1))
    assert (link.connector_of("b>a"), link.key_of("b>a")) == (NumberField(3, 1), NumberField(3, 1))
    assert link.build(b"\x5a", 0, 0, b"", direction="b>a", connector=7)[:4] == b"\x5a\0\0\7"
    message = refuse(address='{ at = { "a>b" = 1 } }', sequence=None)
    assert "must be an offset, or a table with one for each of a>b, b>a" in message


def test_a_length_has_a_unit_and_bounds() -> None:
    length = "{ at = 3, adds = 6, unit = 2, least = 1, most = 9, multiple_of = 3 }"
    link = link_of(length=length)
    assert link.length == LengthField(3, 1, "big", 6, 2, 1, 9, 3)
    assert link.longest == 24


def test_a_length_has_the_bits_of_its_mask() -> None:
    link = link_of(length="{ at = 1, mask = 0x3F, adds = 6, most = 9 }", command=None, sequence=None)
    assert link.length == LengthField(1, 1, "big", 6, most=9, mask=0x3F)
    assert link.build(b"\x5a\xc0", 0, 0, b"\1\2")[1] == 0xC0 | link.overhead - 4
    for mask in ("0", "0x100", "0xFF", "0x05"):
        assert "length: mask = " in refuse(length=f"{{ at = 3, adds = 6, mask = {mask} }}")
    assert "must be a whole number from 0 to 63" in refuse(length="{ at = 3, mask = 0x3F, most = 64 }")


@pytest.mark.parametrize("adds", [-16, -1, 24])
def test_a_length_may_count_bytes_that_are_not_of_the_frame(adds: int) -> None:
    assert link_of(length=f"{{ at = 3, adds = {adds}, least = 30 }}").length == LengthField(3, 1, "big", adds, 1, 30)


def test_a_number_says_the_direction() -> None:
    text = '{ at = 2, "a>b" = [0, 1], "b>a" = 2 }'
    ((link, routes, in_bytes),) = parse_links(file(entry(heads=SAME_HEADS, command=None, direction=text)))
    assert link.directed_by
    assert [route.values for route in routes] == [(0, 1), (2,)]
    assert [route.direction for route in in_bytes] == ["a>b", "b>a", None]


def test_both_sides_take_turns() -> None:
    assert link_of(turn='{ requests = "b>a" }').turn == Turn("b>a", "a>b", 1000 * MILLISECOND)
    assert link_of(turn='{ requests = "a>b", within = 20 }').turn == Turn("a>b", "b>a", 20 * MILLISECOND)


def test_taps_have_directions() -> None:
    assert link_of(taps='["b>a", "a>b"]').taps == ("b>a", "a>b")


def delimited(text: str) -> dict[str, str | None]:
    return {"delimiter": text, "length": None}


def after(**changed: str | None) -> dict[str, str | None]:
    return delimited('{ end = "03" }') | {"check": '{ name = "xor", behind = "end" }'} | changed


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"command": '{ at = { "a>b" = 2 } }'}, "must be an offset, or a table with one for each of a>b"),
        ({"command": '{ at = { "a>b" = 2, "b>a" = 1 } }'}, "'b>a': 1}}: must be at "),
        ({"length": "{ at = 3, least = 9, most = 3 }"}, "most = 3: must be a whole number from 9 to 255"),
        ({"length": "{ at = 3, adds = -17 }"}, "adds = -17: must be a whole number from -16 to "),
        ({"length": "{ at = 3, unit = 0 }"}, "unit = 0: must be a whole number from 1 to 256"),
        ({"delimiter": "{}"}, "length = {"),
        ({"added": "0"}, "added = 0: must be a whole number from 1 to 255"),
        ({"added": "256"}, "added = 256: must be a whole number from 1 to 255"),
        (delimited('{ end = "C0" }') | {"added": "1"}, "added = 1: must be left out with a delimiter"),
        (delimited("{}"), "end is missing: it must be 1 to 16 bytes in hexadecimal"),
        (delimited('{ end = "C0", xor = 1 }'), "escape is missing: it must be the byte after which"),
        (delimited('{ end = "C0", escape = "C0", xor = 1 }'), "escape = 'C0': must be one byte"),
        (delimited('{ end = "0D 0A", escape = "DB", xor = 1 }'), "escape = 'DB': must be one byte"),
        (delimited('{ end = "01", coding = "cobs" }'), "end = '01': must be 00"),
        (delimited('{ end = "00", coding = "cob" }'), "coding = 'cob': must be one of cobs"),
        (delimited('{ end = "00", coding = "cobs", escape = "10" }'), "escape = '10': must be left out, as stuffed"),
        (delimited('{ begin = "10 02", end = "10 03", escape = "10", xor = 1 }'), "xor = 1: must be left out"),
        (delimited('{ begin = "10 02", end = "10 03" }'), "begin = '10 02': must be the escape and"),
        (delimited('{ begin = "10 02", end = "10 02", escape = "10" }'), "begin = '10 02': must be the escape and"),
        (delimited('{ begin = "10 02", end = "10 10", escape = "10" }'), "begin = '10 02': must be the escape and"),
        (delimited('{ begin = "10 02", end = "03", escape = "10" }'), "begin = '10 02': must be the escape and"),
        (delimited('{ begin = "", end = "10 03", escape = "10" }'), "begin = '': must be the escape and"),
        (delimited('{ begin = "10", end = "10", escape = "10" }'), "begin = '10': must be the escape and"),
        (delimited('{ end = "0D", digits = "upper" }'), "begin is missing: it must be 1 to 8 bytes in hex"),
        (delimited('{ begin = "41", end = "0D", digits = "upper" }'), "begin = '41': must be 1 to 8 bytes"),
        (delimited('{ begin = "7E", end = "30", digits = "upper" }'), "end = '30': must be 1 to 8 bytes"),
        (delimited('{ begin = "7E", end = "7E", digits = "upper" }'), "begin = '7E': must be other bytes than the end"),
        (delimited('{ begin = "7E", end = "0D", digits = "any" }'), "digits = 'any': must be one of upper, lower"),
        (delimited('{ begin = "7E", end = "0D", digits = "upper", escape = "10" }'), "escape = '10': must be left out"),
        (delimited('{ end = "00", coding = "cobs", digits = "upper" }'), "digits = 'upper': must be left out"),
        (delimited('{ end = "C0", escape = "DB" }'), "xor is missing: it must be given, or else table"),
        (delimited('{ end = "C0", escape = "DB", xor = 0 }'), "xor = 0: must be a whole number from 1"),
        (delimited('{ end = "C0", escape = "DB", table = { DC = "C0" } }'), "must have an entry for"),
        (delimited('{ end = "C0", escape = "DB", table = { D = "C0" } }'), "D = 'C0': must be a byte"),
        ({"check": '{ name = "xor", behind = "end" }'}, "behind = 'end': must be left out without a delimiter"),
        (after(check='{ name = "xor", behind = "all" }'), "behind = 'all': must be one of end"),
        (after(check='{ name = "none", behind = "end" }'), "behind = 'end': must be left out, as the frames have no"),
        (after(delimiter='{ end = "00", coding = "cobs" }'), "behind = 'end': must be left out without a delimiter"),
        (
            after(delimiter='{ begin = "7E", end = "0D", digits = "upper" }'),
            "behind = 'end': must be left out without a delimiter",
        ),
        (
            after(check='{ name = "xor", digits = "upper", covers = "digits", behind = "end" }'),
            "covers = 'digits': must be left out, as the end",
        ),
        (after(check='{ name = "xor", behind = "end", end_bytes = 2 }'), "end_bytes = 2: must be a whole number from"),
        (delimited('{ end = "03" }') | {"check": '{ name = "xor", end_bytes = 0 }'}, "end_bytes = 0: must be left out"),
        (after(heads='{ "a>b" = "" }', command=None), "heads = {'a>b': ''}: must be bytes without the end"),
        (after(heads='{ "a>b" = "02 03" }', command=None), "{'a>b': '02 03'}: must be bytes without the end"),
        (delimited('{ end = "C0" }') | {"tail": '"0D"'}, "tail = '0D': must be left out, as the delimiter ends"),
        ({"direction": '{ at = 2, "a>b" = 1 }'}, "b>a is missing: it must be the numbers that frames"),
        ({"direction": '{ at = 2, "a>c" = 1 }'}, "a>c: no such key here"),
        ({"direction": '{ at = 9, "a>b" = 1, "b>a" = 2 }'}, "'b>a': 2}: must be bytes before the payload"),
        ({"turn": '{ requests = "x>y" }'}, "turn: requests = 'x>y': must be one of a>b, b>a"),
        ({"turn": '{ requests = "a>b" }', "heads": '{ "a>b" = "A5" }'}, "must be left out, as only two directions"),
        ({"taps": '["a>c"]'}, "taps = ['a>c']: must be a list with one of a>b, b>a for each tap"),
        ({"address": "{ at = 0 }"}, "address = {'at': 0}: must be at bytes from 1"),
        ({"address": "{ at = 1 }", "sequence": None, "command": "{ at = 1 }"}, "command = {'at': 1}: must be at"),
        ({"address": "{ at = 4 }", "payload": "5"}, "address = {'at': 4}: must be left out, as an answer repeats"),
        (
            delimited('{ end = "0A" }') | {"heads": '{ "a>b" = "" }', "check": '{ name = "none" }', "command": None},
            "must be there where a frame has no head",
        ),
        ({"heads": '{ "a>b" = "" }', "check": '{ name = "none" }'}, "must be there where a frame has no head"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_part_is_refused(changed: dict[str, str | None], message: str) -> None:
    assert message in refuse(**changed)
