"""The timeline as text: what stands in which column, in the room that there is."""

from datetime import UTC
from typing import Any

import pytest
from rich.cells import cell_len

from sniffer.base.times import SECOND
from sniffer.core.charger.events import StatusChanged
from sniffer.history.timeline.session_timeline import KINDS, SessionTimeline
from sniffer.tui.state.time_formatter import TimeFormatter
from sniffer.tui.timeline.lanes import Viewport
from sniffer.tui.timeline.legend import MARK_STYLES, STATUS_STYLES
from sniffer.tui.timeline.plots import BARS
from sniffer.tui.timeline.readout import format_readout
from sniffer.tui.timeline.render import CURSOR, count_columns, draw_timeline
from sniffer.tui.timeline.scale import fit_scale
from tests.core.protocol.helpers import DEFINITION
from tests.history.helpers import START, SimulatedSession


def viewport_of(
    timeline: SessionTimeline, width: int, *, until: int | None = None, cursor: int | None = None, quiet: float = 0
) -> Viewport:
    """Return a viewport of the whole session, with the cursor at its end, after `quiet` seconds of silence."""
    ends = timeline.latest if until is None else timeline.moment_of(until)
    ends += round(quiet * SECOND)
    scale = fit_scale(timeline.series.grid, max(timeline.latest, ends), count_columns(width))
    known, at = timeline.count if until is None else until, ends if cursor is None else cursor
    return Viewport(scale, known, ends, TimeFormatter(UTC), at, timeline.number_at(at))


def drawn_lines(session: SimulatedSession, width: int, height: int = 12, **options: Any) -> list[str]:
    viewport = viewport_of(session.timeline, width, **options)
    words = format_readout(session.timeline, viewport)
    lines = draw_timeline(session.timeline, viewport, words, width, height)
    return [line.plain.rstrip().replace(STATUS_STYLES["Faulted"].fill, "/") for line in lines]


def row(session: SimulatedSession, name: str, width: int = 60, **options: Any) -> str:
    """Return the cells of one row."""
    (line,) = (line for line in drawn_lines(session, width, **options) if line[:8].strip() == name)
    return line[8 : 8 + count_columns(width)].rstrip()


def charging_session() -> SimulatedSession:
    """Return a session: a vehicle comes, charges, the mains sag, and it charges again."""
    session = SimulatedSession().boot().report("Available", cp=12)
    for status, seconds, level in (
        ("Available", 10, 230),
        ("Preparing", 2, 230),
        ("Charging", 20, 225),
        ("Faulted", 8, 190),
        ("Charging", 20, 228),
    ):
        if status == "Faulted":
            session.fault()
        else:
            session.report(status, cp={"Available": 12, "Preparing": 9}.get(status, 6))
        for _ in range(seconds):
            session.voltages(level, level + 1, level + 2).wait(1)
    return session.plain()


DRAWN = {
    (48, 8): """\
22:14:20.000 #68  C1 Charging  2 frames in 1.50 s  228.0 229.0 230.0 V
              │22:13:30           │22:14:00    ▼
marks   ↻      ®             ▲    ▽
fault                        !/////
C1      A·····PCharging ━━━━━!////Charging ━━━━━
rate    █▄▂▄▂▄▄▅▂▄▂▄▂▄▂▄▂▄▂▄▂▅▂▄▂▄▄▄▂▄▂▄▂▄▂▄▂▄▂▄
L1-3    ████████▇▇▇▇▇▇▇▇▇▇▇▇▇▁▁▁▁▁██████████████
        ▲ fault  ▽ cleared  ↻ announcement  ® r…
""",
    (80, 9): """\
22:14:20.000 #68  C1 Charging  1 frame in 1.18 s
                │22:13:30    │22:13:45   │22:14:00        ▼
marks   ↻        ®                 ▲     ▽
fault                              !//////                   none active
C1      A·······P░Charging ━━━━━━━━!/////Charging ━━━━━━━━━  Charging
rate    █▂▂▂▂▄▂▂▄▂▅▂▂▂▂▂▄▂▂▂▂▄▂▂▂▂▂▅▂▂▂▂▄▄▂▂▂▂▄▂▂▂▂▄▂▂▂▂▄▂▂  avg 1.1 max 4.2/s
L1-3    ██████████▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▁▁▁▁▁▁█████████████████   229.0 V 190.0-232.0
board   ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅                   0 °C 0-0
        ▲ fault  ▽ cleared  ↻ announcement  ® registration  A Available  P Prep…
""",
    (120, 11): """\
22:14:20.000 #68  C1 Charging  1 frame in 672.0 ms
        │22:13:20     │22:13:30      │22:13:40      │22:13:50      │22:14:00      │22:14:10      ▼
marks   ↻               ®                              ▲           ▽
fault                                                  !////////////                                 none active
C1      Available ····P░░Charging ━━━━━━━━━━━━━━━━━━━━━Faulted ////Charging ━━━━━━━━━━━━━━━━━━━━━━   Charging
rate    █▃▃ ▃▃ ▃▃ ▃▃ ▃▅ ▃▅ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▅ ▃▃ ▃▃ ▃▃ ▃▅ ▃▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃▃ ▃   avg 1.1 max 6.0/s
L1-3    █████████████████▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▁▁▁▁▁▁▁▁▁▁▁▁█████████████████████████████     229.0 V 190.0-232.0
board   ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅                                 0 °C 0-0
conn    ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅                                 20 °C 20-20
        ▲ fault  ▽ cleared  ↻ announcement  ® registration  A Available  P Preparing  C Charging  ! Faulted
""",
}


