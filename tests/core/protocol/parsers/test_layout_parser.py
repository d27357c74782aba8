"""The parts of a payload as a definition file describes them: what they become, and what is refused."""

from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition import Role
from sniffer.core.protocol.layout.parts import FieldPart, ListPart, OptionalPart
from sniffer.core.protocol.layout.payload_layout import PayloadLayout
from sniffer.core.protocol.parsers.layout_parser import MOST_FIELDS, MOST_ITEMS, USUAL_ITEMS, parse_layout
from tests.core.protocol.helpers import DEFINITION

BYTE: dict[str, Any] = {"name": "n", "size": 1}
TEXT: dict[str, Any] = {"name": "t", "size": 2, "type": "ascii"}
LIST: dict[str, Any] = {"name": "l", "type": "list", "item": {"size": 1}}
BIT: dict[str, Any] = {"name": "x", "at": 0}
BITS: dict[str, Any] = {"name": "b", "type": "bits", "size": 1, "bits": [BIT]}
CASE: dict[str, Any] = {"values": 1, "fields": []}
SWITCH: dict[str, Any] = {"switch": "n", "cases": [CASE]}


def parse(*tables: dict[str, Any], role: Role | None = None) -> PayloadLayout:
    return parse_layout(TomlTable("my.toml: command 1", {"fields": [*tables]}), DEFINITION.enumerations, role, "little")


def test_a_row_of_fields_has_no_parts() -> None:
    layout = parse(BYTE, {"each": ["l1", "l2"], "fields": [{"name": "v", "size": 2}]})
    assert [*layout.positions] == ["n", "l1_v", "l2_v"]
    assert layout.parts == ()
    assert {field.order for field in layout.fields} == {"little"}


def test_a_list_has_the_fields_of_its_items() -> None:
    layout = parse(LIST)
    assert [*layout.positions] == [f"l.{number}" for number in range(1, USUAL_ITEMS + 1)]
    assert layout.groups == ("l",)
    (part,) = layout.parts
    assert isinstance(part, ListPart)
    assert (part.name, part.is_plain, part.count) == ("l", True, None)


def test_a_list_without_a_count_goes_on_to_the_fields_after_it() -> None:
    layout = parse(LIST, {"name": "end", "size": 2}, BITS)
    part = layout.parts[0]
    assert isinstance(part, ListPart)
    assert part.bytes_after == 3


def test_all_from_the_first_optional_field_on_is_one_part() -> None:
    layout = parse(BYTE, {"name": "a", "size": 1, "optional": True}, {"name": "b", "size": 1})
    assert layout.parts == (FieldPart(0), OptionalPart((FieldPart(1), FieldPart(2))))


