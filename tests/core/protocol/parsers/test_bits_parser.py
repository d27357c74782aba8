"""Numbers that share bytes: which bits each has, what the others are, and what is refused."""

from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Hex, Number
from sniffer.core.protocol.parsers.bits_parser import SharedBits, parse_bits
from sniffer.core.wire.checks import ByteOrder
from tests.core.protocol.helpers import DEFINITION

BIT: dict[str, Any] = {"name": "x", "at": 0}
BITS: dict[str, Any] = {"name": "b", "type": "bits", "size": 1, "bits": [BIT]}


def parse(keys: dict[str, Any]) -> SharedBits:
    return parse_bits(TomlTable("my.toml: bits", BITS | keys), "b", DEFINITION.enumerations, "little")


def test_each_entry_has_its_bits_and_the_others_are_unknown() -> None:
    bits = parse({"bits": [BIT | {"at": 2}, {"name": "y", "at": 4, "width": 2, "show": "hex"}]})
    assert [(one.field.name, one.lowest, one.width) for one in bits.named] == [("x", 2, 1), ("y", 4, 2)]
    assert bits.named[0].field.conversion == Number()
    assert bits.named[1].field.conversion == Hex(1)
    assert [(one.field.name, one.lowest, one.width) for one in bits.unnamed] == [("unknown_0", 0, 2)] + [
        (f"unknown_{lowest}", lowest, width) for lowest, width in ((3, 1), (6, 2))
    ]


def test_the_order_and_the_remark_are_those_of_the_whole_unless_stated() -> None:
    plain = parse({"about": "why"})
    stated = parse({"order": "big", "bits": [BIT | {"about": "own", "tells": "status"}]})
    assert (plain.order, plain.named[0].field.about) == ("little", "why")
    assert (stated.order, stated.named[0].field.about, stated.named[0].field.tells) == ("big", "own", "status")


@pytest.mark.parametrize(("order", "low"), [("little", 0x5), ("big", 0xA)])
def test_each_field_has_its_part_of_the_default(order: ByteOrder, low: int) -> None:
    bits = parse({"size": 2, "order": order, "default": "35 4A", "bits": [BIT | {"width": 4}]})
    assert bits.named[0].field.default == low
    whole = 0
    for one in (*bits.named, *bits.unnamed):
        assert isinstance(one.field.default, int)
        whole |= one.field.default << one.lowest
    assert whole == int.from_bytes(b"\x35\x4a", order)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"size": 9}, "size = 9: must be a whole number from 1 to 8"),
        ({"bits": []}, "bits = []: must be a list of tables, one for each field"),
        ({"unit": "V"}, "unit: no such key here: allowed are name, type, size, order, bits"),
        ({"default": "01 02"}, "default = '01 02': must be 1 byte in hexadecimal"),
        ({"bits": [{"name": "x"}]}, "bits 1: at is missing: it must be a whole number from 0 to 7"),
        ({"bits": [BIT | {"at": 7, "width": 2}]}, "bits 1: at = 7: must be the lowest of 2 bits"),
        ({"bits": [BIT, BIT]}, "bits 2: at = 0: must be the lowest of 1 bits"),
        ({"bits": [{"name": "x", "at": 0, "size": 1}]}, "bits 1: size: no such key here"),
        ({"bits": [{"name": "a b", "at": 0}]}, "bits 1: name = 'a b': must be letters, digits and _, no digit first"),
    ],
)
def test_what_is_no_such_field_is_refused(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(keys)
    assert str(caught.value).startswith(f"my.toml: bits: {message}")
