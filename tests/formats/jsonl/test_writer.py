"""The objects of `dump --json`: of the sample log, of noise, of events of a tap, and of hostile text."""

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import BaudChange, Chunk, LatencyBound, LineError, LineErrorMark, TapGap, TapRestored
from sniffer.core.wire.links import COM_TO_OCPP
from sniffer.formats.charger_log import parse_line
from sniffer.formats.jsonl import writer
from sniffer.formats.jsonl.reader import items_of
from tests.core.charger.helpers import sample_lines
from tests.core.protocol.helpers import CODEC, DEFINITION
from tests.core.wire.helpers import STREAMS
from tests.formats.jsonl.helpers import FRAME, KEYS, REFERS, lines_of, objects, of_log
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT


def report(status):
    """Return a status report of a connector without a fault."""
    values = {"connector": 1, "status": status, "ocpp_error": "NoError", "m4_error": 0, "cp_voltage": 12}
    return CODEC.encode(DEFINITION.command("status report"), 1, values)


@pytest.fixture(scope="module")
def sample():
    return objects(*sample_lines())


def of_line(sample, line):
    return [found for found in sample if found["line"] == line]


def test_every_object_has_its_keys_and_no_others(sample):
    for found in sample:
        optional = {"line"} | REFERS | ({"name", "fields"} if found["type"] == "text" else set())
        optional |= {"process"} if found["type"] == "frame" else set()
        assert found.keys() - optional == KEYS[found.get("event", found["type"])]


def test_the_log_gives_as_many_objects_of_each_type(sample):
    kinds = [found.get("event", found["type"]) for found in sample]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "frame": 15,
        "text": 12,
        "boot": 1,
        "registration": 1,
        "link_health": 1,
        "status": 1,
        "fault_raised": 1,
    }


def test_records_are_numbered_and_events_have_the_number_of_their_record(sample):
    seen = [found for found in sample if found["type"] != "event"]
    assert [found["number"] for found in seen] == list(range(1, 28))
    for found in sample:
        if found["type"] == "event":
            assert found["number"] == next(other["number"] for other in seen if other["line"] == found["line"])


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_known_frame_has_these_keys(known):
    (found, *events) = of_log(f"{known.arrow}:{known.text}")
    digits = 2 if known.link == "pwrboard" else 4
    assert (found["type"], found["time"]) == ("frame", None)
    assert (found["link"], found["direction"]) == (known.link, known.direction)
    assert (found["seq"], found["command"]) == (f"{known.sequence:04X}", f"{known.command:0{digits}X}")
    assert (found["payload"], found["raw"]) == (known.payload.hex(), known.raw.hex())
    assert found["summary"].startswith(found["name"] + ": ")
    assert all(event["type"] == "event" for event in events)


FIRST_SIGN = {"time": "2023-11-30T00:00:47.000000+00:00", "number": 3, "line": 706}
BOOT = FIRST_SIGN | {"event": "boot", "count": 1, "vendor": None, "model": None, "serial": None, "firmware": None}
PENDING = FIRST_SIGN | {
    "event": "registration",
    "state": "pending",
    "since": FIRST_SIGN["time"],
    "announcements": 1,
    "period": None,
    "evidence": None,
}
"""The start-up that the log shows before the fault."""


