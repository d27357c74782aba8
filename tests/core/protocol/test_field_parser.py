"""The fields of a command or log line: their conversions, sizes and defaults, and what is refused.

`test_loader.py` has the messages as they stand in a whole file.
"""

from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Ascii, Hex, Named, Number, Plain
from sniffer.core.protocol.definition import Field, Role
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.field_parser import (
    LONGEST,
    QUANTITIES,
    ROLES_WITH_NUMBERS,
    format_placeholders,
    parse_line_fields,
)
from sniffer.core.protocol.layout.layout_parser import parse_layout
from sniffer.core.wire.links import LINKS
from tests.core.protocol.helpers import DEFINITION


def parse(*fields: dict[str, Any], role: Role | None = None, in_line: bool = False) -> tuple[Field, ...]:
    entry = TomlTable("my.toml: command 1", {"fields": [{"name": "a", "size": 1} | field for field in fields]})
    if in_line:
        found, positions = parse_line_fields(entry, DEFINITION.enumerations, role)
    else:
        layout = parse_layout(entry, DEFINITION.enumerations, role, "big")
        found, positions = layout.fields, {**layout.positions}
    assert positions == {field.name: index for index, field in enumerate(found)}
    return found


def refuse(*fields: dict[str, Any], role: Role | None = None, in_line: bool = False) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse(*fields, role=role, in_line=in_line)
    return str(caught.value)


@pytest.mark.parametrize(
    ("keys", "conversion", "numeric"),
    [
        ({}, Number(1, ""), True),
        ({"type": "uint"}, Number(1, ""), True),
        ({"show": "decimal"}, Number(1, ""), True),
        ({"divisor": 10, "unit": "V"}, Number(10, "V"), True),
        ({"show": "hex", "size": 3}, Hex(6), True),
        ({"enumeration": "status"}, Named(DEFINITION.statuses), True),
        ({"type": "int", "unit": "V"}, Number(1, "V"), True),
        ({"type": "int", "divisor": 10}, Number(10), True),
        ({"multiplier": 10, "unit": "Wh"}, Number(1, "Wh", 10), True),
        ({"type": "ascii", "size": 9}, Ascii(9), False),
        ({"type": "ascii", "size": "rest"}, Ascii(None), False),
        ({"type": "unknown", "size": "to zero"}, Plain(), False),
    ],
)
def test_the_keys_of_a_field_choose_its_conversion(keys: dict[str, Any], conversion: object, numeric: bool) -> None:
    (field,) = parse(keys)
    assert field.conversion == conversion
    assert field.is_numeric is numeric
    assert field.size == keys.get("size", 1)


def test_a_field_of_a_line_may_be_a_text_of_any_length() -> None:
    (text,) = parse({"type": "text", "size": 3}, in_line=True)
    assert text.conversion == Ascii(None)
    entry = TomlTable("my.toml: line 1", {"fields": [{"name": "a"}]})
    ((number,), _) = parse_line_fields(entry, {}, None)
    assert (number.size, number.conversion) == ("rest", Number(1, ""))


def test_a_field_of_a_line_may_have_a_decimal_point() -> None:
    (field,) = parse({"type": "decimal", "divisor": 100, "unit": "V"}, in_line=True)
    assert (field.conversion, field.is_numeric, field.is_signed) == (Number(100, "V"), True, False)


@pytest.mark.parametrize(("keys", "order", "signed"), [
    ({}, "big", False),
    ({"order": "big"}, "big", False),
    ({"order": "little"}, "little", False),
    ({"type": "int", "order": "little"}, "little", True),
    ({"enumeration": "status", "order": "little"}, "little", False),
])  # fmt: skip
def test_a_number_has_a_byte_order_and_a_sign(keys: dict[str, Any], order: str, signed: bool) -> None:
    (field,) = parse(keys)
    assert (field.order, field.is_signed) == (order, signed)


