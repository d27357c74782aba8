"""The packing of events: equal events come out, and what never changes is the same object."""

import pytest
from msgspec.structs import replace

from sniffer.core.charger.events import FaultCleared, FaultRaised, Unanswered
from sniffer.core.charger.evidence import Evidence
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.history.records.event_codec import EventCodec, EventsByNumber, find_route, find_row, restore_preceding
from tests.dialogue import dialogue_records
from tests.history.helpers import SimulatedSession

DEFINITION = packaged_definition()
CODEC = EventCodec(DEFINITION)


def repack(events: EventsByNumber) -> EventsByNumber:
    return CODEC.unpack(CODEC.pack(events))


def test_events_of_a_session_come_out_as_they_went_in() -> None:
    session = SimulatedSession()
    for _ in range(5):
        session.boot().report("Available").wait(2).fault().wait(2).report("Charging", cp=12).wait(40).lost()
    events = {record.number: record.events for record in session.records if record.events}
    repacked = repack(events)
    assert any(isinstance(event, FaultCleared) and event.fault.before for found in events.values() for event in found)
    assert any(isinstance(event, FaultRaised) and event.fault.courses for found in events.values() for event in found)
    assert not any(
        isinstance(event, FaultCleared) and event.fault.before for found in repacked.values() for event in found
    )
    restored = {
        number: tuple(restore_preceding(event, repacked.__getitem__) for event in found)
        for number, found in repacked.items()
    }
    assert restored == events
    lost = [restore_preceding(event, lambda _: ()) for found in repacked.values() for event in found]
    assert lost == [event for found in repacked.values() for event in found]
    dialogue = {record.number: record.events for record in dialogue_records() if record.events}
    assert repack(dialogue) == dialogue


def test_routes_and_rows_of_the_table_are_the_same_objects() -> None:
    unanswered = Unanswered(5, PWR_TO_COM, "x", 1, 2, Evidence(1, None, 5), 3)
    session = SimulatedSession().fault()
    (found,) = repack({1: (unanswered,)})[1]
    assert isinstance(found, Unanswered)
    assert found.route is PWR_TO_COM
    (raised,) = [event for event in session.records[0].events if isinstance(event, FaultRaised)]
    (again,) = repack({1: (raised,)})[1]
    assert isinstance(again, FaultRaised)
    assert again.fault.diagnosis.rows
    assert all(one is other for one, other in zip(again.fault.diagnosis.rows, raised.fault.diagnosis.rows, strict=True))


def test_rows_of_another_table_are_stored_whole() -> None:
    session = SimulatedSession().fault()
    codec = EventCodec(replace(DEFINITION, errors=()))
    events = {1: session.records[0].events}
    assert codec.unpack(codec.pack(events)) == events


def test_positions_lead_to_what_never_changes() -> None:
    with pytest.raises(LookupError):
        find_route(0)
    with pytest.raises(LookupError):
        find_row(0)
