"""What a user's definition file tells the charger model: by names and `tells`, whatever the codes are."""

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.connector import Connector
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.protocol.helpers import frame

REPORT = """\
[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x41
name = "my report"
tells = "status"
summary = ""
fields = [{}]
"""
CONNECTOR = '{ name = "connector", size = 1 }, { name = "status", size = 1, enumeration = "status" }'
TENTHS = '{ name = "cp_voltage", size = 2, divisor = 10, unit = "V" }'


def report_by(fields, payload):
    """Return the charger after one such report, and the events that followed."""
    definition = load(packaged_files(), [("my.toml", REPORT.replace("{}", fields))])
    charger = Charger(definition)
    events, _ = charger.apply(Codec(definition).decode(frame(PWR_TO_COM, 0x41, payload)), 1)
    return charger.snapshot(), events


def test_a_command_of_ones_own_reports_a_status():
    snapshot, events = report_by(CONNECTOR, b"\2\1")
    assert [(connector.number, connector.status) for connector in snapshot.connectors] == [(2, "Preparing")]
    assert len(events) == 1


def test_a_pilot_voltage_in_tenths_is_one_in_volts():
    connector: Connector = report_by(f"{CONNECTOR}, {TENTHS}", b"\1\2\0\x3c")[0].connectors[0]
    assert connector.cp_voltage == 6.0


def test_a_report_that_names_no_connector_changes_no_state():
    snapshot, events = report_by('{ name = "status", size = 1, enumeration = "status" }', b"\1")
    assert (snapshot.connectors, events) == ((), ())
