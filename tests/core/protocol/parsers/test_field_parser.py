"""The fields of a command or log line: their names, sizes, orders and defaults, and what is refused.

`test_loader.py` has the messages as they stand in a whole file.
"""

from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Ascii, Number
from sniffer.core.protocol.definition import Field
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.parsers.field_parser import LONGEST, format_placeholders, parse_line_fields
from sniffer.core.protocol.parsers.layout_parser import parse_layout
from sniffer.core.wire.links import LINKS
from tests.core.protocol.parsers.helpers import parse_fields, refuse_fields


def test_a_field_of_a_line_may_be_a_text_of_any_length() -> None:
    (text,) = parse_fields({"type": "text", "size": 3}, in_line=True)
    assert text.conversion == Ascii(None)
    entry = TomlTable("my.toml: line 1", {"fields": [{"name": "a"}]})
    ((number,), _) = parse_line_fields(entry, {}, None)
    assert (number.size, number.conversion) == ("rest", Number(1, ""))


@pytest.mark.parametrize(("keys", "order", "signed"), [
    ({}, "big", False),
    ({"order": "big"}, "big", False),
    ({"order": "little"}, "little", False),
    ({"type": "int", "order": "little"}, "little", True),
    ({"enumeration": "status", "order": "little"}, "little", False),
])  # fmt: skip
def test_a_number_has_a_byte_order_and_a_sign(keys: dict[str, Any], order: str, signed: bool) -> None:
    (field,) = parse_fields(keys)
    assert (field.order, field.is_signed) == (order, signed)


def test_what_is_left_out_has_a_default() -> None:
    (field,) = parse_fields({})
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
    assert parse_fields(keys)[0].default == default


def test_provenance_and_remark_are_taken_over() -> None:
    (field,) = parse_fields({"provenance": "inferred", "about": "why"})
    assert (field.provenance, field.about) == (Provenance.INFERRED, "why")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"size": 9}, "size = 9: must be a number of bytes from 1 to 8, as a number has"),
        ({"size": "rest"}, "size = 'rest': must be a number of bytes from 1 to 8, as a number has"),
        ({"size": 9, "type": "int"}, "size = 9: must be a number of bytes from 1 to 8, as a number has"),
        ({"size": "rest", "type": "int"}, "size = 'rest': must be a number of bytes from 1 to 8, as a number has"),
        ({"size": 2, "words": "little"}, "words = 'little': must be left out unless size is 4, 6, 8: whole words"),
        ({"size": 4, "words": "other"}, "words = 'other': must be one of big, little"),
        ({"size": 4, "type": "bytes", "words": "little"}, "words: no such key here"),
        ({"type": "utf-8", "order": "little"}, "order: no such key here"),
        ({"order": "middle"}, "order = 'middle': must be one of big, little"),
        ({"order": 1}, "order = 1: must be one of big, little"),
        ({"type": "ascii", "order": "little"}, "order: no such key here: allowed are name, names, size"),
        ({"type": "unknown", "order": "big"}, "order: no such key here"),
        ({"type": "int", "default": "0102"}, "default = '0102': must be 1 byte in hexadecimal"),
        ({"names": ["b"]}, "name = 'a': must be left out with names"),
        ({"default": "0102"}, "default = '0102': must be 1 byte in hexadecimal"),
        ({"size": "rest", "type": "ascii", "default": "01"}, "default = '01': must be left out where size = \"rest\""),
        ({"name": "undefined"}, "name = 'undefined': must be letters, digits and _"),
        ({"name": "a b"}, "name = 'a b': must be letters, digits and _"),
        (
            {"type": "text"},
            "type = 'text': must be one of uint, int, sign magnitude, bcd, float, decimal, ascii, bytes, unknown",
        ),
    ],
)
def test_keys_that_exclude_each_other_are_refused(keys: dict[str, Any], message: str) -> None:
    assert refuse_fields(keys).startswith(f"my.toml: command 1: fields 1: {message}")


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
    assert refuse_fields(keys, in_line=True).startswith(f"my.toml: command 1: fields 1: {message}")


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
        ({"each": ["l1"]}, "fields is missing: it must be the fields of one group"),
        ({"each": ["l1"], "fields": []}, "fields = []: must be the fields of one group"),
        (
            {"each": ["l1"], "fields": [{"each": ["a"], "fields": [MEMBER]}]},
            "fields 1: each = ['a']: must be left out in",
        ),
        ({"each": ["l1"], "fields": [{"switch": "a"}]}, "fields 1: switch = 'a': must be left out in a group"),
        ({"each": ["l1"], "fields": [MEMBER | {"optional": True}]}, "fields 1: optional = True: must be left out in a"),
        (
            {"each": ["l1"], "fields": [{"name": "a", "type": "list"}]},
            "fields 1: type = 'list': must be that of a field",
        ),
        ({"each": ["l1"], "fields": 1}, "fields = 1: must be a list of tables"),
        ({"each": ["l1"], "fields": [MEMBER], "size": 1}, "size: no such key here: allowed are each, fields"),
        ({"each": ["l1"], "fields": [MEMBER, MEMBER]}, "fields 2: name = 'l1_a': must be different from the"),
        ({"each": ["l1"], "fields": [MEMBER | {"unit": 1}]}, "fields 1: unit = 1: must be a text"),
        ({"each": ["l1"], "fields": [{"size": 1}]}, "fields 1: name is missing: it must be a text"),
    ],
)
def test_a_row_or_group_that_is_none_is_refused(table: dict[str, Any], message: str) -> None:
    assert refuse_table(table).startswith(f"my.toml: command 1: fields 1: {message}")


def test_a_name_of_a_group_may_not_be_that_of_another_field() -> None:
    message = refuse_table({"name": "l1_a", "size": 1}, {"each": ["l1"], "fields": [MEMBER]})
    assert message == (
        "my.toml: command 1: fields 2: fields 1: name = 'l1_a': must be different from the names of the other fields"
    )


def test_rows_and_groups_are_single_fields_in_their_order() -> None:
    group = {"each": ["l1", "l2"], "fields": [MEMBER, {"names": ["b", "c"], "size": 2, "type": "int"}]}
    found = expand({"names": ["x", "y"], "size": 3}, group)
    assert [field.name for field in found] == ["x", "y", "l1_a", "l1_b", "l1_c", "l2_a", "l2_b", "l2_c"]
    assert [field.size for field in found] == [3, 3, 1, 2, 2, 1, 2, 2]
    assert [field.is_signed for field in found] == [False] * 3 + [True] * 2 + [False] + [True] * 2


def test_the_longest_field_fills_the_longest_payload() -> None:
    assert max(link.longest - link.overhead for link in LINKS.values()) == LONGEST
    assert parse_fields({"type": "unknown", "size": LONGEST})[0].size == LONGEST
    assert "size" in refuse_fields({"type": "unknown", "size": LONGEST + 1})


def test_the_same_name_twice_is_refused() -> None:
    assert refuse_fields({}, {}) == (
        "my.toml: command 1: fields 2: name = 'a': must be different from the names of the other fields"
    )
    assert len(parse_fields({}, {"name": "b"})) == 2


def test_names_are_listed_as_a_summary_writes_them() -> None:
    assert format_placeholders(["a", "b"]) == "{a} {b}"
    assert format_placeholders([]) == "it has none"
