"""The metrics of a sample: what they say of a session, and that nothing is said that nobody knows."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk
from sniffer.fleet.metrics.families import build_families
from sniffer.fleet.metrics.labels import CONNECTORS_KEPT
from sniffer.fleet.metrics.observer import MetricsObserver
from sniffer.fleet.metrics.sample import GaugeSample, RecordingSample
from sniffer.recording.recorder import RecordingState
from tests.core.protocol.helpers import DEFINITION
from tests.fleet.metrics.helpers import T0, frame, gap, last_sample, observe, report, values_of, voltages


async def sample_of(*items, clock=None):
    observer = MetricsObserver(DEFINITION)
    session = await observe(observer, items, clock)
    observer.take_sample(session)
    return last_sample(observer)


async def figures(*items, clock=None):
    return values_of(build_families(await sample_of(*items, clock=clock), DEFINITION))


ANSWER = frame("status answer", 0x1000, 0.004, connector=1)
NAMED = " command={} direction={} name={}"
REPORTS = NAMED.format("01", "pwr>com", "status report")
ANSWERS = NAMED.format("01", "com>pwr", "status answer")


async def test_bytes_frames_and_noise_are_those_of_the_ledger():
    found = await figures(report("Available", 0), Chunk(b"\x00\x01", T0 + SECOND), voltages(2))
    assert found["evse_frames_total" + REPORTS] == 1
    assert found["evse_noise_bytes_total reason=garbage"] == 2
    assert found["evse_noise_pieces_total reason=garbage"] == 1
    assert found["evse_noise_bytes_total reason=crc"] == 0
    assert found["evse_bytes_read_total"] == found["evse_frame_bytes_total"] + 2


async def test_a_latency_is_in_its_bucket_and_in_all_larger_ones():
    found = await figures(report("Available", 0), ANSWER)
    name = "evse_answer_latency_seconds_bucket" + ANSWERS.replace(" name", " le={} name")
    assert [found[name.format(edge)] for edge in (0.001, 0.002, 0.005, 0.01, "+Inf")] == [0, 0, 1, 1, 1]
    assert found["evse_answer_latency_seconds_count" + ANSWERS] == 1
    assert found["evse_answer_latency_seconds_sum" + ANSWERS] == pytest.approx(0.004)
    assert found["evse_requests_answered_total" + REPORTS] == 1
    assert found["evse_requests_unanswered_total" + REPORTS] == 0


METER = (
    "FF 6A A6 EE EE 00 24 00 04 00 01 01 00 00 57 63 09 61 00 01 00 00 00 00 00 00 00 00 00"
    "09 61 00 01 00 00 00 00 2E 01 00 00 47 85"
)


async def test_energy_is_in_joules():
    found = await figures(Chunk(bytes.fromhex(METER), T0))
    assert found["evse_energy_joules connector=1 quantity=energy"] == 223_710 * 3600
    assert found["evse_voltage_volts connector=1 quantity=l1_voltage"] == pytest.approx(240.1)


async def test_a_request_without_an_answer_is_counted():
    found = await figures(report("Available", 0), ANSWER, report("Available", 3), report("Available", 9))
    assert found["evse_requests_unanswered_total" + REPORTS] == 1


async def test_a_status_is_one_of_all_and_a_fault_has_its_meaning():
    found = await figures(report("Available", 0), report("Faulted", 1, error="UnderVoltage", m4=14))
    states = {name: value for name, value in found.items() if name.startswith("evse_connector_status ")}
    assert [name for name, value in states.items() if value] == ["evse_connector_status connector=1 status=Faulted"]
    assert len(states) == len(DEFINITION.statuses.names) + 1
    assert found["evse_connector_report_timestamp_seconds connector=1"] == T0 / SECOND + 1
    assert found["evse_control_pilot_volts connector=1"] == 9
    assert found["evse_faults_known"] == found["evse_faults_active"] == 1
    assert found["evse_fault_active connector=1 meaning=Under voltage"] == 1
    assert found["evse_faults_raised_total meaning=Under voltage"] == 1
    assert found["evse_events_total event=fault_raised"] == 1


async def test_without_a_status_report_nobody_knows_of_faults():
    for items in ((), (voltages(0), voltages(1))):
        found = await figures(*items)
        assert found["evse_faults_known"] == 0
        assert [name for name in found if name.startswith(("evse_faults_active", "evse_connector_status"))] == []


async def test_what_is_too_old_has_no_series():
    items = [report("Available", 0), voltages(0), voltages(1)]
    fresh, old = await figures(*items), await figures(*items, clock=T0 + 100 * SECOND)
    gone = {name.split(" ")[0] for name in fresh.keys() - old.keys()}
    measured = {"evse_control_pilot_volts", "evse_voltage_volts", "evse_temperature_celsius"}
    assert gone == {"evse_connector_status", "evse_faults_active", *measured}
    assert (fresh["evse_faults_known"], old["evse_faults_known"]) == (1, 0)
    assert old["evse_connector_report_timestamp_seconds connector=1"] == T0 / SECOND
    assert (fresh["evse_link_health health=silent"], old["evse_link_health health=silent"]) == (0, 1)


async def test_a_fault_stays_active_when_nobody_knows_of_others():
    items = [report("Available", 0), report("Faulted", 1, error="UnderVoltage", m4=14)]
    found = await figures(*items, clock=T0 + 100 * SECOND)
    assert (found["evse_faults_known"], found["evse_faults_active"]) == (0, 1)


async def test_a_source_that_is_lost_is_not_alive():
    found = await figures(report("Available", 0), gap(1))
    assert found["evse_link_health health=lost"] == 1
    assert found["evse_faults_known"] == 0


async def test_voltages_are_those_of_the_last_frame():
    found = await figures(voltages(0, 231.0), voltages(1, 199.5))
    assert found["evse_voltage_volts connector= quantity=l1_voltage"] == pytest.approx(199.5)


async def test_series_are_bounded_whatever_the_wire_carries():
    route = DEFINITION.command("status report").route
    unknown = [
        Chunk(route.link.build(route.head, 0x2000 + code, code, b"\x01"), T0 + code) for code in range(0x40, 0xF0)
    ]
    states = [report("Available", connector, connector) for connector in range(1, 60)]
    odd = report("77 (unknown)", 99, 2)
    found = await figures(*unknown, *states, odd)
    commands = {name for name in found if name.startswith("evse_frames_total")}
    assert len(commands) == 2
    assert found["evse_frames_total" + NAMED.format("other", "pwr>com", "other")] == len(unknown)
    connectors = {name for name in found if name.startswith("evse_connector_report")}
    assert len(connectors) == CONNECTORS_KEPT
    assert found["evse_connectors_left_out"] == 59 - CONNECTORS_KEPT
    assert found["evse_connector_status connector=2 status=unknown"] == 1


async def test_labels_are_safe_and_the_gauges_of_others_are_shown():
    sample = replace(
        await sample_of(voltages(0)),
        gauges=(GaugeSample("publish_lag_seconds", "Age of the oldest record.", 2.5),),
        recording=RecordingSample(RecordingState(packets=7, lost=2, failure="full"), 3, 1.5),
    )
    found = values_of(build_families(sample, DEFINITION))
    assert r"evse_sniff_info source=played \x1b[31m\n version=0.1.0" in found
    assert found["evse_publish_lag_seconds"] == 2.5
    names = ("lag_seconds", "waiting", "failing", "written", "lost")
    assert [found[f"evse_record_{name}"] for name in names] == [1.5, 3, 1, 7, 2]