@pytest.mark.parametrize("size", DRAWN)
def test_session_at_three_widths(size: tuple[int, int]) -> None:
    assert drawn_lines(charging_session(), *size) == DRAWN[size].splitlines()


def test_an_empty_session_is_drawn_as_empty() -> None:
    assert drawn_lines(SimulatedSession(), 60, 5) == [
        "nothing was read yet",
        "        ▼        │#10      │#20",
        "marks",
        "fault                                    none active",
        "",
    ]


def test_what_is_dropped_first() -> None:
    """Measured values, then the rate, then the legend; never the lanes."""
    session = charging_session()
    names = {height: [line[:8].strip() for line in drawn_lines(session, 60, height)[1:]] for height in range(3, 13)}
    lanes = ["", "marks", "fault", "C1"]
    assert names[3] == names[4] == names[5] == lanes
    assert names[6] == [*lanes, ""]
    assert names[7] == [*lanes, "rate", ""]
    assert names[8] == [*lanes, "rate", "L1-3", ""]
    assert names[9] == [*lanes, "rate", "L1-3", "board", ""]
    assert names[10] == [*lanes, "rate", "L1-3", "board", "conn", ""]
    assert names[12] == [*lanes, "rate", "L1", "L2", "L3", "board", "conn", ""]


@pytest.mark.parametrize("width", [1, 9, 20, 48, 59, 60, 99, 100, 250])
def test_every_line_has_the_cells_of_the_pane(width: int) -> None:
    session = charging_session()
    viewport = viewport_of(session.timeline, width)
    lines = draw_timeline(session.timeline, viewport, format_readout(session.timeline, viewport), width, 12)[1:-1]
    assert {cell_len(line.plain) for line in lines} == {max(width, 9)}


def test_columns_of_all_rows_are_the_same() -> None:
    """The bars fall, the fault begins and the mark stands where the connector became Faulted."""
    session = charging_session()
    at = row(session, "C1").index("!")
    assert row(session, "marks")[at] == "▲"
    assert row(session, "fault").index("!") == at
    assert row(session, "L1").index(BARS[0]) == at


def test_fault_shorter_than_a_column_is_seen() -> None:
    session = charging_session().wait(0.01).fault().wait(0.01).report("Charging", cp=6).wait(3600).plain()
    assert row(session, "marks")[0] == "▲"
    assert row(session, "fault")[0] == "!"
    assert row(session, "C1")[0] == "!"


def test_several_statuses_in_one_column() -> None:
    session = (
        SimulatedSession().report("Available", cp=12).report("Preparing").report("Charging", cp=6).wait(3600).plain()
    )
    assert row(session, "C1").startswith("≈Charging ━")


def test_station_and_connectors_have_lanes() -> None:
    session = (
        SimulatedSession()
        .report("Available", connector=0)
        .report("Charging", cp=6)
        .report("Reserved", connector=2)
        .wait(9)
    )
    shown = drawn_lines(session.plain(), 80)
    assert [line[:8].strip() for line in shown[4:7]] == ["station", "C1", "C2"]
    assert [line.split()[-1] for line in shown[4:7]] == ["Available", "Charging", "Reserved"]


def test_faults_of_two_connectors_at_once() -> None:
    session = SimulatedSession().fault().wait(5).report("Faulted", connector=2, error="OverVoltage").wait(5).plain()
    shown = row(session, "fault", 80)
    assert shown.startswith("Under voltage ")
    assert "several faults " in shown
    assert "2 active" in drawn_lines(session, 80)[3]


