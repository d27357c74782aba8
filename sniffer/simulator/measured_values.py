"""The measured values of the simulated charger: mains voltages, current, energy and temperatures.

They follow the phases of the scenario. Idle values are those of the real log; how current and temperatures change while
a vehicle charges was never seen and is `assumed`. All stay within the limits of a healthy charger: 165 to 269 V, 85 °C,
less than 5 K between two status reports. Times are in nanoseconds, and must not go back from one call to the next.
"""

from math import exp
from random import Random

from sniffer.base.times import SECOND
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.phases import PHASES
from sniffer.simulator.scenarios import Phase

PHASE_VOLTAGES = {"l1_voltage": 228.26, "l2_voltage": 228.88, "l3_voltage": 229.57}
"""The normal mains voltages, in volts: those of the known frame (protocol.md, Known good frames)."""

FIRST_ENERGY = 223_710.0
"""The meter at the start, in watt-hours."""

CURRENT_RISE = 4.0
"""The most that the current rises in one second, in amperes. It falls at once."""

FULL_CURRENT = 16.0
"""The current, in amperes, at which the temperatures rise to their highest values."""

TEMPERATURES = {"board_temperature": (36.0, 14.0), "connector_temperature": (28.0, 14.0), "temperature": (34.0, 12.0)}
"""Each temperature without current, and how much higher it is in the end at full current, in °C."""

WARM_UP = 100.0
"""The time constant of the temperatures, in seconds."""

_JOULES_PER_WATT_HOUR = 3600


class MeasuredValues:
    """The measured values of one charger, from `start` on."""

    def __init__(self, random: Random, start: int) -> None:
        self._random = random
        self._from_level = self._to_level = 1.0
        self._began, self._length = start, 1
        self._offsets = dict.fromkeys(PHASE_VOLTAGES, 0.0)
        self._now = start
        self._current = self._wanted = 0.0
        self._energy = FIRST_ENERGY
        self._temperatures = {name: cold for name, (cold, _) in TEMPERATURES.items()}

    def begin_phase(self, phase: Phase, began: int, length: int) -> None:
        """Change evenly to the level of a phase of `length` nanoseconds, and to its current."""
        self._advance(began)
        self._from_level, self._to_level = self._to_level, phase.level
        self._began, self._length = began, length
        self._wanted = phase.current
        self._current = min(self._current, phase.current)

    def read_voltages(self, now: int) -> dict[str, Value]:
        """Return the phase voltages in volts, by the names of their fields. Each varies a little by itself."""
        self._advance(now)
        for name in self._offsets:
            self._offsets[name] = 0.8 * self._offsets[name] + self._random.uniform(-0.4, 0.4)
        return {**self._draw_voltages(now)}

    def read_meter(self, now: int) -> dict[str, Value]:
        """Return the meter values by the names of their fields: energy in Wh, and volts, amperes and °C."""
        self._advance(now)
        voltages = self._draw_voltages(now)
        return {
            "energy": int(self._energy) // 10 * 10,
            "voltage": voltages["l1_voltage"],
            "current": self._current,
            "temperature": round(self._temperatures["temperature"]),
            **voltages,
            **{f"{phase}_current": self._current for phase in PHASES},
        }

    def read_temperatures(self, now: int) -> dict[str, Value]:
        """Return the temperatures of a status report in °C, by the names of their fields."""
        self._advance(now)
        return {name: round(self._temperatures[name]) for name in ("board_temperature", "connector_temperature")}

    def _draw_voltages(self, now: int) -> dict[str, float]:
        """Return the voltage of each phase at this time, by the name of its field."""
        done = (now - self._began) / self._length
        level = self._from_level + (self._to_level - self._from_level) * done
        return {name: normal * level + self._offsets[name] for name, normal in PHASE_VOLTAGES.items()}

    def _advance(self, now: int) -> None:
        """Bring current, energy and temperatures up to this time."""
        seconds = (now - self._now) / SECOND
        self._now = now
        self._current = min(self._wanted, self._current + CURRENT_RISE * seconds)
        watts = self._current * sum(self._draw_voltages(now).values())
        self._energy += watts * seconds / _JOULES_PER_WATT_HOUR
        for name, (cold, rise) in TEMPERATURES.items():
            warm = cold + rise * (self._current / FULL_CURRENT) ** 2
            self._temperatures[name] += (warm - self._temperatures[name]) * (1 - exp(-seconds / WARM_UP))
