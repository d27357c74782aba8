"""The name of the simulated charger as a source."""

DEMO = "demo"
"""The name of the scenario that is simulated by default; `DEMO:SCENARIO` names another one."""


def name_demo(scenario: str) -> str:
    """Return the name by which this scenario is opened as a source."""
    # The command line needs the name for every command, and the scenarios for few.
    from sniffer.simulator.scenarios import DEFAULT

    return DEMO if scenario == DEFAULT else f"{DEMO}:{scenario}"
