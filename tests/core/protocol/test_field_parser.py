"""The fields of a command or log line: their conversions, sizes and defaults, and what is refused.

`test_loader.py` has the messages as they stand in a whole file.
"""

from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.conversions import Ascii, Hex, Named, Number, Plain
from sniffer.core.protocol.definition import Field, Role
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.field_parser import LONGEST, format_placeholders, parse_fields
from sniffer.core.protocol.toml_table import TomlTable
from sniffer.core.wire.links import LINKS
from tests.core.protocol.helpers import DEFINITION


def parse(*fields: dict[str, Any], role: Role | None = None, in_line: bool = False) -> tuple[Field, ...]:
    entry = TomlTable("my.toml: command 1", {"fields": [{"name": "a", "size": 1} | field for field in fields]})
    found, positions = parse_fields(entry, DEFINITION.enumerations, role, in_line=in_line)
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
    ((number,), _) = parse_fields(entry, {}, None, in_line=True)
    assert (number.size, number.conversion) == ("rest", Number(1, ""))


def test_what_is_left_out_has_a_default() -> None:
    (field,) = parse({})
    assert (field.default, field.provenance, field.about) == (None, None, "")


@pytest.mark.parametrize(
    ("keys", "default"),
    [({"size": 2, "default": "0102"}, 0x102), ({"size": 2, "default": "0102", "type": "unknown"}, b"\1\2")],
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
        ({"size": 7, "divisor": 2}, "divisor = 2: must be left out for a number of more than 6 bytes"),
        ({"enumeration": "status", "show": "hex"}, "show = 'hex': must be left out with an enumeration"),
        ({"show": "hex", "unit": "V"}, "unit = 'V': must be left out with show = \"hex\""),
        ({"default": "0102"}, "default = '0102': must be 1 bytes in hexadecimal"),
        ({"name": "undefined"}, "name = 'undefined': must be letters, digits and _"),
        ({"name": "a b"}, "name = 'a b': must be letters, digits and _"),
        ({"type": "text"}, "type = 'text': must be one of uint, int, ascii, unknown"),
        ({"type": "ascii", "divisor": 2}, "divisor: no such key here"),
    ],
)
def test_keys_that_exclude_each_other_are_refused(keys: dict[str, Any], message: str) -> None:
    assert refuse(keys).startswith(f"my.toml: command 1: fields 1: {message}")


@pytest.mark.parametrize("keys", [{"size": 8}, {"size": 6, "divisor": 2}, {"size": 7, "divisor": 1}])
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


@pytest.mark.parametrize("role", ["status", "fault", "voltages"])
def test_fields_that_the_charger_reads_must_be_numbers(role: Role) -> None:
    for name in ("connector", "status", "ocpp_error", "vendor_error", "m4_error"):
        assert f'"uint", as {name} is a number where tells = "{role}"' in refuse(
            {"name": name, "type": "ascii"}, role=role
        )
        assert parse({"name": name, "show": "hex"}, role=role)[0].is_numeric
    for name in ("cp_voltage", "l1_voltage", "l2_voltage", "l3_voltage"):
        assert f"as {name} is a voltage where tells" in refuse({"name": name, "show": "hex"}, role=role)
        assert parse({"name": name, "divisor": 100}, role=role)[0].conversion == Number(100, "")


def test_the_same_fields_are_free_where_the_charger_does_not_read_them() -> None:
    for role in ("boot", None):
        assert not parse({"name": "status", "type": "ascii"}, role=role)[0].is_numeric


def test_names_are_listed_as_a_summary_writes_them() -> None:
    assert format_placeholders(["a", "b"]) == "{a} {b}"
    assert format_placeholders([]) == "it has none"
