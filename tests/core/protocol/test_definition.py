"""The values of a definition: the look-ups, the size of a command, and how well a value is known."""

import pytest
from msgspec.structs import replace

from sniffer.core.protocol.conversions import Named, Plain
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from tests.core.protocol.helpers import DEFINITION

REPORT = DEFINITION.command("status report")
COLORS = Enumeration("color", {1: "Black", 2: "White"}, {}, {1: Provenance.VERIFIED, 2: Provenance.ASSUMED})


def field(provenance: Provenance | None) -> Field:
    return Field("color", 1, "uint", Named(COLORS), None, provenance, "")


def test_a_command_is_found_by_its_name() -> None:
    assert REPORT.name == "status report"
    first = next(command for command in DEFINITION.commands if command.name == "announcement answer")
    assert DEFINITION.command("announcement answer") is first
    with pytest.raises(KeyError):
        DEFINITION.command("no such command")


def test_the_size_of_a_command_is_that_of_all_fields() -> None:
    assert REPORT.size == 11
    assert replace(REPORT, fields=()).size == 0


@pytest.mark.parametrize("size", ["rest", "to zero"])
def test_a_command_with_a_field_of_varying_size_has_no_size(size: str) -> None:
    varying = replace(REPORT, fields=(*REPORT.fields, replace(field(None), size=size)))
    assert varying.size is None


@pytest.mark.parametrize(
    ("stated", "number", "expected"),
    [
        (Provenance.VERIFIED, 1, Provenance.VERIFIED),
        (Provenance.VERIFIED, 2, Provenance.ASSUMED),
        (Provenance.INFERRED, 1, Provenance.INFERRED),
        (Provenance.USER, 2, Provenance.USER),
        (Provenance.VERIFIED, 3, None),
        (None, 1, None),
    ],
)
def test_a_value_is_known_no_better_than_its_field_and_its_name(
    stated: Provenance | None, number: int, expected: Provenance | None
) -> None:
    assert field(stated).provenance_of(number) == expected


def test_a_value_without_a_name_is_known_as_well_as_its_field() -> None:
    assert replace(field(Provenance.INFERRED), conversion=Plain()).provenance_of(b"\1") == Provenance.INFERRED


def test_commands_differ_by_identity_in_tables() -> None:
    copy: Command = replace(REPORT)
    assert copy == REPORT
    assert hash(copy) != hash(REPORT)
    line = DEFINITION.lines[0]
    assert hash(replace(line)) != hash(line)


def test_enumerations_that_the_model_needs_have_names() -> None:
    assert DEFINITION.statuses is DEFINITION.enumerations["status"]
    assert DEFINITION.ocpp_errors is DEFINITION.enumerations["ocpp_error"]


def test_a_voltage_is_in_the_window_of_one_pilot_state() -> None:
    for state in DEFINITION.pilot:
        assert DEFINITION.pilot_state(state.voltage) is state
        for edge in state.window or ():
            assert DEFINITION.pilot_state(edge) is state
    assert DEFINITION.pilot_state(1000) is None
    assert DEFINITION.pilot_state(-1000) is None


def test_a_pilot_state_without_a_window_has_only_its_voltage() -> None:
    state = replace(DEFINITION.pilot[0], voltage=5, window=None)
    alone = replace(DEFINITION, pilot=(state,))
    assert alone.pilot_state(5) is state
    assert alone.pilot_state(5.01) is None
    assert alone.pilot_state(4.99) is None
