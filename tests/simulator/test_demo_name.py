"""The name of the simulated charger as a source."""

import pytest

from sniffer.simulator.demo_name import name_demo
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.sources.open import is_demo, open_source


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_is_opened_by_its_name(scenario: str) -> None:
    name = name_demo(scenario)
    assert is_demo(name)
    assert open_source(name).name == name
