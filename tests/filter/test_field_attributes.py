"""The names of fields: those of a user's definition, also where they clash with other names or differ in type."""

from datetime import UTC

import pytest

from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.filter.field_attributes import FieldOwner, field_attributes
from sniffer.filter.vocabulary import Vocabulary
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import DEFINITION, UNDERSTOOD, frame
from tests.filter.helpers import SAMPLE, lines, numbers, records
from tests.known_frames import REAL_FRAMES

MINE = """
[enumeration.mine]
label = "kind"
values = [{ number = 1, name = "8" }, { number = 2, name = "12 (unknown)" }, { number = 3, name = "and" }]

[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x40
name = "fan"
summary = ""
fields = [
    { name = "time", size = 1 },
    { name = "Dir", size = 1, enumeration = "mine" },
    { name = "and", size = 1 },
    { name = "a·b", size = 1 },
    { name = "unknown_3", size = 1 },
]
"""


class TestUserDefinition:
    DEFINITION = load(packaged_files(), [("my.toml", MINE)])
    VOCABULARY = Vocabulary(DEFINITION, lambda: UTC)

    def session(self, payload: list[int]) -> list[Record]:
        return records(Chunk(frame(PWR_TO_COM, 0x40, bytes(payload)).raw), definition=self.DEFINITION)[:-1]

    @pytest.mark.parametrize(
        "text",
        [
            "command fan",
            "name == FAN",
            "field.time == 7",
            "not time",
            "Dir == 3",
            'Dir == "and"',
            "Dir ~ 'AN'",
            "field.dir == 3",
            "dir == pwr>com",
            "field.and 5",
            '"a·b" == 6',
            "unknown_3 == 9",
            'unknown_3 != "00 00 00"',
        ],
    )
    def test_adds_names_that_can_all_be_used(self, text: str) -> None:
        assert numbers(text, self.session([7, 3, 5, 6, 9]), self.VOCABULARY) == [1]

    @pytest.mark.parametrize(
        ("text", "dirs"),
        [("Dir == 8", [1]), ("Dir == 2", [2]), ('Dir == "12 (unknown)"', [2, 12]), ("Dir >= 8", [8, 12])],
    )
    def test_may_have_names_that_look_like_numbers(self, text: str, dirs: list[int]) -> None:
        assert [it for it in (1, 2, 8, 12) if numbers(text, self.session([0, it, 0, 0, 0]), self.VOCABULARY)] == dirs

    def test_does_not_change_the_type_of_another_field_of_the_same_name(self) -> None:
        assert lines("unknown_3 == '00 00 00'") == [717]
        assert numbers("unknown_3 > 8", SAMPLE, self.VOCABULARY) == []


def test_every_field_of_the_definition_has_an_attribute_with_all_its_owners() -> None:
    attributes = field_attributes(DEFINITION)
    owners: list[FieldOwner] = [*DEFINITION.commands, *DEFINITION.lines]
    assert set(attributes) == {field.name for owner in owners for field in owner.fields}
    for name, attribute in attributes.items():
        assert attribute.name == name
        assert set(attribute.locations) == {owner for owner in owners if name in [field.name for field in owner.fields]}
        for owner, (location,) in attribute.locations.items():
            assert owner.fields[location.position].name == name