def test_what_is_left_out_has_a_default() -> None:
    (field,) = parse({})
    assert (field.default, field.provenance, field.about) == (None, None, "")


@pytest.mark.parametrize(
    ("keys", "default"),
    [
        ({"size": 2, "default": "0102"}, 0x102),
        ({"size": 2, "default": "0102", "order": "little"}, 0x201),
        ({"size": 1, "default": "FF", "type": "int"}, -1),
        ({"size": 2, "default": "0102", "type": "unknown"}, b"\1\2"),
    ],
)
def test_a_default_is_a_number_or_bytes(keys: dict[str, Any], default: object) -> None:
    assert parse(keys)[0].default == default


def test_provenance_and_remark_are_taken_over() -> None:
    (field,) = parse({"provenance": "inferred", "about": "why"})
    assert (field.provenance, field.about) == (Provenance.INFERRED, "why")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"size": 9}, "size = 9: must be a number of bytes from 1 to 8, as a number has"),
        ({"size": "rest"}, "size = 'rest': must be a number of bytes from 1 to 8, as a number has"),
        ({"size": 9, "type": "int"}, "size = 9: must be a number of bytes from 1 to 8, as a number has"),
        ({"size": "rest", "type": "int"}, "size = 'rest': must be a number of bytes from 1 to 8, as a number has"),
        ({"size": 7, "divisor": 2}, "divisor = 2: must be left out for a number of more than 6 bytes"),
        ({"size": 7, "multiplier": 2}, "multiplier = 2: must be left out for a number of more than 6 bytes"),
        ({"size": 7, "zero": 2}, "zero = 2: must be left out for a number of more than 6 bytes"),
        ({"zero": 2**33}, "zero = 8589934592: must be a whole number from -4294967296 to 4294967296"),
        ({"multiplier": -1}, "multiplier = -1: must be a whole number from 1 to 1000"),
        ({"zero": 1, "multiplier": 0}, "multiplier = 0: must be a whole number from -1000 to 1000, and not 0"),
        ({"zero": 5, "enumeration": "status"}, "zero = 5: must be left out with an enumeration"),
        ({"zero": 5, "show": "hex"}, 'zero = 5: must be left out with show = "hex"'),
        ({"type": "sign magnitude", "zero": 5}, "zero = 5: must be left out with this type, which has a sign"),
        ({"type": "sign magnitude", "multiplier": -5}, "multiplier = -5: must be a whole number from 1 to 1000"),
        ({"tells": "weather"}, "tells = 'weather': must be one of connector, status, ocpp_error"),
        ({"tells": "voltage"}, 'unit is missing: it must be "V", as the field tells a voltage'),
        ({"tells": "energy", "unit": "kWh"}, "unit = 'kWh': must be \"Wh\", as the field tells an energy"),
        (
            {"tells": "status", "type": "ascii"},
            'type = \'ascii\': must be "uint", as status is a number where tells = "status"',
        ),
        (
            {"tells": "status", "type": "bcd", "show": "digits"},
            "show = 'digits': must be left out, as status is a number where tells",
        ),
        ({"tells": "status", "type": "sign magnitude"}, "type = 'sign magnitude': must be \"uint\", as status is"),
        ({"type": "bcd", "show": "hex"}, "show = 'hex': must be"),
        ({"type": "bcd", "size": 9}, "size = 9: must be a number of bytes from 1 to 8, as a number has"),
        ({"type": "float", "size": 2}, "size = 2: must be 4 or 8, as a number with a floating point has"),
        ({"type": "float", "size": "rest"}, "size = 'rest': must be 4 or 8"),
        ({"type": "float", "size": 4, "zero": 5}, "zero = 5: must be left out with this type"),
        ({"type": "float", "size": 4, "show": "hex"}, "show = 'hex': must be left out with this type"),
        ({"type": "float", "size": 8, "multiplier": 10}, "multiplier = 10: must be left out for a number of more than"),
        ({"type": "float", "size": 4, "tells": "status"}, "type = 'float': must be \"uint\", as status is a number"),
        ({"size": 2, "words": "little"}, "words = 'little': must be left out unless size is 4, 6, 8: whole words"),
        ({"size": 4, "words": "other"}, "words = 'other': must be one of big, little"),
        ({"size": 4, "type": "bytes", "words": "little"}, "words: no such key here"),
        ({"type": "gbk", "size": "rest", "padding": "spaces"}, "padding = 'spaces': must be left out for a text whose"),
        ({"type": "utf-8", "padding": "dots"}, "padding = 'dots': must be one of zeros, spaces"),
        ({"type": "ascii", "padding": "zeros"}, "padding: no such key here"),
        ({"type": "utf-8", "order": "little"}, "order: no such key here"),
        ({"type": "time", "size": 9}, "size = 9: must be a number of bytes from 1 to 8, as seconds since 1970 have"),
        ({"type": "time", "size": "rest"}, "size = 'rest': must be a number of bytes from 1 to 8"),
        ({"type": "time", "base_year": 2000}, "base_year = 2000: must be left out without parts"),
        ({"type": "time", "size": 3, "parts": "YMX"}, "parts = 'YMX': must be letters, one for each byte"),
        ({"type": "time", "size": 3, "parts": "MDM"}, "parts = 'MDM': must be letters, one for each byte"),
        ({"type": "time", "size": 3, "parts": "YMY"}, "parts = 'YMY': must be letters, one for each byte"),
        ({"type": "time", "size": 2, "parts": "YMD"}, "size = 2: must be 3, as parts has so many letters"),
        (
            {"type": "time", "size": 2, "parts": "hm", "base_year": 1},
            "base_year = 1: must be left out unless parts has",
        ),
        ({"type": "time", "size": 2, "parts": "hm", "digits": "x"}, "digits = 'x': must be one of binary, bcd"),
        ({"type": "time", "size": 2, "parts": "hm", "order": "big"}, "order = 'big': must be left out with parts"),
        ({"multiplier": 0}, "multiplier = 0: must be a whole number from 1 to 1000"),
        ({"multiplier": 1001}, "multiplier = 1001: must be a whole number from 1 to 1000"),
        ({"multiplier": 0.5}, "multiplier = 0.5: must be a whole number from 1 to 1000"),
        ({"enumeration": "status", "multiplier": 2}, "multiplier = 2: must be left out with an enumeration"),
        ({"show": "hex", "multiplier": 2}, 'multiplier = 2: must be left out with show = "hex"'),
        ({"type": "int", "enumeration": "status"}, "enumeration = 'status': must be left out with this type"),
        ({"type": "int", "show": "hex"}, "show = 'hex': must be left out with this type"),
        ({"order": "middle"}, "order = 'middle': must be one of big, little"),
        ({"order": 1}, "order = 1: must be one of big, little"),
        ({"type": "ascii", "order": "little"}, "order: no such key here: allowed are name, names, size"),
        ({"type": "unknown", "order": "big"}, "order: no such key here"),
        ({"type": "ascii", "multiplier": 2}, "multiplier: no such key here"),
        (
            {"type": "decimal", "zero": 10},
            "zero: no such key here: allowed are name, names, size, type, provenance, about, divisor, multiplier, ",
        ),
        ({"type": "int", "default": "0102"}, "default = '0102': must be 1 byte in hexadecimal"),
        ({"names": ["b"]}, "name = 'a': must be left out with names"),
        ({"enumeration": "status", "show": "hex"}, "show = 'hex': must be left out with an enumeration"),
        ({"show": "hex", "unit": "V"}, "unit = 'V': must be left out with show = \"hex\""),
        ({"default": "0102"}, "default = '0102': must be 1 byte in hexadecimal"),
        ({"size": "rest", "type": "ascii", "default": "01"}, "default = '01': must be left out where size = \"rest\""),
        ({"name": "undefined"}, "name = 'undefined': must be letters, digits and _"),
        ({"name": "a b"}, "name = 'a b': must be letters, digits and _"),
        (
            {"type": "text"},
            "type = 'text': must be one of uint, int, sign magnitude, bcd, float, decimal, ascii, bytes, unknown",
        ),
        ({"type": "ascii", "divisor": 2}, "divisor: no such key here"),
    ],
)
def test_keys_that_exclude_each_other_are_refused(keys: dict[str, Any], message: str) -> None:
    assert refuse(keys).startswith(f"my.toml: command 1: fields 1: {message}")


