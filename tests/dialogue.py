"""A text log with OCPP messages, lines without time stamps, and blank lines, as the real charger prints them."""

from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.formats.charger_log import LogReader
from tests.core.protocol.helpers import DEFINITION

DIALOGUE = """\
2024-04-03T16:36:11+0900 [ocpp] net_interface nums: 1
Interface:    eth0\t IP:  192.0.2.11

Online=FALSE
2024-04-03T16:36:11+0900 [ocpp] =>CSMS:[3,"msg001",{"status":"Accepted"}]
2024-04-03T16:36:12+0900 [ocpp] <=CSMS:[2,"msg002","ChangeAvailability",{"connectorId":1,"type":"Operative"}]
2024-04-03T16:36:12+0900 [ocpp] =>Dbus:FF 6A A6 96 DC 00 08 [00 0F] 00 01 01 01 F1 12
2024-04-03T16:36:12+0900 [comproc] =>pwrboard:AA 96 DC 0F 02 01 01 6B BF
2024-04-03T16:36:13+0900 [ocpp] =>CSMS:[3,"msg002",{"status":"Accepted"}]
2024-04-03T16:36:23+0900 [comproc] <=pwrboard:BB A9 C0 01 0B 01 01 06 00 00 00 00 00 09 2E 25 77 B0
2024-04-03T16:36:24+0900 [ocpp] =>CSMS:[2,"msg006","StatusNotification",{ "connectorId": 1, "errorCode": "NoError", \
"status": "Charging", "timestamp": "2024-04-03T06:36:23.000Z", "vendorId": "StarCharge" }]
2024-04-03T16:36:24+0900 [ocpp] <=CSMS:[4,"msg006","InternalError","no room",{}]
2024-04-03T16:36:24+0900 [ocpp] <=CSMS:[2,"msg007","TriggerMessage",{"requestedMessage":"BootNotification"}]
2024-04-03T16:36:24+0900 [ocpp] =>CSMS:[3,"msg007",{"status":"Accepted"
"""
CHANGE, CHANGED, NOTIFICATION, FAILED, CUT = 6, 9, 11, 12, 14
"""The numbers of records: the ChangeAvailability call and its result, the notification and the error that it got, and
the result that is cut off.
"""
BLANK = 3
"""The number of the blank line."""


def dialogue_records(text: str = DIALOGUE) -> list[Record]:
    """Return the records of the log."""
    pipeline, reader = Pipeline(DEFINITION), LogReader()
    return [record for line in text.split("\n")[:-1] for record in pipeline.feed(reader.read(line))]
