"""One line for every event, safe to show."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger import events
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.charger.health.link_health import Health, LinkHealth
from sniffer.core.charger.startup.registration_events import Announcement
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.items import LineError
from sniffer.core.wire.links import DBUS_EITHER_WAY, PWR_TO_COM
from sniffer.text.event_text import describe_event
from sniffer.text.mended_text import RESTS_ON_MENDED
from tests.core.protocol.helpers import DEFINITION

HOSTILE = "\x1b[2J\u202e"
SEEN = Evidence(7, None, None)
LINE = Evidence(7, 717, None)


def fault(connector=1, earlier=0, since=None, cleared=None, **codes):
    found = FaultCodes(**codes)
    diagnosis = diagnose(found, DEFINITION.errors)
    return events.Fault(connector, found, diagnosis, since=since, last=None, earlier=earlier, cleared=cleared)


def moved(connector, before, after, *, legal=True, dwell=None):
    return events.StatusChanged(None, connector, before, after, legal, SEEN, dwell)


UNDER_VOLTAGE = "Under voltage (M4 4, OCPP 14 UnderVoltage, vendor 0x200208), connector 1"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (moved(1, None, "Available"), "connector 1: first report → Available"),
        (moved(2, "Available", "Charging"), "connector 2: Available → Charging"),
        (moved(1, "Charging", "Finishing", dwell=90 * SECOND), "connector 1: Charging → Finishing after 90.00 s"),
        (moved(1, "Charging", "Finishing", dwell=900 * SECOND), "connector 1: Charging → Finishing after 15 min 00 s"),
        (
            moved(0, "Available", "Reserved", legal=False),
            "connector 0: Available → Reserved  (not a move that OCPP allows)",
        ),
        (events.FaultRaised(None, fault(ocpp=14, vendor=0x200208, m4=4)), f"fault raised: {UNDER_VOLTAGE}"),
        (events.FaultCleared(None, fault(ocpp=14, vendor=0x200208, m4=4)), f"fault cleared: {UNDER_VOLTAGE}"),
        (
            events.FaultRaised(None, fault(ocpp=14, vendor=0x200208, m4=4, earlier=1)),
            f"fault raised: {UNDER_VOLTAGE}, for the 2nd time",
        ),
        (events.FaultChanged(None, fault(ocpp=14, vendor=0x200208, m4=4)), f"fault changed: {UNDER_VOLTAGE}"),
        (
            events.FaultCleared(None, fault(ocpp=14, vendor=0x200208, m4=4, since=0, cleared=2 * SECOND)),
            f"fault cleared: {UNDER_VOLTAGE}, after 2.00 s",
        ),
        (
            events.Contradicted(None, 1, "rule", "Charging, but so", Provenance.ASSUMED),
            "connector 1 contradicts itself: Charging, but so (assumed)",
        ),
        (
            events.Warned(None, 1, "rule", "an error code, but so", Provenance.INFERRED),
            "connector 1, warning: an error code, but so (inferred)",
        ),
        (
            events.Disagreed(None, 1, "status", 8, 0, LINE),
            "connector 1: relayed as Available, but #7 reported Faulted",
        ),
        (
            events.Disagreed(None, 2, "connector", 1, 2, SEEN),
            "connector 2: relayed as connector 2, but #7 reported connector 1",
        ),
        (
            events.BootLoop(None, "ocpp module", None, 3, 5 * SECOND),
            "boot loop of the OCPP module: 3 restarts, 5.00 s apart",
        ),
        (
            events.BootLoopEnded(None, events.BootLoop(None, "power board", None, 2, None)),
            "end of the boot loop of the power board: 2 restarts",
        ),
        (
            events.ImplausibleMeasurement(
                None, "r", "l1_voltage", 150.5, 165, "V", None, "outside 165 to 269 V", Provenance.DOCUMENTED, 1
            ),
            "implausible: connector 1, L1 voltage outside 165 to 269 V: 150.5 V, limit 165 V (documented)",
        ),
        (
            events.ImplausibleMeasurement(
                None, "r", "board_temperature", 7, 5, "K", None, "rises", Provenance.ASSUMED, None
            ),
            "implausible: board temperature rises: 7 K, limit 5 K (assumed)",
        ),
        (
            events.Overdue(None, PWR_TO_COM, 1, "status report", 29 * SECOND, 44 * SECOND),
            "overdue: status report (pwr>com), due every 29.00 s, 44.00 s late",
        ),
        (
            events.Overdue(None, DBUS_EITHER_WAY, 4, HOSTILE, SECOND, SECOND),
            r"overdue: \x1b[2J\u202e, due every 1.00 s, 1.00 s late",
        ),
        (events.CardReaderFault(None, None, None), "card reader does not answer"),
        (
            events.CardReaderFaultEnded(None, events.CardReaderFault(None, None, None, 25, 8_190_000_000)),
            "card reader fault over: card reader does not answer: 25 times, every 8.19 s",
        ),
        (
            events.CardReaderFaultEnded(None, events.CardReaderFault(None, None, None)),
            "card reader fault over: card reader does not answer: once",
        ),
        (
            events.Unanswered(None, PWR_TO_COM, "status report", 0x61D9, 1, LINE, 1),
            "unanswered: status report 61D9 of #7",
        ),
        (
            events.Unanswered(None, PWR_TO_COM, "status report", 0x61D9, 1, SEEN, 3),
            "unanswered: status report 61D9 of #7, sent 3 times",
        ),
        (
            events.Retransmitted(None, PWR_TO_COM, "status report", 0x61D9, 1, SEEN, 2),
            "sent again: status report 61D9, first in #7, 2 times now",
        ),
        (events.Booted(None, 2), "the power board announces itself"),
        (
            events.Booted(None, 1, Announcement("StarCharge", "", "2000\x1b", "107")),
            "the power board announces itself: StarCharge, serial 2000\\x1b, firmware 107",
        ),
        (
            events.Restarted(None, "ocpp module", "its sequence counter began again (9758, then 0006)"),
            "restart of the OCPP module: its sequence counter began again (9758, then 0006)",
        ),
        (
            events.RegistrationChanged(None, "pending", None, 1, None),
            "registration pending: the central system has not accepted",
        ),
        (
            events.RegistrationChanged(None, "accepted", None, 2, None, "it does"),
            "registered after 2 announcements: it does",
        ),
        (events.SourceLost(None, "unplugged"), "source lost: unplugged"),
        (events.SourceLost(None, "unplugged", 2), "source lost (tap 2): unplugged"),
        (events.SourceBack(None, "as /dev/ttyUSB1", 51_700_000), "source back: as /dev/ttyUSB1, after 51.7 ms"),
        (events.SourceBack(None, "again", None, 1), "source back (tap 1): again"),
        (
            events.RateFound(None, 9600, "9600: 2 of 2 frames valid; 115200: none"),
            "9600 baud: 2 of 2 frames valid; 115200: none",
        ),
        (events.RateFound(None, None, "undetermined: nothing fits", 2), "baud rate undetermined (tap 2): nothing fits"),
        (
            events.SourceShared(None, "cat (7)", 2),
            "port shared (tap 2) with cat (7): it takes bytes, so bytes may be missing",
        ),
        (
            events.LineErrorReported(None, LineError.PARITY, 2),
            "parity error (tap 2) at a byte that the capture does not hold",
        ),
        (
            events.LatenessKnown(None, 16_000_000, 1),
            "times (tap 1) may be up to 16 ms late: the adapter may hold bytes back so long",
        ),
        (events.Miswired(None, "silent", "tap com hears nothing"), "wiring: tap com hears nothing"),
        (events.MiswiringEnded(None, "silent", (1, 2)), "wiring: silent no more (tap 1) (tap 2)"),
        (
            events.LinkHealthChanged(12 * SECOND, LinkHealth(Health.SILENT, "nothing arrives any more", 0)),
            "link: SILENT 12 s: nothing arrives any more",
        ),
        (
            events.LinkHealthChanged(None, LinkHealth(Health.ONE_SIDE, "only pwr>com is heard", None, PWR_TO_COM)),
            "link: ONE SIDE ONLY (pwr>com): only pwr>com is heard",
        ),
        (events.SourceLost(None, HOSTILE), r"source lost: \x1b[2J\u202e"),
    ],
)
def test_an_event_is_a_line(event, text):
    assert describe_event(event, DEFINITION) == text


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (
            events.Disagreed(None, 1, "status", 1, 2, SEEN, "StatusNotification"),
            "connector 1: StatusNotification says Charging, but #7 reported Preparing",
        ),
        (
            events.Disagreed(None, 1, "status", 1, "Sleeping", SEEN, "StatusNotification"),
            "connector 1: StatusNotification says Sleeping, but #7 reported Preparing",
        ),
        (
            events.Disagreed(None, 1, "l1_voltage", 240.1, 100, SEEN, "MeterValues"),
            "connector 1: MeterValues says l1 voltage 100, but #7 reported l1 voltage 240.1",
        ),
        (
            events.OcppFailed(None, "Reset", "a", "NotSupported", "no", SEEN),
            "OCPP error: Reset a of #7 failed with NotSupported: no",
        ),
        (events.OcppFailed(None, None, "a", "NotSupported", "", None), "OCPP error: call a failed with NotSupported"),
        (
            events.ClockOffset(None, 3600, 9 * 3600, SEEN),
            "the log's time stamps are labelled +09:00, but the clock runs at UTC+10:00: "
            "the time in the OCPP message of #7 shows it",
        ),
        (
            events.ClockOffset(None, -5400, 0, LINE),
            "the log's time stamps are labelled +00:00, but the clock runs at UTC-01:30: "
            "the time in the OCPP message of #7 shows it",
        ),
    ],
)
def test_an_event_of_ocpp_is_a_line(event, text):
    assert describe_event(event, DEFINITION) == text


@pytest.mark.parametrize(
    ("count", "ordinal"),
    [
        *[(2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"), (14, "14th")],
        *[(21, "21st"), (22, "22nd"), (23, "23rd"), (100, "100th"), (101, "101st"), (111, "111th"), (113, "113th")],
    ],
)
def test_a_fault_says_for_which_time_it_was_raised(count: int, ordinal: str) -> None:
    text = describe_event(
        events.FaultRaised(None, fault(ocpp=14, vendor=0x200208, m4=4, earlier=count - 1)), DEFINITION
    )
    assert text == f"fault raised: {UNDER_VOLTAGE}, for the {ordinal} time"


def test_a_move_that_a_mended_frame_reports_says_so() -> None:
    event = events.StatusChanged(None, 1, "Available", "Charging", True, Evidence(7, None, None, True), None)
    assert describe_event(event, DEFINITION) == f"connector 1: Available → Charging  ({RESTS_ON_MENDED})"
