"""The phases of the mains."""

from typing import get_args

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.phases import PHASES, PhaseName


def test_the_charger_reports_a_voltage_of_each_phase() -> None:
    names = {field.name for command in packaged_definition().commands for field in command.fields}
    assert get_args(PhaseName) == PHASES
    assert {f"{phase}_voltage" for phase in PHASES} <= names
