"""The two links of the simulated charger and what its processes print: each frame and each text becomes a log line.

The codec builds every frame. Both directions of the power board's link share one line: a frame that is due while the
line is busy is sent when the line is free. The other link takes no time. Lines come in the order of their times.
"""

from collections.abc import Mapping

from sniffer.base.times import MILLISECOND
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import LogLine, format_frame
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import PWRBOARD
from sniffer.simulator.line_timing import byte_time

COMPROC, OCPP = "comproc", "ocpp"
"""The processes that print lines."""

MIN_SILENCE = MILLISECOND
"""Nanoseconds between two frames on the power board's link, at least."""


class ChargerLinks:
    """The links of a charger whose power board sends and receives `baud` bits a second, from `start` on.

    `now` is the time of the last line, in nanoseconds.
    """

    def __init__(self, definition: Definition, *, baud: int, start: int) -> None:
        self._codec = Codec(definition)
        self._commands: dict[tuple[Route, int], Command] = {}
        for command in definition.commands:
            self._commands.setdefault((command.route, command.code), command)
        self._byte_time = byte_time(baud)
        self._free_at = start
        self.now = start

    def wait_until(self, time: int) -> None:
        """Give the next line this time, or a later one if the line before was later."""
        self.now = max(self.now, time)

    def send(self, route: Route, code: int, sequence: int, values: Mapping[str, Value] | None = None) -> LogLine:
        """Return the line that prints a frame, which is sent now or as soon as its link is free."""
        frame = self._codec.encode(self._commands[route, code], sequence, values)
        if route.link is PWRBOARD:
            self.now = max(self.now, self._free_at + MIN_SILENCE)
            self._free_at = self.now + len(frame) * self._byte_time
        process = COMPROC if route.link is PWRBOARD else OCPP
        return LogLine(self.now, process, format_frame(route, frame), None, frame, route)

    def build_text_line(self, process: str, text: str) -> LogLine:
        """Return the line of a text."""
        return LogLine(self.now, process, text)

    @property
    def free_at(self) -> int:
        """The time at which the last frame on the power board's link ends."""
        return self._free_at
