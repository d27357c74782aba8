"""The measured values of a report: exact over the session and in each column, and only of series that are there."""

from sniffer.commands.report.measured import MeasuredColumns
from sniffer.commands.report.model import MeasuredSpan, VoltageSpan
from sniffer.history.timeline.buckets import Bucket
from tests.history.helpers import SimulatedSession


def buckets_of(session: SimulatedSession) -> list[Bucket]:
    timeline = session.timeline
    return [*timeline.slice_columns((timeline.began, timeline.latest + timeline.series.grid.width))[0]]


def test_voltages_of_three_phases() -> None:
    session = SimulatedSession().voltages(230, 231, 232).wait(1).voltages(210, 233, 232)
    measured = MeasuredColumns(buckets_of(session), session.timeline.present)
    assert measured.voltages == (VoltageSpan(210, 220, 230), VoltageSpan(231, 232, 233), VoltageSpan(232, 232, 232))
    assert [(one.name, one.unit, one.span) for one in measured.series][:1] == [
        ("l1_voltage", "V", MeasuredSpan(230, 210, 210, 220, 230))
    ]


def test_a_column_without_values() -> None:
    session = SimulatedSession().voltages(230, 231, 232).wait(1).plain().wait(1).voltages(230, 231, 232)
    buckets = buckets_of(session)
    measured = MeasuredColumns(buckets, session.timeline.present)
    column = [bucket for bucket in buckets if not bucket.ranges]
    assert measured.measured(column) == (None, None, None)
    assert measured.voltages_of(column) == ()
    assert len(measured.voltages_of(buckets[:1])) == 3


def test_a_one_phase_charger() -> None:
    session = SimulatedSession().voltages(240, 0, 0).meter(energy=100, voltage=240, current=16, temperature=40)
    measured = MeasuredColumns(buckets_of(session), session.timeline.present)
    assert [one.name for one in measured.series] == [
        "l1_voltage",
        "l1_current",
        "l1_power",
        "voltage",
        "current",
        "energy",
        "temperature",
    ]
    assert {one.connector for one in measured.series} == {None}
    assert measured.voltages[1] == VoltageSpan(0, 0, 0)


def test_a_log_that_prints_one_phase_only() -> None:
    line = (
        "2024-04-03T16:37:01+0900 [ocpp] connId:1,connectorType:1,meterval:223710,AC_voltage_A:240.1,AC_current_A:0.01,"
        "MaxPowerOffered:0,temperature:46,soc:0,AC_Power:2"
    )
    session = SimulatedSession().line(line)
    measured = MeasuredColumns(buckets_of(session), session.timeline.present)
    assert measured.voltages[0] == VoltageSpan(240.1, 240.1, 240.1)
    assert measured.voltages[1] == VoltageSpan(0, 0, 0)


def test_a_session_without_measured_values_has_no_series() -> None:
    session = SimulatedSession().plain()
    measured = MeasuredColumns(buckets_of(session), session.timeline.present)
    assert (measured.series, measured.voltages) == ((), ())
