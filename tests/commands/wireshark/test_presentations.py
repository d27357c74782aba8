"""Fields that are shown alike share one table, and large tables are loaded only where they are needed."""

from typing import Any

import pytest

from sniffer.commands.wireshark.presentations import LAST_SECOND, Presentations
from sniffer.core.protocol.text_conversions import EpochTime
from tests.core.protocol.every_type import load_every_type

DEFINITION = load_every_type()

KINDS = {
    "u1": {"kind": "number", "unit": "", "is_plain": True},
    "s8": {"kind": "number", "unit": "", "signed": True, "little": True, "is_plain": True},
    "down": {"kind": "scaled", "unit": " A", "divisor": 100, "format": "%.2f", "multiplier": -1, "zero": 10000},
    "magnitude": {"kind": "number", "unit": "", "multiplier": -1, "magnitude": True},
    "coded": {"kind": "bcd", "unit": " kWh", "divisor": 100, "format": "%.2f", "little": True},
    "f4": {"kind": "float", "unit": " V"},
    "power": {"kind": "float", "unit": " Wh", "multiplier": 1000, "divisor": 1, "swapped": True},
    "code4": {"kind": "hex", "digits": 8, "swapped": True},
    "serial": {"kind": "digits"},
    "hex": {"kind": "hex", "digits": 6, "little": True, "is_plain": True},
    "mood": {"kind": "named", "names": 1, "of": "mood", "is_plain": True},
    "fault": {"kind": "error", "names": 1, "none": "none", "is_plain": True},
    "ascii": {"kind": "ascii", "padding": 0},
    "latin": {"kind": "latin-1", "padding": 32},
    "left": {"kind": "utf-8"},
    "short": {"kind": "time", "parts": "smhDMY", "base_year": 2000, "is_bcd": True},
    "year": {"kind": "time", "parts": "YYMD"},
    "card": {"kind": "bytes", "is_plain": True},
}


@pytest.mark.parametrize("name", KINDS)
def test_a_field_has_a_kind_with_what_it_needs(name: str) -> None:
    presentations = Presentations()
    field = next(field for one in DEFINITION.commands for field in one.fields if field.name == name)
    assert presentations.add(field, in_bits=False) == 1
    table: Any = presentations.tables[0]
    assert {key: value for key, value in table.items() if value is not None} == KINDS[name]


def test_fields_that_are_shown_alike_share_a_table_and_their_names() -> None:
    presentations = Presentations()
    command = DEFINITION.command("numbers")
    found = [presentations.add(field, in_bits=False) for field in (*command.fields, *command.fields)]
    assert found[: len(found) // 2] == found[len(found) // 2 :]
    assert found[0] == found[1]
    assert presentations.names[0] == {0: "calm", 2: "busy", 192: "end"}
    assert presentations.add(command.fields[0], in_bits=True) not in found


def test_only_the_encodings_of_fields_have_tables() -> None:
    presentations = Presentations()
    assert presentations.build_encoding_tables() == {}
    for field in DEFINITION.command("texts").fields[1:3]:
        presentations.add(field, in_bits=False)
    assert presentations.build_encoding_tables().keys() == {"unsafe", "latin"}


def test_the_last_second_that_is_shown_as_a_time_is_that_of_the_conversion() -> None:
    conversion = EpochTime(8, "big")
    assert conversion.text(LAST_SECOND.to_bytes(8, "big")) == "9999-12-31T23:59:59Z"
    assert conversion.text((LAST_SECOND + 1).to_bytes(8, "big")) == str(LAST_SECOND + 1)