def test_fields_of_different_cases_may_share_a_name() -> None:
    fields = [{"name": "v", "size": 1}]
    layout = parse(BYTE, {"switch": "n", "cases": [{"values": 1, "fields": fields}], "otherwise": fields})
    assert layout.alternatives == {"v": (1, 2)}
    assert layout.positions == {"n": 0, "v": 1}


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ([BITS | {"bits": [BIT, BIT | {"at": 1}]}], "fields 1: bits 2: name = 'x': must be"),
        ([BYTE, BITS | {"name": "n"}], "fields 2: name = 'n': must be different from the names of the other fields"),
        ([BITS | {"name": "a b"}], "fields 1: name = 'a b': must be letters, digits and _, no digit first"),
        ([LIST | {"count": "n"}], "fields 1: count = 'n': must be an earlier number without sign: there is none"),
        ([BYTE, LIST | {"count": "m"}], "fields 2: count = 'm': must be an earlier number without sign: n"),
        ([BYTE, LIST | {"bytes": 3}], "fields 2: bytes = 3: must be a text"),
        ([LIST | {"count": 0}], f"fields 1: count = 0: must be a whole number from 1 to {MOST_ITEMS}"),
        ([LIST | {"most": 256}], f"fields 1: most = 256: must be a whole number from 1 to {MOST_ITEMS}"),
        ([LIST | {"fields": [BYTE]}], "must be the fields of an item, or else item: the keys of its only value"),
        ([{"name": "l", "type": "list"}], "fields 1: fields is missing: it must be the fields of an item"),
        ([{"name": "l", "type": "list", "fields": []}], "fields 1: fields = []: must be a list with at least"),
        ([LIST | {"item": BYTE}], "fields 1: item: name = 'n': must be left out, as items are named by their number"),
        (
            [LIST, BYTE | {"size": "rest", "type": "unknown"}],
            "fields 1: count is missing: it must be an earlier number or a whole number, or else bytes",
        ),
        ([LIST | {"size": 3}], "fields 1: size: no such key here: allowed are name, type, count, bytes, most, between"),
        ([SWITCH], "fields 1: switch = 'n': must be an earlier number without sign, or an earlier text: there is"),
        ([BYTE | {"type": "int"}, SWITCH], "fields 2: switch = 'n': must be an earlier number without sign"),
        ([TEXT, SWITCH | {"switch": "t"}], "fields 2: cases 1: values = 1: must be a list with at least one text"),
        (
            [TEXT, SWITCH | {"switch": "t", "cases": [CASE | {"values": ["a", "ä"]}]}],
            "fields 2: cases 1: values = ['a', 'ä']: must be a text that t can hold, or a list of them: 'ä' is no",
        ),
        ([BYTE, SWITCH | {"cases": []}], "fields 2: cases = []: must be a list of tables with values and fields"),
        ([BYTE, SWITCH | {"cases": [CASE, CASE]}], "fields 2: cases 2: values = 1: must be different from"),
        ([BYTE, SWITCH | {"cases": [CASE | {"flat": True}]}], "fields 2: cases 1: flat = True: must be left out"),
        ([BYTE, SWITCH | {"otherwise": [BYTE]}], "fields 2: otherwise 1: name = 'n': must be different"),
        ([BYTE | {"optional": 1}], "fields 1: optional = 1: must be true or false"),
        ([LIST | {"item": {"size": 1, "optional": "x"}}], "fields 1: item: optional = 'x': must be left out"),
        (
            [BYTE, SWITCH | {"otherwise": [{"name": "m", "size": 1, "optional": True}]}],
            "fields 2: otherwise 1: optional = True: must be left out in a list or switch",
        ),
        ([BYTE, {"name": "t", "size": "m", "type": "ascii"}], "fields 2: size = 'm': must be a number of bytes"),
        ([BYTE, {"name": "t", "size": "n"}], "fields 2: size = 'n': must be a number of bytes"),
    ],
)  # fmt: skip
def test_what_is_no_such_part_is_refused(tables: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(*tables)
    assert message in str(caught.value)


def test_parts_are_neither_too_many_nor_too_deep() -> None:
    inner: dict[str, Any] = BYTE
    for _ in range(5):
        inner = {"name": "l", "type": "list", "most": 1, "fields": [inner]}
    with pytest.raises(DefinitionError, match="type = 'list': must be at most 4 deep in others"):
        parse(inner)
    inner = {"name": "l", "type": "list", "most": 200, "fields": [LIST]}
    with pytest.raises(DefinitionError, match=f"at most {MOST_FIELDS} with all items of its lists; lower most"):
        parse(inner)


def test_a_number_that_the_charger_reads_is_one_in_a_list_as_well() -> None:
    item: dict[str, Any] = {
        "switch": "n",
        "cases": [{"values": 1, "flat": True, "fields": [{"name": "voltage", "size": 1, "type": "unknown"}]}],
    }
    with pytest.raises(DefinitionError, match='as voltage is a voltage where tells = "meter"'):
        parse({"name": "l", "type": "list", "fields": [BYTE, item]}, role="meter")
