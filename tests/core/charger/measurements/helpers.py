"""A charger whose measured values are reported: one call for each report, at a time in seconds."""

from typing import Any

from sniffer.base.times import SECOND
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement, Measurements
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import DEFINITION

METER_LINE = (
    "connId:1,connectorType:1,meterval:{energy},AC_voltage_A:{l1_voltage},AC_current_A:{l1_current},"
    "MaxPowerOffered:0,temperature:{temperature},soc:0,AC_Power:{power}"
)


class MeasuredCharger:
    """A charger with one connector that measures. Every call returns what is implausible from then on."""

    def __init__(self) -> None:
        self._bench: Any = Bench()

    @property
    def now(self) -> Measurements:
        """The measurements as they are now."""
        found: Measurements = self._bench.now.measurements
        return found

    @property
    def bench(self) -> Any:
        """The charger itself."""
        return self._bench

    def at(self, seconds: float | None) -> "MeasuredCharger":
        """Let the time be that many seconds; None for a source without times."""
        self._bench.time = None if seconds is None else round(seconds * SECOND)
        return self

    def status(self, status: str, *, board: int = 45, plug: int = 36, connector: int = 1, volts: int = 9) -> list[Any]:
        """Receive a status report; `volts` is the pilot voltage."""
        values = {"connector": connector, "status": status, "ocpp_error": "NoError", "m4_error": 0, "cp_voltage": volts}
        temperatures = {"board_temperature": board, "connector_temperature": plug}
        return self._found(self._bench.say("status report", 0x4001, **values, **temperatures))

    def mains(self, *volts: float) -> list[Any]:
        """Receive the phase voltages."""
        values = zip(("l1_voltage", "l2_voltage", "l3_voltage"), (*volts, 0, 0), strict=False)
        return self._found(self._bench.say("phase voltages", 0, **dict(values)))

    def meter(self, *, connector: int = 1, link: str = "pwrboard", **changed: float) -> list[Any]:
        """Receive meter values: those of an idle one-phase charger, with these changed."""
        values = {"energy": 223710, "voltage": 240.1, "current": 0.01, "temperature": 45, **changed}
        values = {"l1_voltage": values["voltage"], "l1_current": values["current"], **values}
        command = next(
            command
            for command in DEFINITION.commands
            if command.role == "meter" and command.route.link.name == link and "energy" in command.positions
        )
        return self._found(self._bench.say(command, 0xEEEE, connector=connector, **values))

    def meter_line(self, **changed: float) -> list[Any]:
        """Receive the log line of the same meter values."""
        values = {"energy": 223710, "l1_voltage": 240.1, "l1_current": 0.01, "temperature": 45, "power": 2, **changed}
        return self.line(METER_LINE.format(**values))

    def line(self, text: str) -> list[Any]:
        """Receive a line of a text log."""
        return self._found(self._bench.line(text))

    def _found(self, events: list[Any]) -> list[Any]:
        return [event for event in events if isinstance(event, ImplausibleMeasurement)]


def rules(events: list[Any]) -> list[tuple[str, str]]:
    """Return the rule and the field of each event."""
    return [(event.rule, event.field) for event in events]