def test_the_status_report_and_its_events_are_these(sample):
    at = {"time": "2023-11-30T00:00:49.000000+00:00", "number": 13, "line": 717}
    assert of_line(sample, 717) == [
        {
            "type": "frame",
            **at,
            "process": "comproc",
            "link": "pwrboard",
            "direction": "pwr>com",
            "seq": "61D9",
            "command": "01",
            "name": "status report",
            "payload": "01080e0000000400091c15",
            "raw": "bb61d9010b01080e0000000400091c15a333",
            "fields": {
                "connector": 1,
                "status": "Faulted",
                "ocpp_error": "UnderVoltage",
                "unknown_3": "000000",
                "m4_error": 4,
                "cp_voltage": 9,
                "board_temperature": 28,
                "connector_temperature": 21,
            },
            "summary": "status report: connector 1 Faulted, UnderVoltage, M4 4, CP 9 V, board 28 °C, connector 21 °C",
        },
        {
            "type": "event",
            **at,
            "event": "status",
            "connector": 1,
            "from": None,
            "to": "Faulted",
            "legal": True,
            "dwell": None,
            "cp_voltage": 9,
            "cp_state": "B",
        },
        {
            "type": "event",
            **at,
            "event": "fault_raised",
            "connector": 1,
            "ocpp_error": "UnderVoltage",
            "vendor_error": "0x200208",
            "m4_error": 4,
            "meaning": ["Under voltage"],
            "implied": ["vendor_error"],
            "agree": True,
            "says": {"m4_error": ["Under voltage"], "ocpp_error": ["Under voltage"]},
            "evidence": [{"number": 13, "line": 717}],
            "before": [BOOT, PENDING],
            "earlier": 0,
            "measured": {"board_temperature": 28, "connector_temperature": 21, "cp_voltage": 9},
            "courses": {},
        },
    ]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            721,
            {
                "connector": 1,
                "connector_type": 1,
                "status": "Faulted",
                "ocpp_error": "UnderVoltage",
                "vendor_error": "0x200208",
            },
        ),
        (709, {"acceptance": "not accepted", "charge_point_id": "10427240"}),
        (728, {"l1_voltage": 228.26, "l2_voltage": 228.88, "l3_voltage": 229.57}),
        (719, {"m4_error": 4, "status": "Faulted", "cp_voltage": 9}),
        (720, {"ocpp_error": "UnderVoltage", "vendor_error": "0x200208"}),
    ],
)
def test_fields_are_numbers_and_names(sample, line, fields):
    found = of_line(sample, line)[0]["fields"]
    assert {name: value for name, value in found.items() if not name.startswith("unknown_")} == fields


def test_a_line_of_text_has_its_process(sample):
    (text, *events) = of_line(sample, 706)
    assert (text["type"], text["process"], text["text"], text["fields"]) == ("text", "comproc", "Com boot!", {})
    assert events == [{"type": "event"} | BOOT, {"type": "event"} | PENDING]


def test_a_line_that_is_not_understood_has_no_fields():
    assert of_log("hello") == [{"type": "text", "time": None, "number": 1, "process": None, "text": "hello"}]


def test_a_fault_that_names_two_rows_gives_both_and_is_cleared_as_a_whole():
    found_objects = of_log("ocpp error Code :10,1049103", f"<=pwrboard:{report('Available').hex()}")
    faults = [found for found in found_objects if "meaning" in found]
    assert [found["event"] for found in faults] == ["fault_raised", "fault_cleared"]
    for found in faults:
        assert found["meaning"] == ["Meter data fault", "Meter comm fault"]
        assert (found["ocpp_error"], found["vendor_error"]) == ("PowerMeterFailure", "0x10020F")
        assert (found["connector"], found["m4_error"], found["implied"]) == (None, None, [])
        assert found.keys() == KEYS[found["event"]]


def test_a_code_that_no_table_has_is_written_as_a_number():
    found = of_log("ocpp error Code :99,1")[1]
    assert (found["ocpp_error"], found["vendor_error"], found["meaning"]) == ("99 (unknown)", "0x000001", [])


def test_a_move_that_ocpp_does_not_allow_is_flagged():
    found_objects = of_log(*[f"<=pwrboard:{report(status).hex()}" for status in ("Reserved", "12 (unknown)")])
    assert [(move["from"], move["to"], move["legal"]) for move in found_objects if move.get("event") == "status"] == [
        (None, "Reserved", True),
        ("Reserved", "12 (unknown)", None),
    ]


def test_a_payload_of_another_size_has_a_problem():
    raw = COM_TO_OCPP.link.build(COM_TO_OCPP.head, 7, 1, b"\0\1\1")
    (found,) = of_log(f"<=Dbus:{raw.hex()}")
    assert found.keys() == FRAME | {"problem", "process"}
    assert "payload has 3 bytes, not 11" in found["problem"]


def test_noise_has_its_reason():
    damaged = STATUS_REPORT.raw[:-1] + b"\0"
    found_objects = objects(Chunk(b"\x01\x02" + damaged + b"\xaa\x01"))
    assert [(found["type"], found["reason"], found["raw"]) for found in found_objects] == [
        ("noise", "garbage", "0102"),
        ("noise", "crc", damaged.hex()),
        ("noise", "truncated", "aa01"),
    ]
    assert all(found.keys() == KEYS["noise"] and found["time"] is None for found in found_objects)


def test_a_lost_source_is_an_event():
    at = {"type": "event", "time": "1970-01-01T00:00:00.001000+00:00", "number": 1, "reason": "unplugged"}
    assert objects(lost=(1_000_000, "unplugged")) == [
        at | {"event": "source_lost"},
        at | {"event": "link_health", "health": "lost", "since": at["time"]},
    ]


