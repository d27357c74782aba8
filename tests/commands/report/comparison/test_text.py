"""The text form of a comparison: signs for each side, and cycles of states that are listed once."""

import pytest

from sniffer.commands.report.comparison import compare as compare_module
from sniffer.commands.report.comparison.compare import compare
from sniffer.commands.report.comparison.text import format_comparison_lines
from tests.commands.report.helpers import lane_of, plain_report


def lines_of(left: list[str], right: list[str]) -> list[str]:
    """Return the comparison of two sessions in which connector 1 had these states."""
    sessions = (plain_report(name=name, lanes=(lane_of(*states),)) for name, states in (("one", left), ("two", right)))
    return [*format_comparison_lines(compare(*sessions))]


def test_both_sessions_come_first() -> None:
    lines = lines_of(["Available"], ["Available"])
    assert [line for line in lines if line[:1] in "AB" and line[1:3] == "  "] == ["A  one", "B  two"]
    assert "no difference was found" in lines


def test_states_have_the_sign_of_their_side() -> None:
    lines = lines_of(["Available", "Charging", "Finishing"], ["Available", "Preparing", "Finishing"])
    start = lines.index("states of connector 1, in order")
    assert lines[start + 1 :] == ["  = Available", "  - Charging", "  + Preparing", "  = Finishing"]
    rows = [line.split() for line in lines if "connector 1:" in line]
    assert ["-", "connector", "1:", "Charging", "once", "none"] in rows
    assert ["+", "connector", "1:", "Preparing", "none", "once"] in rows


def test_a_cycle_is_listed_once() -> None:
    lines = lines_of(["Available", "Charging"] * 2, ["Available"] * 2)
    assert lines[-3:] == ["  = Available", "  - Charging", "    (2 lines, 2 times)"]


def test_states_beyond_the_bound_are_mentioned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not aligned" not in lines_of(["Available", "Charging"], ["Available"])[-1]
    monkeypatch.setattr(compare_module, "MOST_ALIGNED", 1)
    assert "not aligned" in lines_of(["Available", "Charging"], ["Available"])[-1]
