"""A capture names the links that it was recorded with, or may have had any."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.definition_origin import build_origin
from sniffer.formats.pcapng.recorded_links import has_links_of

COMMANDS_ONLY = """
[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x7E
name = "own"
summary = ""
"""


@pytest.mark.parametrize(
    ("recorded", "used", "same"),
    [
        ([], [], True),
        ([], ["modbus"], False),
        (["modbus"], [], False),
        (["modbus"], ["modbus"], True),
        (["modbus"], ["tuya"], False),
        (["modbus"], ["modbus", "tuya"], False),
    ],
)
def test_boards_are_known_by_their_links(recorded: list[str], used: list[str], *, same: bool) -> None:
    assert has_links_of(load_definition(recorded).origins, load_definition(used)) is same


def test_a_file_without_links_changes_none(tmp_path: Path) -> None:
    own = tmp_path / "my.toml"
    own.write_text(COMMANDS_ONLY)
    assert has_links_of((), load_definition([str(own)]))
    assert has_links_of(load_definition(["modbus"]).origins, load_definition(["modbus", str(own)]))


def test_a_file_that_is_not_used_or_has_changed_may_have_had_any_links(tmp_path: Path) -> None:
    own = tmp_path / "my.toml"
    own.write_text(COMMANDS_ONLY)
    recorded = load_definition([str(own)])
    assert has_links_of(recorded.origins, recorded)
    assert not has_links_of(recorded.origins, load_definition([]))
    own.write_text(f"{COMMANDS_ONLY}# changed")
    assert not has_links_of(recorded.origins, load_definition([str(own)]))


def test_another_state_of_a_board_may_have_had_any_links() -> None:
    assert not has_links_of((build_origin("modbus", "older", is_board=True),), load_definition([]))


def test_what_a_copy_only_names_is_not_used() -> None:
    modbus, tuya = load_definition(["modbus"]), load_definition(["tuya"])
    both = replace(tuya, origins=(*tuya.origins, *modbus.origins), unused_origins=modbus.origins)
    assert has_links_of(tuya.origins, both)
    assert not has_links_of(both.origins, both)
