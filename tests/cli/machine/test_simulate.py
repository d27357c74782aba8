"""`evse-sniff simulate` as a command."""

from collections.abc import Callable

import pytest

from sniffer.cli.main import main
from sniffer.simulator import pseudo_terminal
from sniffer.simulator.scenarios import DEFAULT, SCENARIOS


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return the scenarios and rates that are simulated, without a pseudo-terminal."""
    calls: list[tuple[str, int]] = []

    async def simulate(scenario: str, *, baud: int, announce: Callable[[str], None]) -> None:
        calls.append((scenario, baud))
        announce("/dev/pts/9")

    monkeypatch.setattr(pseudo_terminal, "simulate", simulate)
    return calls


def test_the_default_scenario_is_simulated_and_the_path_printed(
    simulated: list[tuple[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate"]) == 0
    assert simulated == [(DEFAULT, 115200)]
    assert capsys.readouterr().out == "/dev/pts/9\n"


def test_a_scenario_and_a_rate_can_be_chosen(simulated: list[tuple[str, int]]) -> None:
    assert main(["simulate", "--scenario", "noisy", "--baud", "9600"]) == 0
    assert simulated == [("noisy", 9600)]


def test_an_unknown_scenario_is_wrong_usage(simulated: list[tuple[str, int]]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["simulate", "--scenario", "party"])
    assert simulated == []


def test_the_help_lists_the_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["simulate", "--help"])
    shown = capsys.readouterr().out
    assert [name for name, scenario in SCENARIOS.items() if f"  {name:<14} {scenario.about}" not in shown] == []
