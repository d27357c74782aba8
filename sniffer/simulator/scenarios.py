"""The scenarios of the simulated charger as tables: a scenario is a sequence of phases, repeated without end.

A phase says what the power board reports while it lasts. It does not say when frames are sent: that is the same in
every scenario, and is done by `sniffer.simulator.simulated_charger`. Statuses and error codes have the names of the
protocol's definition. The control pilot voltages are those of protocol.md, Connector status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sniffer.base.errors import SourceError

DEFAULT = "charging"
"""The scenario of a plain `demo`."""


@dataclass(frozen=True, slots=True)
class Phase:
    """The reports of the charger for `seconds`.

    `cp_voltage` is in volts. `level` is the mains voltage at the end of the phase as a share of the normal voltage; it
    changes evenly. With `boots` the communication processor restarts when the phase begins.
    """

    status: str
    cp_voltage: int
    seconds: float
    level: float = 1.0
    ocpp_error: str = "NoError"
    m4_error: int = 0
    boots: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. `opening` is played once, then `cycle` without end. `about` is one line for people.

    `damage_rate` is the share of damaged frames, `burst_rate` the number of bursts of garbage per frame.
    """

    about: str
    cycle: tuple[Phase, ...]
    opening: tuple[Phase, ...] = ()
    damage_rate: float = 0.0
    burst_rate: float = 0.0


_BOOT = (Phase("Available", 12, 2, boots=True),)

_CHARGING = (
    Phase("Available", 12, 6),
    Phase("Preparing", 9, 8),
    Phase("Charging", 6, 28, level=0.985),
    Phase("Finishing", 9, 8),
)

_UNDERVOLTAGE = (
    Phase("Available", 12, 6),
    Phase("Preparing", 9, 7),
    Phase("Charging", 6, 14, level=0.985),
    Phase("Charging", 6, 4, level=0.86),
    Phase("Faulted", 9, 7, level=0.86, ocpp_error="UnderVoltage", m4_error=4),
    Phase("Faulted", 9, 4, level=0.985, ocpp_error="UnderVoltage", m4_error=4),
    Phase("Charging", 6, 10, level=0.99),
    Phase("Finishing", 9, 6),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "charging": Scenario("a vehicle comes, charges and leaves, again and again", _CHARGING, _BOOT),
        "undervoltage": Scenario("the mains sag while charging: fault, recovery, charging again", _UNDERVOLTAGE, _BOOT),
        "bootloop": Scenario(
            "the communication processor restarts every five seconds", (Phase("Available", 12, 5, boots=True),)
        ),
        "noisy": Scenario("charging on a bad line: about one frame in ten is hurt", _CHARGING, _BOOT, 0.1, 0.04),
    }
)
"""All scenarios, by their names on the command line."""


def find_scenario(name: str) -> Scenario:
    """Return the scenario of this name. Raises `SourceError`, with the names of all scenarios, if there is none."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise SourceError(f"there is no scenario {name!r}: choose one of {', '.join(SCENARIOS)}") from None
