"""The document's own log: two announcements, one fault in five lines, one status; every byte accounted for."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised, StatusChanged
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.measurements.measurement import PHASE_VOLTAGES
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import Booted, RegistrationChanged
from sniffer.core.pipeline import Pipeline
from tests.core.charger.helpers import sample_lines
from tests.core.protocol.helpers import DEFINITION

AT_47, AT_49, AT_50, AT_52 = (1_701_302_400_000_000_000 + second * 1_000_000_000 for second in (47, 49, 50, 52))


@pytest.fixture
def pipeline():
    return Pipeline(DEFINITION)


@pytest.fixture
def events(pipeline):
    return [
        (record.line, event) for line in sample_lines() for record in pipeline.feed(line) for event in record.events
    ]


def test_the_log_shows_these_events_and_no_others(events):
    assert [(line, type(event)) for line, event in events] == [
        (706, Booted),
        (706, RegistrationChanged),
        (708, LinkHealthChanged),
        (717, StatusChanged),
        (717, FaultRaised),
    ]


def test_there_are_two_announcements_five_seconds_apart_and_registration_is_pending(events, pipeline):
    assert [event for _, event in events if isinstance(event, Booted)] == [Booted(AT_47, 1)]
    now = pipeline.snapshot()
    assert now.registration == Registration("pending", 1, AT_47, 2, AT_52, 5 * SECOND)
    assert now.restarts == ()


def test_the_connector_is_faulted(events, pipeline):
    move = StatusChanged(AT_49, 1, None, "Faulted", legal=True, seen=Evidence(13, 717, AT_49), cp_voltage=9)
    assert move in [event for _, event in events]
    (connector,) = pipeline.snapshot().connectors
    assert (connector.number, connector.status, connector.since, connector.path) == (1, "Faulted", AT_49, (move,))
    assert (connector.reports, connector.ocpp_error, connector.cp_voltage, connector.cp_time) == (1, 14, 9, AT_49)


def test_the_fault_is_raised_once_with_what_its_report_says(events):
    (raised,) = [event for _, event in events if isinstance(event, FaultRaised)]
    assert raised.fault.codes == FaultCodes(ocpp=14, vendor=None, m4=4)
    assert raised.fault.diagnosis.implied == FaultCodes(vendor=0x200208)
    assert raised.fault.diagnosis.meanings == ("Under voltage",)


def test_the_other_lines_complete_the_fault(events, pipeline):
    (fault,) = pipeline.snapshot().faults
    assert (fault.connector, fault.codes, fault.diagnosis.implied) == (1, FaultCodes(14, 0x200208, 4), FaultCodes())
    assert (fault.since, fault.last, fault.reports) == (AT_49, AT_49, 1)
    assert [seen.line for seen in fault.evidence] == [717, 718, 719, 720, 721]
    assert fault.diagnosis.agree is True


def test_the_events_before_the_fault_are_kept_with_it(events):
    (raised,) = [event for _, event in events if isinstance(event, FaultRaised)]
    assert [(one.seen.line, one.event) for one in raised.fault.before] == [
        (706, Booted(AT_47, 1)),
        (706, RegistrationChanged(AT_47, "pending", AT_47, 1, None)),
    ]


def test_both_links_tell_one_story(pipeline):
    """Report and answer, announcement and answer, report and relay are tied by their sequences."""
    records = [record for line in sample_lines() for record in pipeline.feed(line)]
    tied = {record.line: (record.refers.kind, record.refers.line) for record in records if record.refers}
    assert tied == {
        710: ("answers", 708),
        721: ("relays", 717),
        724: ("answers", 717),
        725: ("relayed_by", 722),
        726: ("answers", 721),
    }


def test_the_rest_of_the_snapshot(events, pipeline):
    now = pipeline.snapshot()
    assert now.charge_point_id == "10427240"
    voltages = [(one.value, one.time) for one in now.measurements.values if one.name in PHASE_VOLTAGES]
    assert voltages == [(228.26, AT_50), (228.88, AT_50), (229.57, AT_50)]


def test_every_line_and_byte_is_accounted_for(events, pipeline):
    lines, ledger = sample_lines(), pipeline.snapshot().ledger
    frames = [line.frame for line in lines if line.frame]
    assert (ledger.frames, ledger.lines) == (len(frames), len(lines) - len(frames)) == (15, 12)
    assert ledger.read == ledger.frame_bytes == sum(map(len, frames))
    assert ledger.waiting == 0
    assert set(ledger.noise.values()) == set(ledger.noise_bytes.values()) == {0}