LINE_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"type": "int"}, "type = 'int': must be one of uint, decimal, text, unknown"),
    ({"type": "decimal"}, "divisor is missing: it must be 10, 100 and so on: the smallest step that the log prints"),
    ({"type": "decimal", "divisor": 1}, "divisor = 1: must be 10, 100 and so on"),
    ({"type": "decimal", "divisor": 30}, "divisor = 30: must be 10, 100 and so on"),
    ({"type": "decimal", "divisor": 10, "multiplier": 2}, "multiplier = 2: must be left out with a divisor"),
    ({"type": "decimal", "show": "hex"}, "show = 'hex': must be left out with this type"),
    ({"type": "decimal", "enumeration": "status"}, "enumeration = 'status': must be left out with this type"),
    ({"order": "little"}, "order: no such key here: allowed are name, size"),
    ({"default": "00"}, "default: no such key here: allowed are name, size"),
    ({"names": ["b"]}, "names: no such key here: allowed are name, size"),
    ({"each": ["b"]}, "each: no such key here: allowed are name, size"),
]


@pytest.mark.parametrize(("keys", "message"), LINE_ERRORS)
def test_keys_that_a_line_does_not_have_are_refused(keys: dict[str, Any], message: str) -> None:
    assert refuse(keys, in_line=True).startswith(f"my.toml: command 1: fields 1: {message}")


