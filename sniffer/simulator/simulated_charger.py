"""The simulated charger: a scenario goes in, the traffic of its power board link comes out, step by step, for ever.

It does no I/O, reads no clock and draws from the random numbers that it is given, so the same ones give the same
bytes. Every frame is built by the codec. Who says what is protocol.md's: the communication processor announces its
boot and sends a parameter word; the power board reports its status when it changes and now and then, and is answered
with the same sequence; it sends the phase voltages unasked. How often is not documented: the periods here are chosen.

How it works. An agenda holds what is to be done next, each with its due time on the charger's own clock, which starts
at zero; doing one thing puts others on the agenda. A frame that is due while the line is taken waits for it, so times
do not drift, whatever the baud rate.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain, cycle
from random import Random

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.framer import NANOSECONDS
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, SPECIAL_SEQUENCES, UNASKED, Route
from sniffer.simulator.line_timing import MILLISECOND, Step, byte_time
from sniffer.simulator.scenarios import Phase, Scenario

CHARGE_POINT_ID = "10427240"
CONNECTOR = 1

PHASE_VOLTAGES = {"l1_voltage": 228.26, "l2_voltage": 228.88, "l3_voltage": 229.57}
"""The normal mains, in volts: those of the known frame."""

VOLTAGES_EVERY = NANOSECONDS
REPORT_EVERY = 5 * NANOSECONDS
PARAMETER_EVERY = 20 * NANOSECONDS
PARAMETER_AFTER_BOOT = 300 * MILLISECOND
REPORT_AFTER_BOOT = 700 * MILLISECOND
REPORT_AFTER_CHANGE = 30 * MILLISECOND
ANSWER_AFTER = (2 * MILLISECOND, 8 * MILLISECOND)
SHORTEST_SILENCE = MILLISECOND

_Act = Callable[[int], bytes | None]
"""Something to do at its due time; it returns the frame to send, if there is one."""


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
        self._agenda: dict[_Act, int] = {self._next_phase: 0, self._voltages: VOLTAGES_EVERY // 2}

    def steps(self) -> Iterator[Step]:
        """All traffic from here on, without an end."""
        while True:
            act = min(self._agenda, key=self._agenda.__getitem__)
            due = self._agenda.pop(act)
            frame = act(due)
            if frame:
                start = self._start(due)
                silence, self._free_at = start - self._free_at, start + len(frame) * self._byte_time
                yield Step(silence, frame)

    def _start(self, due: int) -> int:
        """When a frame that is due can begin: both directions share the line."""
        return max(due, self._free_at + SHORTEST_SILENCE)

    def _next_phase(self, due: int) -> None:
        before, phase = self._phase, next(self._phases)
        length = round(phase.seconds * NANOSECONDS)
        self._phase = phase
        self._mains.move_to(phase.level, due, length)
        self._agenda[self._next_phase] = due + length
        if phase.boots:
            self._agenda[self._boot] = due
            self._agenda[self._parameter] = due + PARAMETER_AFTER_BOOT
            self._agenda[self._report] = due + REPORT_AFTER_BOOT
        elif before is None or before.status != phase.status:
            self._agenda[self._report] = due + REPORT_AFTER_CHANGE

    def _boot(self, due: int) -> bytes:
        # The known boots, five seconds apart, have sequences far apart: the counter does not go on.
        self._com = SequenceCounter(self._random)
        return self._frame(COM_TO_PWR, 0x00, self._com.next(), {"charge_point_id": CHARGE_POINT_ID})

    def _parameter(self, due: int) -> bytes:
        self._agenda[self._parameter] = due + PARAMETER_EVERY
        return self._frame(COM_TO_PWR, 0x2C, self._com.next(), {})

    def _report(self, due: int) -> bytes:
        assert self._phase is not None
        sequence = self._pwr.next()
        says: dict[str, Value] = {
            "connector": CONNECTOR,
            "status": self._phase.status,
            "ocpp_error": self._phase.ocpp_error,
            "m4_error": self._phase.m4_error,
            "cp_voltage": self._phase.cp_voltage,
        }
        frame = self._frame(PWR_TO_COM, 0x01, sequence, says)
        end = self._start(due) + len(frame) * self._byte_time
        self._agenda[partial(self._answer, sequence)] = end + self._random.randint(*ANSWER_AFTER)
        self._agenda[self._report] = due + REPORT_EVERY
        return frame

    def _answer(self, sequence: int, due: int) -> bytes:
        return self._frame(COM_TO_PWR, 0x01, sequence, {"connector": CONNECTOR})

    def _voltages(self, due: int) -> bytes:
        self._agenda[self._voltages] = due + VOLTAGES_EVERY + self._random.randint(-20, 20) * MILLISECOND
        return self._frame(PWR_TO_COM, 0x32, UNASKED, self._mains.measured(due))

    def _frame(self, route: Route, code: int, sequence: int, values: Mapping[str, Value]) -> bytes:
        return self._codec.encode(_command(self._definition, route, code), sequence, values)


class SequenceCounter:
    """One side's own 16-bit sequence: starts anywhere, counts up, and leaves out those with a meaning of their own."""

    def __init__(self, random: Random) -> None:
        self._value = random.getrandbits(16)

    def next(self) -> int:
        """The sequence of the next message of one's own."""
        self._value = (self._value + 1) & 0xFFFF
        while self._value in SPECIAL_SEQUENCES:
            self._value = (self._value + 1) & 0xFFFF
        return self._value


class _Mains:
    """The three phase voltages: they follow the scenario's level together, and each wanders a little by itself."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._from = self._to = 1.0
        self._began, self._length = 0, 1
        self._wander = dict.fromkeys(PHASE_VOLTAGES, 0.0)

    def move_to(self, level: float, began: int, length: int) -> None:
        self._from, self._to = self._to, level
        self._began, self._length = began, length

    def measured(self, now: int) -> dict[str, float]:
        done = (now - self._began) / self._length
        level = self._from + (self._to - self._from) * done
        for name in self._wander:
            self._wander[name] = 0.8 * self._wander[name] + self._random.uniform(-0.4, 0.4)
        return {name: normal * level + self._wander[name] for name, normal in PHASE_VOLTAGES.items()}


def _command(definition: Definition, route: Route, code: int) -> Command:
    return next(command for command in definition.commands if command.route is route and command.code == code)
