"""The entries of links: given this text, this link; given that one, this message."""

import tomllib

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.link_parser import parse_link_set, parse_links
from sniffer.core.wire.links import PACKAGED
from tests.core.wire.boards import BOARDS

LINK = {
    "name": '"x"',
    "heads": '{ "a>b" = "A5", "b>a" = "5A" }',
    "sequence": "{ at = 1, size = 1 }",
    "command": "{ at = 2, size = 1 }",
    "length": "{ at = 3, size = 1, adds = 6 }",
    "payload": "4",
    "check": '{ name = "CRC-16/XMODEM" }',
}


def entry(**changed: str | None) -> str:
    """Return a link with these keys instead; a key of None is left out."""
    keys = {key: value for key, value in {**LINK, **changed}.items() if value is not None}
    return "[[link]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


def file(text: str) -> TomlTable:
    return TomlTable("my.toml", tomllib.loads(text))


def refuse(**changed: str | None) -> str:
    with pytest.raises(DefinitionError) as refused:
        parse_links(file(entry(**changed)))
    return str(refused.value)


def test_a_link_has_what_its_entry_says() -> None:
    ((link, routes, in_bytes),) = parse_links(file(entry(tail='"0D 0A"', longest="100", about='"A display."')))
    assert (link.name, link.about, link.payload_at, link.tail, link.overhead) == ("x", "A display.", 4, b"\r\n", 8)
    assert (link.longest, link.longest_live, link.check.name, link.check.size) == (100, 100, "CRC-16/XMODEM", 2)
    assert [(route.head, route.direction) for route in routes] == [(b"\xa5", "a>b"), (b"\x5a", "b>a")]
    assert in_bytes == routes