def expand(*tables: dict[str, Any]) -> tuple[Field, ...]:
    """Return the fields of these tables, to which nothing is added."""
    return parse_layout(TomlTable("my.toml: command 1", {"fields": [*tables]}), {}, None, "big").fields


def refuse_table(*tables: dict[str, Any]) -> str:
    with pytest.raises(DefinitionError) as caught:
        expand(*tables)
    return str(caught.value)


MEMBER: dict[str, Any] = {"name": "a", "size": 1}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"size": 1}, "name is missing: it must be a text"),
        ({"names": [], "size": 1}, "names = []: must be a list with at least one text"),
        ({"names": "a", "size": 1}, "names = 'a': must be a list with at least one text"),
        ({"names": ["a", 1], "size": 1}, "names = ['a', 1]: must be a list with at least one text"),
        ({"names": ["a", "a"], "size": 1}, "names = ['a', 'a']: must be different from the names of the other fields"),
        ({"names": ["a", "b c"], "size": 1}, "names = ['a', 'b c']: must be letters, digits and _, no digit first"),
        ({"names": ["undefined"], "size": 1}, "names = ['undefined']: must be letters, digits and _"),
        ({"each": [], "fields": [MEMBER]}, "each = []: must be a list with at least one text"),
        ({"each": "l1", "fields": [MEMBER]}, "each = 'l1': must be a list with at least one text"),
        ({"each": ["1"], "fields": [MEMBER]}, "each = ['1']: must be a list of different beginnings of names"),
        ({"each": ["l", "l"], "fields": [MEMBER]}, "each = ['l', 'l']: must be a list of different beginnings"),
        ({"each": ["l1"]}, "fields is missing: it must be the fields of one group, none of which is a group itself"),
        ({"each": ["l1"], "fields": []}, "fields = []: must be the fields of one group"),
        ({"each": ["l1"], "fields": [{"each": ["a"], "fields": [MEMBER]}]}, "fields = [{"),
        ({"each": ["l1"], "fields": 1}, "fields = 1: must be a list of tables"),
        ({"each": ["l1"], "fields": [MEMBER], "size": 1}, "size: no such key here: allowed are each, fields"),
        ({"each": ["l1"], "fields": [MEMBER, MEMBER]}, "fields 2: name = 'a': must be different from the names"),
        ({"each": ["l1"], "fields": [MEMBER | {"unit": 1}]}, "fields 1: unit = 1: must be a text"),
        ({"each": ["l1"], "fields": [{"size": 1}]}, "fields 1: name is missing: it must be a text"),
    ],
)
def test_a_row_or_group_that_is_none_is_refused(table: dict[str, Any], message: str) -> None:
    assert refuse_table(table).startswith(f"my.toml: command 1: fields 1: {message}")


