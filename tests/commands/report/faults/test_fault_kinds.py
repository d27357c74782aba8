"""The faults of a report by kind: values and advice stand together, in the order in which they are needed."""

from msgspec.structs import replace

from sniffer.commands.report.faults.fault_kinds import format_fault_kind, list_codes, list_fault_kinds
from sniffer.commands.report.json_form import build_report_object
from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.text.faults.advice import load_handbook
from tests.commands.report.helpers import DEFINITION, report_of


def test_the_mains_sag_is_described_with_its_values() -> None:
    (kind,) = list_fault_kinds(report_of("mains-sag.pcapng"))
    assert (kind.name, kind.faults) == ("Under voltage on connector 1", 1)
    shown = "\n".join(format_fault_kind(kind, DEFINITION, 98))
    parts = (
        "Under voltage on connector 1",
        "electrically: The supply voltage",
        "30 s → 10 s before → at the fault:  L1 228 → 218.8 → 197.9 V",
        "DANGER: Phases that swing apart",
        "Qualified persons only",
        "1. Phase voltages on the tool",
        "received: M4 4, OCPP 14 UnderVoltage",
        "by the error table also vendor 0x200208",
    )
    places = [shown.index(text) for text in parts]
    assert places == sorted(places)


def test_faults_of_one_kind_have_the_values_of_the_last() -> None:
    kind = list_fault_kinds(report_of("mains-sag.pcapng"))[0]._replace(faults=3)
    assert next(format_fault_kind(kind, DEFINITION, 98)) == "Under voltage on connector 1 (values of the last of 3)"


def test_a_fault_that_nobody_knows_has_its_codes() -> None:
    (kind,) = list_fault_kinds(report_of("mains-sag.pcapng"))
    unknown = replace(kind.last, codes=FaultCodes(m4=77), diagnosis=diagnose(FaultCodes(m4=77), DEFINITION.errors))
    shown = [*format_fault_kind(kind._replace(last=unknown), DEFINITION, 98)]
    assert "  ≠ M4 77 is in no row of the error table" in shown
    assert shown[-1] == "  received: M4 77"
    assert list_codes(unknown, DEFINITION) == ["received: M4 77"]


def test_json_has_the_advice_once_for_each_meaning() -> None:
    made = build_report_object(report_of("mains-sag.pcapng"))
    (advice,) = made["advice"]
    assert [*advice] == ["meaning", "electrical", "danger", "safety", "measure", "afterwards", "vocabularies"]
    assert (advice["meaning"], advice["safety"]) == ("Under voltage", load_handbook().safety)
    assert advice["measure"][0].startswith("Phase voltages on the tool")
