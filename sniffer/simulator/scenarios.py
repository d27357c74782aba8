"""The scenarios of the simulated charger as tables: a scenario is a sequence of phases, repeated without end.

A phase says what the power board reports while it lasts. It does not say when frames are sent: that is the same in
every scenario, and is done by `sniffer.simulator.simulated_charger`. Statuses and error codes have the names of the
protocol's definition. The control pilot voltages are those of protocol.md, Connector status.

The real log shows an idle charger only: registration and idle periods are as seen there. What a charger sends while a
vehicle charges, stops or faults is `assumed`, as is a restart of the power board alone. Each scenario that contains
this says so in its `about`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from sniffer.base.errors import SourceError
from sniffer.base.suggest import format_suggestion

DEFAULT = "charging"
"""The scenario of a plain `demo`."""


IDLE_CURRENT = 0.01
"""The current that the real log shows of a connector that does not charge, in amperes."""


class Phase(Struct, frozen=True):
    """The reports of the charger for `seconds`.

    `cp_voltage` is in volts. `level` is the mains voltage at the end of the phase as a share of the normal voltage; it
    changes evenly. `current` is in amperes. With `starts` the power board starts anew when the phase begins, and
    announces itself.
    """

    status: str
    cp_voltage: int
    seconds: float
    level: float = 1.0
    current: float = IDLE_CURRENT
    ocpp_error: str = "NoError"
    m4_error: int = 0
    starts: bool = False


class Scenario(Struct, frozen=True):
    """One scenario. `opening` is played once, then `cycle` without end. `about` is one line for people.

    The central system accepts the charger after this many `announcements` of the power board; 0 if it never does.
    `damage_rate` is the share of damaged frames, `burst_rate` the number of bursts of garbage per frame. With
    `card_reader_fails` the card reader does not answer.
    """

    about: str
    cycle: tuple[Phase, ...]
    opening: tuple[Phase, ...] = ()
    announcements: int = 2
    damage_rate: float = 0.0
    burst_rate: float = 0.0
    card_reader_fails: bool = False


_START = (Phase("Available", 12, 2, starts=True),)

_CHARGING = (
    Phase("Available", 12, 6),
    Phase("Preparing", 9, 8),
    Phase("Charging", 6, 28, level=0.985, current=16),
    Phase("Finishing", 9, 8),
)

_UNDERVOLTAGE = (
    Phase("Available", 12, 6),
    Phase("Preparing", 9, 7),
    Phase("Charging", 6, 14, level=0.928, current=16),
    Phase("Charging", 6, 4, level=0.86, current=16),
    Phase("Faulted", 9, 7, level=0.882, ocpp_error="UnderVoltage", m4_error=4),
    Phase("Faulted", 9, 4, level=0.95, ocpp_error="UnderVoltage", m4_error=4),
    Phase("Charging", 6, 10, level=0.99, current=16),
    Phase("Finishing", 9, 6),
)

_RESTARTS = (
    Phase("Available", 12, 8, starts=True),
    Phase("Preparing", 9, 5),
    Phase("Charging", 6, 5, level=0.985, current=10),
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "charging": Scenario("a vehicle comes, charges and leaves (charging assumed)", _CHARGING, _START),
        "undervoltage": Scenario("the mains sag: fault, recovery, charging (assumed)", _UNDERVOLTAGE, _START),
        "pending": Scenario(
            "never accepted; the card reader does not answer",
            (Phase("Available", 12, 10),),
            _START,
            announcements=0,
            card_reader_fails=True,
        ),
        "restarts": Scenario("the power board restarts, again and again (assumed)", _RESTARTS),
        "noisy": Scenario(
            "bad line: one frame in ten damaged (charging assumed)",
            _CHARGING,
            _START,
            damage_rate=0.1,
            burst_rate=0.04,
        ),
    }
)
"""All scenarios, by their names on the command line."""


def find_scenario(name: str) -> Scenario:
    """Return the scenario of this name. Raises `SourceError`, with the names of all scenarios, if there is none."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise SourceError(f"there is no scenario {name!r}{format_suggestion(name, SCENARIOS)}") from None