BOARD = """
[[link]]
name = "heater"
heads = { "a>b" = "B1" }
sizes = [{ size = 4 }]
payload = 1
check = { name = "sum" }

[enumeration.run]
label = "run state"
values = [{ number = 0, name = "off" }, { number = 1, name = "heating" }]

[[command]]
direction = "a>b"
code = 0
name = "report"
summary = ""
fields = [
    { name = "run", size = 1, enumeration = "run", tells = "status" },
    { name = "supply", size = 1, unit = "V", tells = "voltage" },
]
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [("status == heating", [2]), ("run == off", [1]), ("voltage > 48", [2]), ("status Faulted", [])],
)
def test_a_field_of_a_board_is_also_found_by_what_it_tells(text: str, found: list[int]) -> None:
    definition = load(packaged_files(), [("heater.toml", BOARD)])
    bodies = (b"\xb1\0\x30", b"\xb1\1\x31")
    session = records(*(Chunk(body + bytes([sum(body) % 256])) for body in bodies), definition=definition)
    assert numbers(text, session, Vocabulary(definition, lambda: UTC)) == found


def test_a_field_of_a_list_is_also_found_without_the_number_of_its_item() -> None:
    fields = (
        '[{name = "n", size = 1}, {name = "cells", type = "list", item = {size = 1}, count = "n", most = 3},'
        ' {switch = "n", cases = [{values = 2, fields = [{name = "v", size = 1}]}],'
        ' otherwise = [{name = "v", size = 1, type = "ascii"}]}]'
    )
    head = 'link = "pwrboard"\ndirection = "pwr>com"\ncode = 0x40\nname = "x"\nsummary = ""'
    definition = load(packaged_files(), [("my.toml", f"[[command]]\n{head}\nfields = {fields}")])
    frames = [frame(PWR_TO_COM, 0x40, payload).raw for payload in (b"\2\5\6\7", b"\1\5A", b"\0B")]
    session = records(*map(Chunk, frames), definition=definition)[:-1]
    vocabulary = Vocabulary(definition, lambda: UTC)
    found = {
        "cells.1 == 5": [1, 2],
        "cells.2 > 5": [1],
        "cells == 6": [1],
        "cells < 9": [1, 2],
        "cells": [1, 2],
        "cells.3": [],
        "field.v == 7": [1],
        "v == A": [2],
        "v != A": [1, 3],
        "v": [1, 2, 3],
    }
    assert {text: numbers(text, session, vocabulary) for text in found} == found


METER_LINE = next(text for text in UNDERSTOOD if text.startswith("connId"))
BELOW_ZERO = bytes.fromhex("bb0001010b01020600000000fff400009894")
REAL = records(*[parse_line(f"{known.arrow}:{known.text}") for known in REAL_FRAMES], parse_line(METER_LINE))[:-1]
METER = [place for place, known in enumerate(REAL_FRAMES, 1) if known.name.startswith("real meter values")]
LINE = len(REAL)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("energy == 223710", [*METER, LINE]),
        ("meter_energy >= 223710", [*METER, LINE]),
        ("energy == 22371", []),
        ("energy > 223709 and energy < 223711", [*METER, LINE]),
        ("voltage == 240.1", METER),
        ("l1_voltage == 240.1", [*METER, LINE]),
        ("l1_voltage < 241 and l1_voltage > 240", [*METER, 14, LINE]),
        ("l2_voltage == 0 and energy", METER[:1]),
        ("current == 0.01", METER),
        ("temperature == 46", [*METER, LINE]),
        ("temperature > 46", []),
        ("power == 2", [LINE]),
        ("availability == Operative", [7, 8, 9, 10]),
        ("acceptance == accepted", [2, 12]),
        ("result == 0", [9, 10]),
    ],
)
def test_numbers_of_every_kind_are_compared_in_their_unit(text: str, found: list[int]) -> None:
    assert numbers(text, REAL) == found


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("cp_voltage == -12", True),
        ("cp_voltage < 0", True),
        ("cp_voltage < -12", False),
        ("cp_voltage <= -12", True),
        ("cp_voltage > -13", True),
        ("cp_voltage >= 0", False),
        ("cp_voltage == 65524", False),
        ("cp_voltage != 12", True),
    ],
)
def test_a_number_below_zero_is_compared_with_its_sign(text: str, matches: bool) -> None:
    frame_below = records(Chunk(BELOW_ZERO))[:-1]
    line_below = records(parse_line("pwrCom error Code vol:5,8,-12"))[:-1]
    assert numbers(text, frame_below) == numbers(text, line_below) == ([1] if matches else [])


def test_a_field_takes_precedence_over_an_alias_of_its_name() -> None:
    mine = """[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x40
name = "own meter"
summary = ""
fields = [{ name = "meter_energy", size = 1 }]
"""
    definition = load(packaged_files(), [("my.toml", mine)])
    session = records(Chunk(frame(PWR_TO_COM, 0x40, b"\x07").raw), definition=definition)[:-1]
    assert numbers("meter_energy == 7", session, Vocabulary(definition, lambda: UTC)) == [1]
