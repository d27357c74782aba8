"""Tests of the plots of the timeline."""

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.history.timeline.buckets import Bucket
from sniffer.tui.timeline.plots import BARS, draw_bars, list_kinds, make_measured_plots, make_rate_plot
from tests.history.helpers import SimulatedSession


@pytest.mark.parametrize(
    ("values", "low", "high", "shown"),
    [
        ([0, 5, 10], 0, 10, "▁▅█"),
        ([None, 7, None], 0, 7, " █ "),
        ([3, 3], 3, 3, "██"),
        ([-5, 15], 0, 10, "▁█"),
        ([], 0, 1, ""),
    ],
)
def test_a_value_is_a_bar_of_its_height(values: list[float | None], low: float, high: float, shown: str) -> None:
    assert draw_bars(values, low, high) == shown


def test_bars_use_the_whole_range() -> None:
    assert draw_bars(range(len(BARS)), 0, len(BARS) - 1) == BARS


def columns_of(*voltages: float | None) -> list[list[Bucket]]:
    """Return a column for each voltage, with a report of it on all phases, or without any report if it is None."""
    session = SimulatedSession()
    for volts in voltages:
        if volts is not None:
            session.voltages(volts, volts, volts)
        else:
            session.plain()
        session.wait(1)
    timeline = session.timeline
    start = timeline.series.grid.origin
    edges = [start + second * 1_000_000_000 for second in range(len(voltages) + 1)]
    return [list(buckets) for buckets in timeline.slice_columns(edges, timeline.count)]


def test_rate_is_per_second_or_per_column() -> None:
    columns = columns_of(230, 230, 230, 230)
    assert make_rate_plot(columns, 0.5).note == "avg 2 max 2/s"
    assert make_rate_plot(columns, None).note == "avg 1 max 1"
    assert make_rate_plot(columns, 1).bars == "████"
    assert make_rate_plot([[], *columns], 1).bars == " ████"
    assert make_rate_plot([], 1).note == "avg 0 max 0/s"


@pytest.mark.parametrize(
    ("seconds", "note"),
    [(1 / 9999, "avg 9999"), (1 / 10_000, "avg 10k"), (1 / 1.5, "avg 1.5 "), (1 / 10.4, "avg 10 ")],
)
def test_rates_are_written_short(seconds: float, note: str) -> None:
    assert make_rate_plot(columns_of(230), seconds).note.startswith(note)


def test_no_voltages_no_plots() -> None:
    assert make_measured_plots(columns_of(None, None), [False] * 2, 3) == []


def test_phases_have_a_row_each_or_one_for_all() -> None:
    columns = columns_of(230, 190, 230)
    plots = make_measured_plots(columns, [False] * 3, 3)
    assert [(plot.name, plot.bars, plot.note) for plot in plots] == [
        (name, "█▁█", "230.0 V 190.0-230.0") for name in ("L1", "L2", "L3")
    ]
    (plot,) = make_measured_plots(columns, [False] * 3, 1)
    assert (plot.name, plot.bars, plot.note) == ("L1-3", "█▁█", "230.0 V 190.0-230.0")


def test_small_ripple_does_not_fill_the_plot() -> None:
    (plot,) = make_measured_plots(columns_of(230, 231), [False] * 2, 1)
    assert plot.bars in ("▄▅", "▄▄", "▅▅")


def test_missing_voltage_is_filled_except_in_a_silence_and_after_the_last_report() -> None:
    columns = columns_of(None, 230, None, 190, None)
    (plot,) = make_measured_plots(columns, [False] * 5, 1)
    assert plot.bars == " ██▁ "
    (plot,) = make_measured_plots(columns, [False, False, True, False, False], 1)
    assert plot.bars == " █ ▁ "


def measuring(*, connectors: int = 1) -> tuple[list[list[Bucket]], SimulatedSession]:
    """Return two columns of a one-phase charger that charges."""
    session = SimulatedSession()
    for energy, amperes, board in ((1000, 0.01, 40), (2000, 16.0, 45)):
        for connector in range(1, connectors + 1):
            session.report("Charging", connector=connector, board=board)
            session.meter(connector=connector, energy=energy, voltage=230, current=amperes, temperature=30)
        session.wait(1)
    start = session.timeline.series.grid.origin
    edges = [start, start + 1_000_000_000, start + 2_000_000_000]
    return [list(buckets) for buckets in session.timeline.slice_columns(edges, session.timeline.count)], session


def test_each_kind_of_measured_value_has_a_row() -> None:
    columns, _ = measuring()
    assert [(plot.name, plot.bars, plot.note) for plot in make_measured_plots(columns, [False] * 2, 9)] == [
        ("L1", "▅▅", "230.0 V 230.0-230.0"),
        ("A", "▁█", "16.0 A 0.0-16.0"),
        ("W", "▁█", "3680 W 2-3680"),
        ("Wh", "▁█", "2.00 kWh +1.00"),
        ("board", "▁█", "45 °C 40-45"),
        ("conn", "▅▅", "20 °C 20-20"),
        ("meter", "▅▅", "30 °C 30-30"),
    ]


def test_only_as_many_rows_as_there_is_room_for() -> None:
    columns, _ = measuring()
    assert [[plot.name for plot in make_measured_plots(columns, [False] * 2, rows)] for rows in (-1, 0, 1, 2)] == [
        [],
        [],
        ["L1"],
        ["L1", "A"],
    ]


def test_two_connectors_have_rows_of_their_own() -> None:
    columns, _ = measuring(connectors=2)
    names = [plot.name for plot in make_measured_plots(columns, [False] * 2, 20)]
    assert names[:4] == ["C1 L1", "C2 L1", "C1 A", "C2 A"]


def test_a_phase_that_is_lost_in_view_is_drawn() -> None:
    session = SimulatedSession().voltages(230, 230, 0).wait(2)
    start = session.timeline.latest + 2_000_000_000
    session.voltages(230, 0, 0)
    columns = [list(buckets) for buckets in session.timeline.slice_columns((start, start + 1_000_000_000), None)]
    names = [plot.name for plot in make_measured_plots(columns, [False], 9, session.timeline.present)]
    assert names == ["L1", "L2"]


def test_plots_of_another_board_have_the_names_of_its_fields() -> None:
    definition = load_definition(["jk"])
    kinds = {kind.quantities: kind.name for kind in list_kinds(definition)}
    assert (kinds["voltage",], kinds["temperature",]) == ("voltage", "temperature")
    assert ("voltage",) not in [kind.quantities for kind in list_kinds(packaged_definition())]
