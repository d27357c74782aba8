"""`explain` with a definition of another board: the codes of the charger say nothing of it."""

import pytest

from sniffer.base.errors import ExplainError
from sniffer.commands.explain.explain import explain
from sniffer.core.protocol.loader import load, packaged_files

BOARD = """\
[[link]]
name = "pack"
heads = { "bms>host" = "A5" }
length = { at = 1, adds = 3 }
direction = { at = 2, "bms>host" = "0x01" }
payload = 3
check = { name = "sum" }

[enumeration.pack]
label = "pack state"
values = [{ number = 1, name = "charge" }, { number = 2, name = "Idle", meaning = "Nothing flows" }]

[[error]]
vendor = 3
meaning = "Current module fault"

[[command]]
direction = "bms>host"
code = 0
name = "state"
summary = "{state}, {fault}"
fields = [
    { name = "state", size = 1, enumeration = "pack", tells = "status" },
    { name = "fault", size = 1, tells = "vendor_error" },
]
"""
DEFINITION = load(packaged_files(), [("pack.toml", BOARD)])


def explained(word: str) -> list[str]:
    return explain([word], DEFINITION).splitlines()


def test_a_number_is_a_code_of_the_board_only() -> None:
    assert explained("3")[:3] == ["3 = 0x03", "  as vendor error code  (user)", "    error table: Current module fault"]
    assert explained("1") == ["1 = 0x01", "  as pack state: charge  (user)"]
    assert explained("14") == ["14: this code is in no table"]
    assert not any("OCPP" in line for line in explained("3"))


def test_a_name_is_one_of_the_board() -> None:
    assert explained("Charge") == ["charge = pack state 1  (user)"]
    assert explained("idle") == ["Idle = pack state 2", "  Nothing flows  (user)"]
    with pytest.raises(ExplainError, match=r"nearest names: charge$"):
        explained("chrage")
    with pytest.raises(ExplainError, match="SuspendedEV: neither a code"):
        explained("SuspendedEV")


def test_a_frame_shows_what_says_its_direction_and_a_check_of_one_byte_without_an_order() -> None:
    lines = [" ".join(line.split()) for line in explained("A5 03 01 01 09 B3")]
    assert lines[1] == "charge, 9"
    assert "direction 01 01 user which way the frame goes" in lines
    assert "crc B3 B3 user sum" in lines
    assert not any("not known" in line for line in lines[1:-6])
