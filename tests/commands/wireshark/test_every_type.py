"""Every type of field: tshark shows what `dump --json` prints of the same capture."""

import pytest

from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from tests.commands.wireshark.dump_comparison import assert_equals_dump, assert_lines, damage_frames, read
from tests.commands.wireshark.helpers import Dissection
from tests.core.protocol.every_type import list_frames, load_every_type


@pytest.fixture(scope="module")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dissection, list[Record]]:
    """Return a capture with every type of field."""
    dissection = Dissection(tmp_path_factory.mktemp("dissection"), load_every_type())
    return dissection, read(dissection.definition, damage_frames([*list_frames(dissection.definition)]))


def test_every_type_of_field_is_shown_as_dump_prints_it(every_type: tuple[Dissection, list[Record]]) -> None:
    dissection, records = every_type
    again = assert_equals_dump(dissection, records)
    shown = {field.name for record in again if isinstance(record.item, Message) for field in record.item.fields}
    commands = [command for command in dissection.definition.commands if command.route.link.name == "every"]
    lists = {name for name in (one.name for command in commands for one in command.fields) if "." not in name}
    assert lists <= shown
    assert {"cells.2", "pairs.1.pair_flags.up", "points.2.value", "voltage"} <= shown


@pytest.mark.parametrize("version", ["5.2", "5.3", "5.4"])
def test_each_lua_gives_the_same_lines(every_type: tuple[Dissection, list[Record]], version: str) -> None:
    dissection, records = every_type
    assert_lines(dissection, [record for record in records if isinstance(record.item, Message | Noise)], version)


def test_items_and_bits_can_be_filtered_for(every_type: tuple[Dissection, list[Record]]) -> None:
    dissection, records = every_type
    dissection.put(records)
    assert dissection.numbers("evse.cells.2 > 3.3 && evse.cells == 3.3 && evse.points.value == 13") == [
        number
        for number, one in enumerate(records, 1)
        if isinstance(one.item, Message) and one.item.value("cells.2") == 3.301
    ]
    assert dissection.numbers('evse.bcd.text == "0x1A00" && evse.mood == 192')
    assert dissection.numbers('evse.f4.text == "NaN" && evse.floats.text == "NaN 0x7FC00001"')
    assert dissection.numbers("evse.f4 > 230.2 && evse.power == 230200.01")
