"""The declarations of fields for Wireshark: types, filter names, units, meanings, and marks of guesses."""

from typing import Any

import pytest
from msgspec.structs import replace

from sniffer.commands.wireshark.proto_fields import ProtoFields, format_mark
from sniffer.core.protocol.conversions import Named
from sniffer.core.protocol.definition import Definition, Field
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import load, packaged_files
from tests.core.protocol.helpers import DEFINITION

MINE = """\
[enumeration.mode]
label = "mode"
values = [
    { number = 0, name = "Off", provenance = "user" },
    { number = 1, name = "On", provenance = "assumed" },
]

[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x40
name = "fan"
summary = ""
fields = [
    { name = "speed", size = 2, unit = "rpm", provenance = "documented", about = "Speed." },
    { name = "torque", size = 2, divisor = 10, unit = "Nm", provenance = "assumed" },
    { name = "serial", size = 3, show = "hex" },
    { name = "counter", size = 8 },
    { name = "label", size = 4, type = "ascii" },
    { name = "mode", size = 1, enumeration = "mode", provenance = "user" },
    { name = "raw", size = 1 },
    { name = "größe", size = 4 },
    { name = "rest", size = "rest", type = "unknown" },
]

[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x40
name = "fan answer"
summary = ""
fields = [
    { name = "speed", size = 2, unit = "rpm", provenance = "documented", about = "Speed." },
    { name = "torque", size = 1, type = "ascii" },
    { name = "counter", size = 1 },
    { name = "heat", size = 2, type = "int", unit = "°C" },
    { name = "drift", size = 5, type = "int" },
    { name = "total", size = 4, multiplier = 10, unit = "Wh", order = "little" },
    { name = "slope", size = 2, type = "int", divisor = 10, unit = "%" },
]
"""


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load(packaged_files(), [("mine.toml", MINE)])


def fields_of(definition: Definition, name: str) -> dict[str, Field]:
    return {field.name: field for field in definition.command(name).fields}


def declaration(definition: Definition, name: str, *, command: str = "fan") -> dict[str, Any]:
    """Return the declaration of one field alone."""
    proto_fields = ProtoFields(definition)
    assert proto_fields.add(fields_of(definition, command)[name]) == 1
    return dict(proto_fields.declarations[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("speed", {"filter": "evse.speed", "label": "speed", "type": "uint16", "about": "Speed.", "unit": "rpm"}),
        ("torque", {"filter": "evse.torque", "label": "torque in Nm [assumed]", "type": "double"}),
        ("serial", {"filter": "evse.serial", "label": "serial", "type": "uint24", "hex": True}),
        ("counter", {"filter": "evse.counter", "label": "counter", "type": "uint64"}),
        ("label", {"filter": "evse.label", "label": "label", "type": "string"}),
        ("raw", {"filter": "evse.field.raw", "label": "raw", "type": "uint8"}),
        ("größe", {"filter": "evse.gr_xf6__xdf_e", "label": "größe", "type": "uint32"}),
        ("rest", {"filter": "evse.rest", "label": "rest", "type": "bytes"}),
    ],
)
def test_a_field_is_declared(definition: Definition, name: str, expected: dict[str, Any]) -> None:
    assert declaration(definition, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("heat", {"filter": "evse.heat", "label": "heat", "type": "int16", "unit": "°C"}),
        ("drift", {"filter": "evse.drift", "label": "drift", "type": "int64"}),
        ("total", {"filter": "evse.total", "label": "total", "type": "uint64", "unit": "Wh"}),
        ("slope", {"filter": "evse.slope", "label": "slope in %", "type": "double"}),
    ],
)
def test_a_number_with_a_sign_or_a_multiplier_is_declared(
    definition: Definition, name: str, expected: dict[str, Any]
) -> None:
    assert declaration(definition, name, command="fan answer") == expected


def test_a_name_is_marked_where_it_is_less_certain_than_its_field(definition: Definition) -> None:
    mode = fields_of(definition, "fan")["mode"]
    assert isinstance(mode.conversion, Named)
    words = {0: Provenance.DOCUMENTED, 1: Provenance.INFERRED}
    conversion = Named(replace(mode.conversion.enumeration, provenance=words))
    proto_fields = ProtoFields(definition)
    proto_fields.add(replace(mode, conversion=conversion, provenance=Provenance.DOCUMENTED))
    proto_fields.add(replace(mode, conversion=conversion, provenance=Provenance.INFERRED))
    certain, guess = proto_fields.declarations
    assert (certain["label"], certain["values"]) == ("mode", {0: "Off", 1: "On [inferred]"})
    assert (guess["label"], guess["values"]) == ("mode [inferred]", {0: "Off", 1: "On"})


def test_a_short_number_of_the_name_of_a_long_one_is_compared_with_it(definition: Definition) -> None:
    assert declaration(definition, "counter", command="fan answer")["type"] == "uint64"


def test_the_codes_of_faults_have_the_meanings_of_the_error_table() -> None:
    fields = {field.name: field for command in DEFINITION.commands for field in command.fields}
    proto_fields = ProtoFields(DEFINITION)
    proto_fields.add(fields["vendor_error"])
    proto_fields.add(fields["m4_error"])
    vendor, m4 = (entry["values"] for entry in proto_fields.declarations)
    assert isinstance(vendor, dict)
    assert (vendor[0x200208], vendor[0x10020F]) == ("Under voltage", "Meter data fault or Meter comm fault")
    assert m4 == {4: "Under voltage"}


def test_each_declaration_stands_once_and_a_name_of_two_families_has_two_filters(definition: Definition) -> None:
    proto_fields = ProtoFields(definition)
    fan, answer = (fields_of(definition, name) for name in ("fan", "fan answer"))
    assert [proto_fields.add(field) for field in (fan["speed"], fan["torque"], answer["speed"])] == [1, 2, 1]
    assert proto_fields.add(answer["torque"]) == 3
    assert [entry["filter"] for entry in proto_fields.declarations] == ["evse.speed", "evse.torque", "evse.torque.text"]


@pytest.mark.parametrize(
    ("provenance", "mark"),
    [
        (Provenance.INFERRED, " [inferred]"),
        (Provenance.ASSUMED, " [assumed]"),
        (Provenance.DOCUMENTED, ""),
        (Provenance.USER, ""),
        (None, ""),
    ],
)
def test_guesses_are_marked(provenance: Provenance | None, mark: str) -> None:
    assert format_mark(provenance) == mark
