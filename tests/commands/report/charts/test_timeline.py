"""The timeline of a report: a row for each connector, fault and kind of mark, over one axis."""

from sniffer.commands.report.charts.timeline import draw_timeline
from tests.commands.report.helpers import plain_report, report_of


def test_every_connector_fault_and_plot_has_a_row() -> None:
    shown = draw_timeline(report_of("mains-sag.pcapng"))
    for name in ("connector 1", "fault", "Charging", "Faulted", "L1", "frames"):
        assert name in shown


def test_boots_are_marked() -> None:
    assert "▲" in draw_timeline(report_of("bootloop.pcapng"))
    assert "▲" not in draw_timeline(plain_report(boot_marks=()))


def test_what_a_log_holds_is_text() -> None:
    assert "<script" not in draw_timeline(report_of("undervoltage.log"))
