"""Logs written line by line, and what the learner proposes for them."""

import tomllib
from datetime import UTC, datetime, timedelta

from sniffer.commands.learn.learner import Learner
from sniffer.commands.learn.proposal_file import format_proposals
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import CODEC, DEFINITION

ARROWS = {COM_TO_PWR: "=>pwrboard", PWR_TO_COM: "<=pwrboard", OCPP_TO_COM: "=>Dbus", COM_TO_OCPP: "<=Dbus"}
BEGIN = datetime(2023, 11, 30, tzinfo=UTC)


class Log:
    """A text log. `second` is the time of the next line."""

    def __init__(self):
        self.lines = []
        self.second = 0
        self._sequence = 0x4000

    def text(self, text, process="comproc"):
        time = (BEGIN + timedelta(seconds=self.second)).strftime("%Y-%m-%dT%H:%M:%S%z")
        self.lines.append(f"{700 + len(self.lines)} {time} [{process}] {text}")

    def frame(self, route, code, payload, sequence=0xDDDD):
        raw = route.link.build(route.head, sequence, code, bytes(payload))
        self.text(f"{ARROWS[route]}:{raw.hex(' ').upper()}")

    def command(self, name, sequence, **values):
        command = DEFINITION.command(name)
        raw = CODEC.encode(command, sequence, values)
        self.text(f"{ARROWS[command.route]}:{raw.hex(' ').upper()}")

    def report(self, status="Faulted", error="NoError", *, m4=0, cp=9, connector=1, sequence=None, unknown="000000"):
        """Log a status report, and return its sequence number. `unknown` are its three unknown bytes."""
        if sequence is None:
            self._sequence += 1
            sequence = self._sequence
        values = {"connector": connector, "status": status, "ocpp_error": error, "m4_error": m4, "cp_voltage": cp}
        self.command("status report", sequence, **values, unknown_3=unknown)
        return sequence

    def relay(self, sequence, status="Faulted", error="NoError", *, vendor=0, connector=1):
        values = {"connector": connector, "status": status, "ocpp_error": error, "vendor_error": f"{vendor:#x}"}
        self.command("StatusNotification", sequence, **values)

    def fault(self, m4, ocpp, vendor, index=None):
        """Log a fault as the sample log does: report, three lines and relay, all in one second.

        Without an `index`, it is that of the first row with this vendor code, or 0.
        """
        if index is None:
            index = next((place for place, row in enumerate(DEFINITION.errors, 1) if row.vendor == vendor), 0)
        error = DEFINITION.ocpp_errors.name_of(ocpp)
        sequence = self.report("Faulted", error, m4=m4)
        self.text(f"icomCode = {m4},index={index}")
        self.text(f"pwrCom error Code vol:{m4},8,9")
        self.text(f"ocpp error Code :{ocpp},{vendor}")
        self.relay(sequence, "Faulted", error, vendor=vendor)
        self.second += 10


def learner_of(*logs):
    learner = Learner(DEFINITION)
    for number, log in enumerate(logs):
        learner.begin(f"/some/where/{number}.log")
        feed(learner, log.lines)
    return learner


def feed(learner, lines, definition=DEFINITION):
    pipeline = Pipeline(definition)
    for line in lines:
        learner.receive(pipeline.feed(parse_line(line)))
    learner.receive(pipeline.flush())


def propose(*logs):
    """Return the text of the proposals, and the content that a TOML reader finds in it."""
    text = format_proposals(learner_of(*logs).result(), DEFINITION)
    return text, tomllib.loads(text)


def counts_of(*logs):
    return learner_of(*logs).result().codes


def only_entry(kind, *logs):
    """Return the only proposed entry of this kind, and the text of the file."""
    text, file = propose(*logs)
    (entry,) = file[kind]
    return entry, text
