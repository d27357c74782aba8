"""The conversions of fields: which keys choose which, and which exclude each other."""

from typing import Any

import pytest

from sniffer.core.protocol.conversions import Ascii, Hex, Named, Number, Plain
from tests.core.protocol.helpers import DEFINITION
from tests.core.protocol.parsers.helpers import parse_fields, refuse_fields


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
    (field,) = parse_fields(keys)
    assert field.conversion == conversion
    assert field.is_numeric is numeric
    assert field.size == keys.get("size", 1)


def test_a_field_of_a_line_may_have_a_decimal_point() -> None:
    (field,) = parse_fields({"type": "decimal", "divisor": 100, "unit": "V"}, in_line=True)
    assert (field.conversion, field.is_numeric, field.is_signed) == (Number(100, "V"), True, False)


@pytest.mark.parametrize(
    "keys",
    [
        *({"size": 8}, {"size": 6, "divisor": 2}, {"size": 7, "divisor": 1}, {"size": 8, "multiplier": 1}),
        *({"size": 6, "multiplier": 1000}, {"size": 8, "type": "int", "order": "little"}),
    ],
)
def test_numbers_at_the_bounds_are_allowed(keys: dict[str, Any]) -> None:
    assert parse_fields(keys)[0].size == keys["size"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"size": 7, "divisor": 2}, "divisor = 2: must be left out for a number of more than 6 bytes"),
        ({"size": 7, "multiplier": 2}, "multiplier = 2: must be left out for a number of more than 6 bytes"),
        ({"size": 7, "zero": 2}, "zero = 2: must be left out for a number of more than 6 bytes"),
        ({"zero": 2**33}, "zero = 8589934592: must be a whole number from -4294967296 to 4294967296"),
        (
            {"multiplier": -1},
            "multiplier = -1: must be a whole number from 1 to 1000, or from -1000 with a zero or a type that has a"
            " sign",
        ),
        ({"zero": 1, "multiplier": 0}, "multiplier = 0: must be a whole number from -1000 to 1000, and not 0"),
        ({"zero": 1, "multiplier": -1001}, "multiplier = -1001: must be a whole number from -1000 to 1000"),
        ({"zero": 5, "enumeration": "status"}, "zero = 5: must be left out with an enumeration"),
        ({"zero": 5, "show": "hex"}, 'zero = 5: must be left out with show = "hex"'),
        ({"type": "sign magnitude", "zero": 5}, "zero = 5: must be left out with this type, which has a sign"),
        (
            {"type": "sign magnitude", "multiplier": 0},
            "multiplier = 0: must be a whole number from -1000 to 1000, and not 0",
        ),
        ({"type": "bcd", "multiplier": -5}, "multiplier = -5: must be a whole number from 1 to 1000, or from"),
        ({"type": "float", "size": 4, "multiplier": -5}, "multiplier = -5: must be a whole number from 1 to"),
        ({"type": "bcd", "show": "hex"}, "show = 'hex': must be"),
        ({"type": "bcd", "size": 9}, "size = 9: must be a number of bytes from 1 to 8, as a number has"),
        ({"type": "float", "size": 2}, "size = 2: must be 4 or 8, as a number with a floating point has"),
        ({"type": "float", "size": "rest"}, "size = 'rest': must be 4 or 8"),
        ({"type": "float", "size": 4, "zero": 5}, "zero = 5: must be left out with this type"),
        ({"type": "float", "size": 4, "show": "hex"}, "show = 'hex': must be left out with this type"),
        ({"type": "float", "size": 8, "multiplier": 10}, "multiplier = 10: must be left out for a number of more than"),
        ({"type": "gbk", "size": "rest", "padding": "spaces"}, "padding = 'spaces': must be left out for a text whose"),
        ({"type": "utf-8", "padding": "dots"}, "padding = 'dots': must be one of zeros, spaces"),
        ({"type": "ascii", "padding": "zeros"}, "padding: no such key here"),
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
        ({"type": "ascii", "multiplier": 2}, "multiplier: no such key here"),
        (
            {"type": "decimal", "zero": 10},
            "zero: no such key here: allowed are name, names, size, type, provenance, about, enumeration, divisor, ",
        ),
        ({"enumeration": "status", "show": "hex"}, "show = 'hex': must be left out with an enumeration"),
        ({"show": "hex", "unit": "V"}, "unit = 'V': must be left out with show = \"hex\""),
        ({"type": "ascii", "divisor": 2}, "divisor: no such key here"),
    ],
)
def test_keys_that_exclude_each_other_are_refused(keys: dict[str, Any], message: str) -> None:
    assert refuse_fields(keys).startswith(f"my.toml: command 1: fields 1: {message}")