def test_a_name_of_a_group_may_not_be_that_of_another_field() -> None:
    message = refuse_table({"name": "l1_a", "size": 1}, {"each": ["l1"], "fields": [MEMBER]})
    assert message == (
        "my.toml: command 1: fields 2: fields 1: name = 'a': must be different from the names of the other fields"
    )


def test_rows_and_groups_are_single_fields_in_their_order() -> None:
    group = {"each": ["l1", "l2"], "fields": [MEMBER, {"names": ["b", "c"], "size": 2, "type": "int"}]}
    found = expand({"names": ["x", "y"], "size": 3}, group)
    assert [field.name for field in found] == ["x", "y", "l1_a", "l1_b", "l1_c", "l2_a", "l2_b", "l2_c"]
    assert [field.size for field in found] == [3, 3, 1, 2, 2, 1, 2, 2]
    assert [field.is_signed for field in found] == [False] * 3 + [True] * 2 + [False] + [True] * 2


@pytest.mark.parametrize(
    "keys",
    [
        *({"size": 8}, {"size": 6, "divisor": 2}, {"size": 7, "divisor": 1}, {"size": 8, "multiplier": 1}),
        *({"size": 6, "multiplier": 1000}, {"size": 8, "type": "int", "order": "little"}),
    ],
)
def test_numbers_at_the_bounds_are_allowed(keys: dict[str, Any]) -> None:
    assert parse(keys)[0].size == keys["size"]


def test_the_longest_field_fills_the_longest_payload() -> None:
    assert max(link.longest - link.overhead for link in LINKS.values()) == LONGEST
    assert parse({"type": "unknown", "size": LONGEST})[0].size == LONGEST
    assert "size" in refuse({"type": "unknown", "size": LONGEST + 1})


def test_the_same_name_twice_is_refused() -> None:
    assert refuse({}, {}) == (
        "my.toml: command 1: fields 2: name = 'a': must be different from the names of the other fields"
    )
    assert len(parse({}, {"name": "b"})) == 2


@pytest.mark.parametrize("role", ROLES_WITH_NUMBERS)
def test_fields_that_the_charger_reads_must_be_numbers(role: Role) -> None:
    for name in ("connector", "status", "ocpp_error", "vendor_error", "m4_error"):
        assert f'"uint", as {name} is a number where tells = "{role}"' in refuse(
            {"name": name, "type": "ascii"}, role=role
        )
        assert parse({"name": name, "show": "hex"}, role=role)[0].is_numeric
    for name, quantity in QUANTITIES.items():
        assert f"as {name} is {quantity} where tells" in refuse({"name": name, "show": "hex"}, role=role)
        assert parse({"name": name, "divisor": 100}, role=role)[0].conversion == Number(100, "")
        assert parse({"name": name, "type": "int"}, role=role)[0].conversion == Number()


def test_the_same_fields_are_free_where_the_charger_does_not_read_them() -> None:
    for role in ("boot", None):
        assert not parse({"name": "status", "type": "ascii"}, role=role)[0].is_numeric


def test_names_are_listed_as_a_summary_writes_them() -> None:
    assert format_placeholders(["a", "b"]) == "{a} {b}"
    assert format_placeholders([]) == "it has none"