def test_fault_with_codes_that_no_table_has_is_active() -> None:
    session = SimulatedSession().report("Faulted", m4=250).wait(5).plain()
    assert row(session, "fault", 80).startswith("unknown fault ")
    assert "1 active" in drawn_lines(session, 80)[3]


def test_connectors_without_a_lane_are_counted() -> None:
    session = SimulatedSession()
    for connector in range(1, 20):
        session.report("Available", connector=connector, cp=12)
    assert any("3 more connectors without a lane" in line for line in drawn_lines(session, 80, 40))


def speaking() -> SimulatedSession:
    session = SimulatedSession().report("Charging", cp=6)
    for _ in range(30):
        session.wait(1.001).voltages(230, 230, 230)
    return session


def test_gap_is_drawn_in_all_rows() -> None:
    session = speaking().wait(60).voltages(230, 230, 230)
    gap = row(session, "marks").strip()
    assert set(gap[:-1]) == {"╌"}
    assert gap[-1] == "◌"
    assert row(session, "C1").endswith(gap[1:-1] + "━")
    assert row(session, "rate").index(" ") - row(session, "marks").index("╌") in (0, 1)
    assert row(session, "L1").count(" ") >= len(gap) - 2


def test_silence_that_goes_on_is_a_gap_once_something_is_overdue() -> None:
    session = speaking().wait(2.4).idle()
    assert "╌" not in row(session, "marks", quiet=60)
    session.wait(1).idle()
    assert row(session, "marks", quiet=60).endswith("╌╌╌╌")
    assert "╌ gap" in drawn_lines(session, 120, quiet=60)[0]


def test_what_was_not_known_yet_is_blank() -> None:
    session = charging_session()
    moves = [record.number for record in session.records if any(isinstance(e, StatusChanged) for e in record.events)]
    before = next(number for number in moves if number > 15) - 1
    shown = drawn_lines(session, 80, until=before)
    assert not {"▲", "▽", "!", "━"} & set("".join(shown[2:]))
    assert shown[1].count("│") == drawn_lines(session, 80)[1].count("│")
    ahead = drawn_lines(session, 80, until=before, cursor=session.timeline.latest)
    assert "not known yet" in ahead[0]


@pytest.mark.parametrize("until", range(1, 69, 6))
def test_nothing_is_drawn_after_the_moment(until: int) -> None:
    session = charging_session()
    known = viewport_of(session.timeline, 80, until=until).known
    for line in drawn_lines(session, 80, until=until)[2:-1]:
        assert not line[8 + known : 8 + count_columns(80)].strip()


def test_every_kind_of_mark_has_a_look_of_its_own() -> None:
    assert {look.kind for look in MARK_STYLES} == set(KINDS)
    assert len({(look.char, look.style) for look in MARK_STYLES}) == len(MARK_STYLES)


def test_every_status_has_a_letter_and_a_pattern_of_its_own() -> None:
    assert set(DEFINITION.statuses.names.values()) == set(STATUS_STYLES)
    assert len({look.letter for look in STATUS_STYLES.values()}) == len(STATUS_STYLES)
    assert len({look.fill for look in STATUS_STYLES.values()}) == len(STATUS_STYLES)


def test_readout_in_words() -> None:
    session = charging_session()
    at = next(
        record.time
        for record in session.records
        if any(type(event).__name__ == "FaultRaised" for event in record.events)
    )
    assert at is not None
    line = drawn_lines(session, 120, cursor=at)[0]
    for text in (
        "22:13:52.000",
        "▲ fault raised: Under voltage (M4 4",
        "C1 Faulted",
        "frame",
        "190.0 191.0 192.0 V",
    ):
        assert text in line
    during = drawn_lines(session, 120, cursor=at + 3 * SECOND)[0]
    assert "fault: Under voltage" in during
    assert CURSOR in drawn_lines(session, 120, cursor=at)[1]


def test_readout_counts_what_happened_more_than_once() -> None:
    session = SimulatedSession().noise(2).noise(3).noise(4).wait(3600).plain()
    assert "~ noise (garbage) +2 more" in drawn_lines(session, 120, cursor=START)[0]
    assert "9 bytes of noise" in drawn_lines(session, 120, cursor=START)[0]


def test_statuses_without_a_letter_are_shown_by_a_mark() -> None:
    assert "77 (unknown)" in drawn_lines(SimulatedSession().report("77 (unknown)").wait(9).plain(), 80)[4]
    assert row(SimulatedSession().report("77 (unknown)").wait(1).report("Charging").wait(30).plain(), "C1")[0] == "?"
