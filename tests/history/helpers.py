"""A simulated session: each call puts one thing on the wire, at the time that the clock shows."""

from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Idle, TapGap
from sniffer.core.wire.links import COM_TO_PWR
from sniffer.formats.charger_log import parse_line
from sniffer.history.timeline.session_timeline import SessionTimeline
from tests.core.protocol.helpers import CODEC, DEFINITION

START = 1_700_000_000 * SECOND


def line_at(text: str, time: int | None) -> LogLine:
    """Return a line of a text log with this time, which may be finer than a second."""
    return replace(parse_line(f"2023-11-30T00:00:00+0000 [comproc] {text}"), time=time)


class SimulatedSession:
    """A session with its timeline and records. `time` is that of the next call, in nanoseconds; None without times."""

    def __init__(self, *, timed: bool = True) -> None:
        self.timeline = SessionTimeline(DEFINITION)
        self.records: list[Record] = []
        self.time: int | None = START if timed else None
        self._pipeline = Pipeline(DEFINITION)
        self._sequence = 0

    def wait(self, seconds: float) -> "SimulatedSession":
        """Let time go on, or back."""
        assert self.time is not None
        self.time += round(seconds * SECOND)
        return self

    def report(
        self, status: str, *, connector: int = 1, error: str = "NoError", m4: int = 0, cp: int = 9, board: int = 0
    ) -> "SimulatedSession":
        """Return a status report."""
        values: dict[str, int | float | str] = {
            "connector": connector,
            "status": status,
            "ocpp_error": error,
            "m4_error": m4,
            "cp_voltage": cp,
            "board_temperature": board,
            "connector_temperature": 20,
        }
        return self._send("status report", values)

    def fault(self, *, connector: int = 1) -> "SimulatedSession":
        """Return a report of an under voltage."""
        return self.report("Faulted", connector=connector, error="UnderVoltage", m4=4)

    def boot(self) -> "SimulatedSession":
        """Return a announcement answer."""
        return self._send("announcement answer", {"charge_point_id": "10427240"})

    def voltages(self, l1: float, l2: float, l3: float) -> "SimulatedSession":
        """Return the phase voltages."""
        return self._send("phase voltages", {"l1_voltage": l1, "l2_voltage": l2, "l3_voltage": l3})

    def meter(self, *, connector: int = 1, **values: float) -> "SimulatedSession":
        """Return meter values of one phase: energy, voltage, current and temperature."""
        phase = {"l1_voltage": values["voltage"], "l1_current": values["current"]}
        return self._send("meter values", {"connector": connector, **values, **phase})

    def plain(self, times: int = 1) -> "SimulatedSession":
        """Frames that show nothing."""
        for _ in range(times):
            self._sequence += 1
            self.chunk(COM_TO_PWR.link.build(COM_TO_PWR.head, self._sequence, 0x2C, bytes.fromhex("00000200")))
        return self

    def noise(self, size: int = 1) -> "SimulatedSession":
        """Bytes that are no frame."""
        return self.chunk(b"\x01" * size)

    def line(self, text: str) -> "SimulatedSession":
        """Return a line of a text log, with the time that stands in it."""
        return self._receive(self._pipeline.feed(parse_line(text)))

    def lost(self) -> "SimulatedSession":
        """Unplug the source."""
        return self._receive(self._pipeline.feed(TapGap(self.time, "unplugged")))

    def idle(self) -> "SimulatedSession":
        """Let the core notice the silence until now."""
        assert self.time is not None
        return self._receive(self._pipeline.feed(Idle(self.time)))

    def chunk(self, data: bytes) -> "SimulatedSession":
        """Bytes, after which the line is idle."""
        return self._receive([*self._pipeline.feed(Chunk(data, self.time)), *self._pipeline.flush()])

    def _send(self, name: str, values: dict[str, int | float | str]) -> "SimulatedSession":
        self._sequence += 1
        return self.chunk(CODEC.encode(DEFINITION.command(name), self._sequence, values))

    def _receive(self, records: list[Record]) -> "SimulatedSession":
        self.records += records
        self.timeline.receive(records)
        return self
