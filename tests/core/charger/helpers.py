"""A charger on the bench: one call for each kind of item; every call returns the events that follow from it."""

from typing import Any

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.events import FaultRaised
from sniffer.core.protocol.log_lines import LogLine, LogLineParser
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import COM_TO_OCPP, OCPP_TO_COM
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import CODEC, DEFINITION
from tests.paths import CAPTURES

READER_LINK = """\
[[link]]
name = "reader"
heads = { "host>reader" = "C1", "reader>host" = "C2" }
command = { at = 1 }
sequence = { at = 2 }
sizes = [{ size = 4 }]
payload = 3
check = { name = "sum" }
"""
"""The link of a card reader that is polled: several of its commands answer one, as on other boards."""

SAMPLE = CAPTURES / "undervoltage.log"
LINES = LogLineParser(DEFINITION)

UNDER_VOLTAGE, OVER_VOLTAGE = 0x200208, 0x200206
RELAY, GROUNDING = 0x100208, 0x100206
"""Vendor codes of the error table."""


def raised(events):
    """Return the faults that these events raise."""
    return [event.fault for event in events if isinstance(event, FaultRaised)]


def sample_lines():
    return [parse_line(line) for line in SAMPLE.read_text("ascii").splitlines()]


class Bench:
    """A charger and the messages that it receives. `time` is that of the next message."""

    def __init__(self):
        self.charger = Charger(DEFINITION)
        self.time: Any = None
        self.refers = None
        self.number = 0
        self._own = 0x4000

    def say(self, command, sequence, **values):
        """Receive a message of this command, given by its name or itself."""
        command = DEFINITION.command(command) if isinstance(command, str) else command
        raw = CODEC.encode(command, sequence, values)
        return self.frame(command.route, raw)

    def frame(self, route, raw):
        self.charger.count_read(len(raw))
        return self.take(CODEC.decode(Frame(route, self.time, raw)))

    def take(self, item, line=None):
        """Apply any item; `refers` is the reference of the last one."""
        self.number += 1
        events, self.refers = self.charger.apply(item, self.number, line)
        return [*events]

    def report(self, status, error="NoError", *, connector=1, m4=0, cp=12, sequence=None):
        """Receive a status report of the power board, with a sequence of its own if none is given."""
        values = {"connector": connector, "status": status, "ocpp_error": error, "m4_error": m4, "cp_voltage": cp}
        return self.say("status report", self._next(sequence), **values)

    def notify(self, status, error="NoError", *, connector=1, vendor=0, sequence=None):
        """Receive a status notification on the other link; with the sequence of a report it is its relay."""
        values = {"connector": connector, "status": status, "ocpp_error": error, "vendor_error": f"{vendor:#x}"}
        return self.say("StatusNotification", self._next(sequence), **values)

    def line(self, text):
        return self.take(LINES.read(LogLine(self.time, "comproc", text)))

    def announce(self, sequence, **texts):
        """Receive an announcement of the power board; `texts` are its fields, empty if they are not given."""
        command = DEFINITION.command("announcement")
        return self.say(command, sequence, **{field.name: "" for field in command.fields} | texts)

    def answer_announcement(self, sequence):
        return self.say("announcement answer", sequence, charge_point_id="10427240")

    def handshake(self, sequence):
        return self.say("announcement relay", sequence)

    def answer(self, sequence):
        return self.say("announcement relay answer", sequence)

    def pwrboard_traffic(self):
        """Receive another message of the communication processor to the power board."""
        return self.say("status answer", 0x0101, connector=1)

    def dbus_traffic(self):
        """Receive another message of the communication processor to the OCPP module."""
        return self.frame(COM_TO_OCPP, COM_TO_OCPP.link.build(COM_TO_OCPP.head, 0x0101, 0x002D, b"\x01"))

    def heard_from_ocpp(self):
        return self.frame(OCPP_TO_COM, OCPP_TO_COM.link.build(OCPP_TO_COM.head, 0x0101, 0x002D, b"\x02\x00"))

    @property
    def now(self):
        return self.charger.snapshot()

    @property
    def connector(self):
        """The only connector."""
        (found,) = self.now.connectors
        return found

    @property
    def fault(self):
        """The only active fault; None where there is none."""
        return next(iter(self.now.faults), None) if len(self.now.faults) < 2 else self.now.faults

    def _next(self, sequence):
        self._own += 1
        return self._own if sequence is None else sequence
