"""The rows of events."""

import json

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultCleared, FaultRaised, StatusChanged, Unanswered
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.startup.registration_events import Announcement, Booted
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import COM_TO_PWR
from sniffer.fleet.lake.schema import TABLES_BY_NAME
from sniffer.fleet.lake.tables.event_rows import EventRows
from tests.sample_sessions import played, recorded

DEFINITION = packaged_definition()


def named(table, row):
    names = [column.name for column in TABLES_BY_NAME[table].columns]
    return dict(zip(names[1:], row, strict=True))


def test_an_event_keeps_its_keys_as_json() -> None:
    event = StatusChanged(7, 2, "Available", "Preparing", True, Evidence(4, None, 7), SECOND * 3 // 2, 9.0)
    (_, row), (_, moved) = EventRows(DEFINITION).build_rows(4, event)
    found = named("events", row)
    assert (found["number"], found["time"], found["event"], found["connector"]) == (4, 7, "status", 2)
    assert json.loads(found["detail"])["from"] == "Available"
    assert named("transitions", moved) == {
        "number": 4, "time": 7, "connector": 2, "before": "Available", "after": "Preparing", "legal": True,
        "dwell": 1.5, "cp_voltage": 9.0,
    }  # fmt: skip


def test_a_request_without_an_answer_is_an_exchange() -> None:
    event = Unanswered(9, COM_TO_PWR, "meter request", 5, 0x12, Evidence(3, None, 1), 2)
    found = dict(EventRows(DEFINITION).build_rows(8, event))
    row = named("exchanges", found["exchanges"])
    assert (row["number"], row["request"], row["name"], row["answered"], row["latency"]) == (
        8, 3, "meter request", False, None,
    )  # fmt: skip


def test_a_fault_has_one_row_when_it_ends_with_what_was_before_it() -> None:
    events = [event for record in recorded(played("undervoltage", 120)) for event in record.events]
    rows = EventRows(DEFINITION)
    (fault,) = [one.fault for one in events if isinstance(one, FaultCleared)][:1]
    boot = Booted(1, 1, Announcement("", "", "", "V1.0"))
    later = Booted(1, 2, Announcement("", "", "", "V2.0"))
    raised = next(one for one in events if isinstance(one, FaultRaised))
    found = [pair for event in (boot, raised, later, FaultCleared(1, fault)) for pair in rows.build_rows(5, event)]
    (row,) = [named("faults", row) for table, row in found if table == "faults"]
    assert (row["kind"], row["vendor_error"], row["firmware"]) == ("Under voltage", "0x200208", "V1.0")
    assert row["active"] is False
    assert fault.cleared
    assert fault.since
    assert row["recovery"] == (fault.cleared - fault.since) / SECOND
    course = next(one for one in fault.courses if one.name == "l1_voltage")
    assert (row["l1_before"], row["l1_lowest"], row["l1_highest"], row["l1_at_fault"]) == (
        course.before.value, course.lowest, course.highest, course.at_fault.value,
    )  # fmt: skip
