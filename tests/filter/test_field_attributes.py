"""The names of fields: those of a user's definition, also where they clash with other names or differ in type."""

from datetime import UTC

import pytest

from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.filter.field_attributes import FieldOwner, field_attributes
from sniffer.filter.vocabulary import Vocabulary
from tests.core.protocol.helpers import DEFINITION, frame
from tests.filter.helpers import SAMPLE, lines, numbers, records

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
        for owner, location in attribute.locations.items():
            assert owner.fields[location.position].name == name