def test_a_check_may_be_given_by_its_parameters() -> None:
    text = '{ name = "own", size = 2, polynomial = 0x8005, initial = 0xFFFF, reflected = true, order = "little" }'
    ((link, _, _),) = parse_links(file(entry(check=text)))
    assert link.check.compute(b"123456789") == 0x4B37
    assert (link.check.name, link.check.order) == ("own", "little")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"x": "1"}, "my.toml: link 1: x: no such key here"),
        ({"name": '"A B"'}, 'name = \'A B\': must be a word of small letters'),
        ({"name": None}, "name is missing"),
        ({"heads": None}, "heads = must be a table".replace(" = ", " is missing: it ")),
        ({"heads": "{}"}, "heads = {}: must be a table of directions and heads"),
        ({"heads": '{ "a" = "AA" }'}, "'a': must be a direction as in \"com>pwr\""),
        ({"heads": '{ "a>b" = "XY" }'}, "a>b = 'XY': must be bytes in hexadecimal"),
        ({"heads": '{ "a>b" = "00 01 02 03 04 05 06 07 08" }'}, "at most 8"),
        ({"sequence": "{ at = 1, size = 5 }"}, "size = 5: must be a whole number from 1 to 4"),
        ({"sequence": None, "address": "{ at = 1, size = 9 }"}, "size = 9: must be a whole number from 1 to 8"),
        ({"sequence": '{ at = 1, size = 1, shared = ["FFFF"] }'}, "must be a list of sequences of 2 digits"),
        ({"sequence": "{ at = 2, size = 1 }"}, "command = {'at': 2, 'size': 1}: must be at other bytes than sequence"),
        ({"command": "{ at = 4, size = 1 }"}, "command = {'at': 4, 'size': 1}: must be at bytes from 0 to 3"),
        ({"sequence": "{ at = 0, size = 1 }"}, "sequence = {'at': 0, 'size': 1}: must be at bytes from 1 to 3"),
        ({"length": None}, "length is missing: it must be given, or else sizes"),
        ({"length": "{ at = 4, size = 1 }"}, "must be bytes before the payload"),
        ({"length": "{ at = 3, size = 1, adds = 6, x = 1 }"}, "x: no such key here"),
        ({"payload": "-1"}, "payload = -1: must be a whole number from 0 to 64"),
        ({"length": "{ at = 3, size = 1, adds = -16 }", "longest": "3"}, "leaves room for a frame of at most 3"),
        ({"check": None}, "check is missing"),
        ({"check": '{ name = "CRC-16/MODBSU" }'}, "did you mean CRC-16/MODBUS"),
        ({"check": '{ name = "CRC-16/MODBUS", size = 1 }'}, "size = 1: must be 2"),
        ({"check": '{ name = "xor", size = 2 }'}, "size = 2: must be a whole number from 1 to 1"),
        ({"check": '{ name = "sum", from = 9 }'}, "from a byte"),
        ({"check": "{ size = 1, polynomial = 0x107 }"}, "polynomial = 263: must be parameters of a CRC"),
        ({"check": "{ size = 5, polynomial = 7 }"}, "polynomial = 7: must be parameters of a CRC"),
        ({"check": '{ name = "sum", initial = 256 }'}, "initial = 256: must be a whole number from 0 to 255"),
        ({"check": '{ name = "sum", final_xor = 256 }'}, "final_xor = 256: must be a whole number from 0 to 255"),
        ({"check": '{ name = "Fletcher-16", final_xor = 1 }'}, "final_xor = 1: must be left out beside a name"),
        ({"check": '{ name = "CRC-16/XMODEM", initial = 1 }'}, "initial = 1: must be left out beside a name"),
        ({"check": '{ name = "Fletcher-16", reflected = true }'}, "reflected = True: must be left out beside a name"),
        ({"longest": "0"}, "longest = 0: must be a whole number from 1"),
        ({"length": None, "sizes": "[{ size = 9, length = { at = 3 } }]"}, "size = 9: must be given, or else length"),
        ({"length": None, "sizes": "[{ size = 9, commands = [256] }]"}, "commands = [256]: must be"),
        ({"length": None, "sizes": '[{ size = 9, direction = "b" }]'}, "direction = 'b': must be one of a>b, b>a"),
        ({"length": None, "sizes": "[]"}, "sizes = []: must be a list with at least one size"),
        ({"length": None, "sizes": "[{ size = 5 }]"}, "must be sizes of at least 6 bytes"),
        ({"length": None, "command": None, "sizes": "[{ size = 9, commands = [1] }]"}, "must be left out"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_entry_is_refused(changed: dict[str, str | None], message: str) -> None:
    assert message in refuse(**changed)


def test_two_links_need_two_names() -> None:
    with pytest.raises(DefinitionError, match="link 2: name = 'x': must be different"):
        parse_links(file(entry() * 2))
    with pytest.raises(DefinitionError, match="different from that of every known link: pwrboard, dbus"):
        parse_link_set(file(entry(name='"dbus"')), PACKAGED)


def test_the_commands_of_a_file_with_one_link_belong_to_it() -> None:
    assert parse_link_set(file(entry()), PACKAGED)[1] == "x"
    assert parse_link_set(file(entry() + entry(name='"y"')), PACKAGED)[1] is None
    assert parse_link_set(file('link = "dbus"'), PACKAGED) == (PACKAGED, "dbus")
    assert parse_link_set(file(""), PACKAGED) == (PACKAGED, None)


def test_a_file_names_the_links_that_are_framed() -> None:
    links, _ = parse_link_set(file('framed = ["x", "dbus"]\n' + entry()), PACKAGED)
    assert links.framed == {"x", "dbus"}
    with pytest.raises(DefinitionError, match=r"framed = .*: must be a list of different ones of pwrboard, dbus, x"):
        parse_link_set(file('framed = ["z"]\n' + entry()), PACKAGED)


@pytest.mark.parametrize(
    "more",
    [
        "",
        entry(check="{ size = 1, polynomial = 0x1D, final_xor = 0xFF }"),
        entry(check='{ name = "sum inverted", initial = 0x58 }'),
        entry(check='{ name = "sum", size = 2, final_xor = 0x55AA }'),
    ],
)
def test_what_is_printed_is_read_as_an_equal_link(more: str) -> None:
    first = load(packaged_files(), [("my.toml", BOARDS + more)])
    again = load(packaged_files(), [("again.toml", format_definition(first))])
    assert [one.link for one in again.links.entries] == [one.link for one in first.links.entries]
    assert again.links.framed == first.links.framed


def test_the_address_may_be_that_of_the_connector() -> None:
    (found,) = parse_links(file(entry(sequence=None, address='{ at = 1, tells = "connector" }')))
    assert found.link.connector == found.link.address
    refused = refuse(sequence=None, address='{ at = 1, tells = "fault" }')
    assert "address: tells = 'fault': must be" in refused
    assert "connector" in refused.rpartition("must be")[2]


def test_only_one_number_of_a_link_tells_the_connector() -> None:
    way = '{ at = 1, tells = "connector", "a>b" = [1], "b>a" = [2] }'
    message = refuse(sequence=None, address='{ at = 1, tells = "connector" }', direction=way)
    assert message.endswith("direction: tells = 'connector': must be left out, as the address tells the connector")


def test_the_numbers_of_a_direction_may_be_ranges() -> None:
    way = '{ at = 2, "a>b" = "0x10-0x1F", "b>a" = ["0x20", "0x30 - 0x32"] }'
    (found,) = parse_links(file(entry(direction=way)))
    assert found.link.directed_by
    assert found.link.directed_by.values == {"a>b": tuple(range(0x10, 0x20)), "b>a": (0x20, 0x30, 0x31, 0x32)}


@pytest.mark.parametrize("numbers", ['"0x1F-0x10"', '"16"', '["1-3", 3]', '"0-256"', "[]", "-1", '"0-0xFFFFFFFF"'])
def test_a_range_of_other_numbers_is_refused(numbers: str) -> None:
    message = refuse(direction=f'{{ at = 2, "a>b" = {numbers}, "b>a" = [0] }}')
    assert 'a number from 0 to 255, a range as in "0x10-0x1F", or a list of different ones' in message


def test_a_number_in_the_wrong_place_is_refused_with_the_room_there_is() -> None:
    assert refuse(sequence="{ at = 9 }").endswith(
        "at bytes from 1 to 3: after the first byte of the head, before the payload at 4"
    )
    assert "at other bytes than sequence" in refuse(command="{ at = 1 }")


def test_a_link_knows_whether_all_its_frames_go_one_way() -> None:
    (one,), (two,) = parse_links(file(entry(heads='{ "a>b" = "A5" }'))), parse_links(file(entry()))
    assert (one.link.is_one_way, two.link.is_one_way) == (True, False)