def test_times_have_microseconds_and_the_zone_of_the_session():
    line = "2023-11-30T01:00:49.25+0100 [a] b"
    assert [found["time"] for found in of_log(line, zone=timezone(timedelta(hours=1)))] == [
        "2023-11-30T01:00:49.250000+01:00"
    ]
    assert [found["time"] for found in of_log(line)] == ["2023-11-30T00:00:49.250000+00:00"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-0100", "0001-01-01T00:00:00+0100"])
def test_a_time_at_the_end_of_the_calendar_stops_nothing(moment):
    assert [(found["time"], found["text"]) for found in of_log(f"{moment} [a] b")] == [(None, "b")]


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "\x9b31m", "\u202egnp.exe", "\udc9b", "\x7f", "e\u0301", "\0", "\u2028", '"\\']
)
def test_hostile_text_is_escaped_and_survives(text):
    (line,) = lines_of(parse_line(f"2023-11-30T00:00:49Z [{text}] a{text}b"))
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert (found["process"], found["text"]) == (text, f"a{text}b")


@settings(max_examples=100, deadline=None)
@given(st.lists(STREAMS, max_size=3))
def test_the_raw_of_frames_and_noise_is_what_was_read(reads):
    found_objects = objects(*map(Chunk, reads))
    assert b"".join(bytes.fromhex(found["raw"]) for found in found_objects if found["type"] != "event") == b"".join(
        reads
    )
    for found in found_objects:
        assert found.keys() - {"problem"} - REFERS == KEYS[found.get("event", found["type"])]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text_is_one_line_of_ascii(text):
    for line in lines_of(parse_line(text)):
        assert line.isascii()
        assert len(line.splitlines()) == 1


OTHERS = ("status", "fault_raised", "link_health")


def test_events_of_a_tap_and_line_errors_have_its_number():
    marks = (LineErrorMark(2, LineError.FRAMING), LineErrorMark(5, LineError.BREAK))
    found = objects(
        TapGap(1_000_000_000, "unplugged", 2),
        TapRestored(3_000_000_000, "as /dev/ttyUSB1", 2),
        BaudChange(4_000_000_000, 57600, "57600: 2 of 2 frames valid", 2),
        LatencyBound(4_500_000_000, 1_500_000, 2),
        Chunk(STATUS_REPORT.raw, 5_000_000_000, marks, 2),
    )
    lost, back, rate, late, frame = (one for one in found if one.get("event") not in OTHERS)
    assert (lost["event"], lost["reason"], lost["tap"]) == ("source_lost", "unplugged", 2)
    assert (back["event"], back["how"], back["away"], back["tap"]) == ("source_back", "as /dev/ttyUSB1", 2.0, 2)
    assert (rate["event"], rate["baud"], rate["tap"]) == ("rate", 57600, 2)
    assert (late["event"], late["late_ms"], late["tap"]) == ("lateness", 1.5, 2)
    assert frame["tap"] == 2
    assert frame["line_errors"] == [{"at": 2, "error": "framing"}, {"at": 5, "error": "break"}]


def test_events_of_a_tap_read_back():
    marks = (LineErrorMark(2, LineError.FRAMING),)
    items = (
        BaudChange(1_000_000_000, None, "nothing fits"),
        LatencyBound(1_000_000_000, 16_000_000),
        Chunk(STATUS_REPORT.raw, 2_000_000_000, marks),
        TapGap(3_000_000_000, "unplugged"),
        TapRestored(4_000_000_000, "again"),
    )
    lines = lines_of(*items)
    again = [item for line in lines for item in items_of(json.loads(line))]
    assert lines_of(*again) == lines


def test_noise_of_a_log_has_the_route_that_it_was_printed_with():
    (found,) = of_log("2023-11-30T00:00:49Z [comproc] <=pwrboard:BB 01")
    assert found.keys() == KEYS["noise"] | {"process", "link", "direction"}
    assert (found["process"], found["link"], found["direction"]) == ("comproc", "pwrboard", "pwr>com")


def test_a_record_as_one_object_has_its_events_in_a_key() -> None:
    pipeline = Pipeline(DEFINITION)
    for item in (Chunk(STATUS_REPORT.raw, 1), TapGap(2, "pulled")):
        for record in pipeline.feed(item):
            first, *others = writer.objects_of(record, DEFINITION, UTC)
            events = others if first["type"] == "frame" else [first, *others]
            assert events
            assert writer.build_whole_object(record, DEFINITION, UTC) == first | {"events": events}
