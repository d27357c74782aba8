"""The summary at the end of a session: sides, commands and faults that are over, for people and for scripts."""

import json
from datetime import UTC

import pytest

from sniffer.commands import summary
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import DBUS, DBUS_EITHER_WAY
from sniffer.simulator.traffic import generate_reads
from tests.core.charger.helpers import sample_lines
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT


def after(items):
    pipeline = Pipeline(DEFINITION, baud=115200)
    for item in items:
        pipeline.feed(item)
    return pipeline.snapshot()


def simulated(scenario, seconds):
    for chunk in generate_reads(scenario, baud=115200, seed=1):
        if chunk.time > seconds * 1_000_000_000:
            return
        yield chunk


@pytest.fixture(scope="module")
def undervoltage():
    return after(simulated("undervoltage", 130))


def objects(snapshot):
    return [json.loads(json.dumps(found)) for found in summary.format_objects(snapshot, DEFINITION, UTC)]


def test_a_session_is_summarized_in_lines(undervoltage):
    lines = [*summary.format_lines(undervoltage, DEFINITION, UTC)]
    (reports,) = (line for line in lines if " status report" in line)
    assert " answered, answers take " in reports
    assert "ms (p50)" in reports
    (voltages,) = (line for line in lines if " phase voltages" in line)
    assert " unsolicited, every " in voltages
    assert any(line.startswith("fault") and "Under voltage (M4 4, OCPP 14 UnderVoltage)" in line for line in lines)


def test_a_session_is_summarized_in_objects(undervoltage):
    found = objects(undervoltage)
    assert {entry["type"] for entry in found} == {"event"}
    sides = {entry["direction"]: entry["frames"] for entry in found if entry["event"] == "side"}
    commands = {entry["name"]: entry for entry in found if entry["event"] == "command"}
    from_power_board = [entry for entry in found if entry["event"] == "command" and entry["direction"] == "pwr>com"]
    assert {entry["name"] for entry in from_power_board} > {"announcement", "status report", "phase voltages"}
    assert sides["pwr>com"] == sum(entry["count"] for entry in from_power_board)
    assert sum(sides.values()) == undervoltage.ledger.frames
    report = commands["status report"]
    assert report["count"] - report["answered"] in (0, 1)
    assert 0.002 < report["latency"]["p50"] <= report["latency"]["p95"] <= report["latency"]["max"] < 0.02
    assert 0.95 < commands["phase voltages"]["period"]["median"] < 1.05
    (fault,) = (entry for entry in found if entry["event"] == "fault_history")
    assert (fault["meaning"], fault["m4_error"], fault["count"]) == (["Under voltage"], 4, 2)
    assert 21 < fault["total"] < 23
    assert fault["raised"] == {"number": undervoltage.past_faults[0].raised.number}


def test_a_side_is_named_by_its_direction_or_else_by_its_link():
    unknown_direction = DBUS.build(DBUS_EITHER_WAY.head, 1, 0x7777, b"")
    session = after([Chunk(STATUS_REPORT.raw, 1), Chunk(unknown_direction, 2)])
    lines = [line for line in summary.format_lines(session, DEFINITION, UTC) if not line.startswith("fault")]
    assert [line.split()[:2] for line in lines] == [["pwr>com", "1"], ["dbus", "1"]] * 2


def test_a_log_in_whole_seconds_claims_no_latency():
    found = objects(after(sample_lines()))
    assert all(entry["latency"] is None for entry in found if entry["event"] == "command")
    assert sum(entry["answered"] for entry in found if entry["event"] == "command") == 3


def test_a_fault_that_is_still_active_is_in_the_summary():
    sample = after(sample_lines())
    (line,) = (line for line in summary.format_lines(sample, DEFINITION, UTC) if line.startswith("fault"))
    assert line.endswith("active Under voltage (M4 4, OCPP 14 UnderVoltage, vendor 0x200208), connector 1")
    (entry,) = (found for found in objects(sample) if found["event"] == "fault_active")
    assert (entry["meaning"], entry["vendor_error"], entry["agree"]) == (["Under voltage"], "0x200208", True)


def test_an_empty_session_has_an_empty_summary():
    assert objects(after([])) == [*summary.format_lines(after([]), DEFINITION, UTC)] == []
