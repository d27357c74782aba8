"""The keys of events: all values can be written as JSON, and durations are in seconds."""

import json
from datetime import UTC

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import CardReaderFault, CardReaderFaultEnded, Disagreed, Event, Overdue, Unanswered
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import BootLoop
from sniffer.core.charger.tap_events import LatenessKnown, LineErrorReported, Miswired, SourceBack, SourceShared
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.items import LineError
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from sniffer.formats.jsonl.event_keys import build_event_keys, build_tap_key
from tests.core.protocol.helpers import DEFINITION

CASES: list[tuple[Event, dict[str, object]]] = [
    (
        BootLoop(None, "power board", SECOND, 3, 5 * SECOND),
        {
            "event": "boot_loop",
            "of": "power board",
            "boots": 3,
            "period": 5.0,
            "since": "1970-01-01T00:00:01.000000+00:00",
        },
    ),
    (
        Unanswered(None, COM_TO_PWR, "status answer", 0x61D9, 1, Evidence(4, None, None), 2),
        {
            "event": "unanswered",
            "link": "pwrboard",
            "direction": "com>pwr",
            "seq": "61D9",
            "command": "01",
            "name": "status answer",
            "request": {"number": 4},
            "tries": 2,
        },
    ),
    (
        ImplausibleMeasurement(None, "r", "l1_voltage", 150.5, 165, "V", SECOND, "outside", Provenance.DOCUMENTED, 1),
        {
            "event": "measure",
            "connector": 1,
            "rule": "r",
            "field": "l1_voltage",
            "value": 150.5,
            "limit": 165,
            "unit": "V",
            "since": "1970-01-01T00:00:01.000000+00:00",
            "meaning": "outside",
            "provenance": "documented",
        },
    ),
    (
        Overdue(None, PWR_TO_COM, 1, "status report", 29 * SECOND, 44 * SECOND),
        {
            "event": "overdue",
            "link": "pwrboard",
            "direction": "pwr>com",
            "command": "01",
            "name": "status report",
            "period": 29.0,
            "late": 44.0,
        },
    ),
    (
        CardReaderFault(None, None, SECOND, 3, None),
        {
            "event": "card_reader",
            "count": 3,
            "since": None,
            "last": "1970-01-01T00:00:01.000000+00:00",
            "period": None,
        },
    ),
    (
        CardReaderFaultEnded(None, CardReaderFault(None, None, None, 3, 8 * SECOND)),
        {"event": "card_reader_ended", "count": 3, "since": None, "last": None, "period": 8.0},
    ),
    (SourceBack(None, "again", 2 * SECOND, 2), {"event": "source_back", "how": "again", "away": 2.0, "tap": 2}),
    (
        OcppFailed(None, None, "a", "InternalError", "no room", None),
        {
            "event": "ocpp_error",
            "action": None,
            "id": "a",
            "code": "InternalError",
            "description": "no room",
            "request": None,
        },
    ),
    (
        ClockOffset(None, -5400, 3600, Evidence(4, None, None)),
        {"event": "clock", "difference": -5400, "label": "+01:00", "zone": "-00:30"},
    ),
    (
        Disagreed(None, 1, "energy", 223710, 223720.5, Evidence(4, None, None), "MeterValues"),
        {
            "event": "disagreement",
            "connector": 1,
            "field": "energy",
            "reported": 223710,
            "relayed": 223720.5,
            "report": {"number": 4},
            "action": "MeterValues",
        },
    ),
    (SourceShared(None, "cat (7)", 2), {"event": "shared", "holder": "cat (7)", "tap": 2}),
    (LineErrorReported(None, LineError.BREAK, 2), {"event": "line_error", "error": "break", "tap": 2}),
    (LatenessKnown(None, 1_500_000), {"event": "lateness", "late_ms": 1.5}),
    (
        Miswired(None, "swapped", "swap them", (1, 2)),
        {"event": "wiring", "kind": "swapped", "meaning": "swap them", "taps": [1, 2]},
    ),
]


@pytest.mark.parametrize(("event", "keys"), CASES, ids=lambda case: type(case).__name__)
def test_an_event_has_its_keys(event: Event, keys: dict[str, object]) -> None:
    assert build_event_keys(event, DEFINITION, UTC) == keys
    assert json.loads(json.dumps(keys)) == keys


def test_the_only_tap_has_no_number() -> None:
    assert build_tap_key(0) == {}
    assert build_tap_key(2) == {"tap": 2}
