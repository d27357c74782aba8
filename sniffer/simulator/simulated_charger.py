"""The simulated charger: a scenario goes in, the endless traffic of its power board link comes out, step by step.

It does no I/O and reads no clock. All chance comes from the given random numbers, so the same seed gives the same
bytes. The codec builds every frame. The traffic follows protocol.md: the communication processor announces its boot and
sends a parameter word; the power board reports its status when it changes and periodically, and gets an answer with the
same sequence; it sends the phase voltages without a request. The periods are not documented: those below are chosen.

Theory of operation: an agenda holds the next actions, each with its due time on the charger's own clock, which starts
at zero. An action may put others on the agenda. A frame that is due while the line is busy is sent when the line is
free, so times do not drift, whatever the baud rate.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain, cycle
from random import Random

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, SPECIAL_SEQUENCES, UNSOLICITED, Route
from sniffer.simulator.line_timing import Step, byte_time
from sniffer.simulator.scenarios import Phase, Scenario

CHARGE_POINT_ID = "10427240"
CONNECTOR = 1

PHASE_VOLTAGES = {"l1_voltage": 228.26, "l2_voltage": 228.88, "l3_voltage": 229.57}
"""The normal mains voltages, in volts: those of the known frame (protocol.md, Known good frames)."""

VOLTAGES_PERIOD = SECOND
REPORT_PERIOD = 5 * SECOND
PARAMETER_PERIOD = 20 * SECOND
PARAMETER_DELAY = 300 * MILLISECOND
BOOT_REPORT_DELAY = 700 * MILLISECOND
CHANGE_REPORT_DELAY = 30 * MILLISECOND
ANSWER_DELAY = (2 * MILLISECOND, 8 * MILLISECOND)
MIN_SILENCE = MILLISECOND
"""Nanoseconds, as all periods and delays above."""

_Action = Callable[[int], bytes | None]
"""An action, called with its due time. It returns the frame to send; None if it sends none."""


class SimulatedCharger:
    """Communication processor and power board of one scenario, on a line of `baud` bits a second."""

    def __init__(self, scenario: Scenario, *, baud: int, random: Random) -> None:
        self._random = random
        self._byte_time = byte_time(baud)
        self._definition = packaged_definition()
        self._codec = Codec(self._definition)
        self._phases = chain(scenario.opening, cycle(scenario.cycle))
        self._mains = _Mains(random)
        self._com, self._pwr = SequenceCounter(random), SequenceCounter(random)
        self._phase: Phase | None = None
        self._free_at = 0
        self._agenda: dict[_Action, int] = {self._begin_phase: 0, self._send_voltages: VOLTAGES_PERIOD // 2}

    def steps(self) -> Iterator[Step]:
        """Yield the traffic without end."""
        while True:
            action = min(self._agenda, key=self._agenda.__getitem__)
            due = self._agenda.pop(action)
            frame = action(due)
            if frame:
                start = self._start_of(due)
                silence, self._free_at = start - self._free_at, start + len(frame) * self._byte_time
                yield Step(silence, frame)

    def _start_of(self, due: int) -> int:
        """Return the time at which a frame that is due can begin: both directions share the line."""
        return max(due, self._free_at + MIN_SILENCE)

    def _begin_phase(self, due: int) -> None:
        before, phase = self._phase, next(self._phases)
        length = round(phase.seconds * SECOND)
        self._phase = phase
        self._mains.move_to(phase.level, due, length)
        self._agenda[self._begin_phase] = due + length
        if phase.boots:
            self._agenda[self._send_boot] = due
            self._agenda[self._send_parameter] = due + PARAMETER_DELAY
            self._agenda[self._send_report] = due + BOOT_REPORT_DELAY
        elif before is None or before.status != phase.status:
            self._agenda[self._send_report] = due + CHANGE_REPORT_DELAY

    def _send_boot(self, due: int) -> bytes:
        # The recorded boots, five seconds apart, have very different sequences: the counter restarts anywhere.
        self._com = SequenceCounter(self._random)
        return self._build_frame(COM_TO_PWR, 0x00, self._com.next(), {"charge_point_id": CHARGE_POINT_ID})

    def _send_parameter(self, due: int) -> bytes:
        self._agenda[self._send_parameter] = due + PARAMETER_PERIOD
        return self._build_frame(COM_TO_PWR, 0x2C, self._com.next(), {})

    def _send_report(self, due: int) -> bytes:
        assert self._phase is not None
        sequence = self._pwr.next()
        values: dict[str, Value] = {
            "connector": CONNECTOR,
            "status": self._phase.status,
            "ocpp_error": self._phase.ocpp_error,
            "m4_error": self._phase.m4_error,
            "cp_voltage": self._phase.cp_voltage,
        }
        frame = self._build_frame(PWR_TO_COM, 0x01, sequence, values)
        end = self._start_of(due) + len(frame) * self._byte_time
        self._agenda[partial(self._send_answer, sequence)] = end + self._random.randint(*ANSWER_DELAY)
        self._agenda[self._send_report] = due + REPORT_PERIOD
        return frame

    def _send_answer(self, sequence: int, due: int) -> bytes:
        """Return the answer to the request with this sequence."""
        return self._build_frame(COM_TO_PWR, 0x01, sequence, {"connector": CONNECTOR})

    def _send_voltages(self, due: int) -> bytes:
        """Return the frame with the voltages, and schedule the next one."""
        self._agenda[self._send_voltages] = due + VOLTAGES_PERIOD + self._random.randint(-20, 20) * MILLISECOND
        return self._build_frame(PWR_TO_COM, 0x32, UNSOLICITED, self._mains.measure(due))

    def _build_frame(self, route: Route, code: int, sequence: int, values: Mapping[str, Value]) -> bytes:
        return self._codec.encode(_find_command(self._definition, route, code), sequence, values)


class SequenceCounter:
    """The 16-bit sequence of one side: it starts anywhere, counts up, and skips the values with a special meaning."""

    def __init__(self, random: Random) -> None:
        self._value = random.getrandbits(16)

    def next(self) -> int:
        """Return the sequence of the next message."""
        self._value = (self._value + 1) & 0xFFFF
        while self._value in SPECIAL_SEQUENCES:
            self._value = (self._value + 1) & 0xFFFF
        return self._value


class _Mains:
    """The three phase voltages. All follow the level of the scenario, and each varies a little by itself."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._from = self._to = 1.0
        self._began, self._length = 0, 1
        self._offsets = dict.fromkeys(PHASE_VOLTAGES, 0.0)

    def move_to(self, level: float, began: int, length: int) -> None:
        """Change evenly to this level within `length` nanoseconds from `began` on."""
        self._from, self._to = self._to, level
        self._began, self._length = began, length

    def measure(self, now: int) -> dict[str, float]:
        """Return the voltages at this time, in volts, by the names of their fields."""
        done = (now - self._began) / self._length
        level = self._from + (self._to - self._from) * done
        for name in self._offsets:
            self._offsets[name] = 0.8 * self._offsets[name] + self._random.uniform(-0.4, 0.4)
        return {name: normal * level + self._offsets[name] for name, normal in PHASE_VOLTAGES.items()}


def _find_command(definition: Definition, route: Route, code: int) -> Command:
    return next(command for command in definition.commands if command.route is route and command.code == code)
