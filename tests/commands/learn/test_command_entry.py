"""The entry of a proposed command: its fields, names, provenance and summary."""

from typing import Any

from sniffer.commands.learn.byte_evidence import ByteEvidence, EvidenceKind
from sniffer.commands.learn.command_entry import build_command_entry
from sniffer.commands.learn.payload_stats import Unit
from tests.commands.learn.test_payload_stats import layout_of
from tests.core.protocol.helpers import DEFINITION

STATUS = bytes([1, 8, 14, 0, 0, 0, 0, 0, 9, 0x1C, 0x15])


def entry_of(*payloads: bytes, found: list[ByteEvidence], code: int = 0x40) -> dict[str, Any] | None:
    return build_command_entry(layout_of(*payloads, code=code), found, DEFINITION.enumerations)


def evidence(offset: int, size: int = 1, kind: EvidenceKind = EvidenceKind.SAME, name: str = "status") -> ByteEvidence:
    return ByteEvidence(Unit(offset, size), kind, name, "")


def test_a_command_of_which_nothing_is_new_has_no_entry() -> None:
    assert entry_of(STATUS, STATUS, found=[], code=0x01) is None


def test_an_unknown_command_is_itself_assumed() -> None:
    entry = entry_of(b"\x01\x02\x03", found=[evidence(1)])
    assert entry is not None
    assert {key: str(entry[key]) for key in ("link", "direction", "name", "provenance", "summary")} == {
        "link": "pwrboard",
        "direction": "pwr>com",
        "name": "command 40 (proposed)",
        "provenance": "assumed",
        "summary": "unknown_0 {unknown_0}, same_as_status_1 {same_as_status_1}, unknown_2 {unknown_2}",
    }
    assert entry["code"] == 0x40
    assert "answers" not in entry


def test_a_claim_has_a_field_and_says_what_it_claims() -> None:
    kinds = {
        EvidenceKind.SAME: ("same_as_cp_voltage_0", "Proposed: equals cp voltage."),
        EvidenceKind.COUNTER: ("counter_0", "Proposed: goes up by one from frame to frame."),
        EvidenceKind.CORRELATED: ("moves_with_cp_voltage_0", "Proposed: moves with cp voltage."),
        EvidenceKind.DECIDED: ("decided_by_cp_voltage_0", "Proposed: decided by cp voltage."),
    }
    for kind, (name, about) in kinds.items():
        entry = entry_of(b"\x01\x02", found=[evidence(0, 2, kind, "cp voltage")])
        assert entry is not None
        assert entry["fields"] == [{"name": name, "size": 2, "provenance": "assumed", "about": about}]


def test_bytes_that_change_stand_apart() -> None:
    entry = entry_of(b"\x01\x02\x03\x04", b"\x01\x05\x06\x04", found=[])
    assert entry is not None
    assert [(field["name"], field["size"]) for field in entry["fields"]] == [
        ("unknown_0", 1),
        ("unknown_1", 2),
        ("unknown_3", 1),
    ]


def test_known_fields_are_restated_with_their_provenance() -> None:
    entry = entry_of(STATUS, found=[evidence(5, name="cp_voltage")], code=0x01)
    assert entry is not None
    fields = {field["name"]: dict(field) for field in entry["fields"]}
    assert [*fields][3:5] == ["unknown_3", "same_as_cp_voltage_5"]
    known = DEFINITION.command("status report")
    for field in (*known.fields[:3], *known.fields[4:]):
        assert fields[field.name]["provenance"] == field.provenance
        assert fields[field.name]["size"] == field.size
    assert fields["cp_voltage"]["type"] == "int"
    assert fields["unknown_3"]["type"] == "unknown"
    assert entry["provenance"] == "documented"
    assert entry["tells"] == "status"
    assert entry["sequence"] == ["random"]
    assert entry["summary"].endswith(", same_as_cp_voltage_5 {same_as_cp_voltage_5}")


def test_numbers_with_the_low_byte_first_are_restated_so() -> None:
    meter = bytes.fromhex("01 63570000 6109 0100 00000000 2E 0001 6109 0100 0000 0000 0000 0000 0000")
    entry = entry_of(meter, found=[evidence(9)], code=0x04)
    assert entry is not None
    fields = {field["name"]: dict(field) for field in entry["fields"]}
    energy = {"order": "little", "multiplier": 10, "unit": "Wh", "provenance": "documented"}
    voltage = {"order": "little", "divisor": 10, "unit": "V", "provenance": "assumed", "default": "00 00"}
    assert fields["energy"] == {"name": "energy", "size": 4} | energy
    assert fields["l3_voltage"] == {"name": "l3_voltage", "size": 2} | voltage
    assert fields["temperature"]["type"] == "int"
    assert entry["answers"] is True


def test_a_claim_says_how_its_bytes_are_read() -> None:
    found = [
        ByteEvidence(Unit(0, 2, "little"), EvidenceKind.SAME, "status", ""),
        ByteEvidence(Unit(2, 1), EvidenceKind.SAME, "level", "", is_signed=True),
    ]
    entry = entry_of(b"\x01\x02\x03", found=found)
    assert entry is not None
    first, second = entry["fields"]
    assert (first["order"], "type" in first) == ("little", False)
    assert (second["type"], "order" in second) == ("int", False)


def test_a_name_that_is_taken_gets_an_underscore() -> None:
    found = [evidence(0, name="a b"), evidence(1, name="a-b")]
    entry = entry_of(b"\x01\x02", found=[*found])
    assert entry is not None
    assert [field["name"] for field in entry["fields"]] == ["same_as_a_b_0", "same_as_a_b_1"]
    layout = layout_of(STATUS, code=0x01)
    clash = build_command_entry(layout, [evidence(3, name="x")], DEFINITION.enumerations)
    assert clash is not None
    names = [field["name"] for field in clash["fields"]]
    assert len(set(names)) == len(names)
