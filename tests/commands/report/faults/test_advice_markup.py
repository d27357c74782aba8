"""The advice on the page of a report: what it is, the values, dangers, the safety line, and the steps."""

from msgspec.structs import replace

from sniffer.commands.report.charts.markup import join_markup
from sniffer.commands.report.faults.advice_markup import build_advice
from tests.commands.report.helpers import plain_report, report_of


def test_what_to_do_stands_in_the_order_in_which_it_is_needed() -> None:
    shown = join_markup([*build_advice(report_of("mains-sag.pcapng"))])
    parts = (
        "<strong>Under voltage</strong>: The supply voltage",
        "30 s → 10 s before → at the fault: L1 228 → 218.8 → 197.9 V",
        "<strong>DANGER:</strong> Phases that swing apart",
        "Qualified persons only",
        "<ol><li>Phase voltages on the tool",
    )
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)


def test_each_meaning_has_its_advice_once() -> None:
    report = report_of("mains-sag.pcapng")
    twice = replace(report, faults=(*report.faults, *report.faults))
    assert join_markup([*build_advice(twice)]) == join_markup([*build_advice(report)])


def test_without_faults_there_is_no_advice() -> None:
    assert [*build_advice(plain_report())] == []
