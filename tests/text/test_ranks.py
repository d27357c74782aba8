"""The ranks: every event has one, and only faults of the charger have that of a fault."""

import pytest

from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import Event, FaultChanged, FaultRaised, StatusChanged
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.charger.startup.registration_events import BootLoop, RegistrationChanged, RegistrationState
from sniffer.core.charger.tap_events import RateFound, SourceBack, SourceLost
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.text.ranks import EVENT_RANKS, Rank, rank_of_event, rank_of_events, rank_of_record, rank_of_status
from tests.records import records_of
from tests.tui.helpers import only, parameter

SEEN = Evidence(1, None, None)
LOST, BACK = SourceLost(None, "gone"), SourceBack(None, "plugged in again")


def move(after: str, *, legal: bool | None = True) -> StatusChanged:
    return StatusChanged(None, 1, "Charging", after, legal, SEEN)


def registration(state: RegistrationState) -> RegistrationChanged:
    return RegistrationChanged(None, state, None, 0, None)


def test_every_event_has_a_rank() -> None:
    assert set(EVENT_RANKS) == set(Event.__args__)


def test_only_faults_of_the_charger_are_red() -> None:
    red = {event for event, rank in EVENT_RANKS.items() if rank is Rank.FAULT}
    assert red == {FaultRaised, FaultChanged, BootLoop}


@pytest.mark.parametrize(
    ("event", "rank"),
    [
        (move("Finishing"), Rank.STATE),
        (move("Finishing", legal=None), Rank.STATE),
        (move("Finishing", legal=False), Rank.WARNING),
        (move(FAULTED), Rank.FAULT),
        (move(FAULTED, legal=False), Rank.WARNING),
        (RateFound(None, 9600, "9600: ten frames"), Rank.STATE),
        (RateFound(None, None, "undetermined"), Rank.WARNING),
        (registration("pending"), Rank.WARNING),
        (registration("accepted"), Rank.GOOD),
        (LinkHealthChanged(None, LinkHealth(Health.ALIVE, "both sides are heard")), Rank.GOOD),
        (LinkHealthChanged(None, LinkHealth(Health.SILENT, "nothing arrives any more")), Rank.WARNING),
        (LOST, Rank.WARNING),
        (BACK, Rank.GOOD),
    ],
)
def test_an_event_has_the_rank_of_what_it_says(event: Event, rank: Rank) -> None:
    assert rank_of_event(event) is rank


def test_of_several_events_the_most_urgent_one_counts() -> None:
    assert rank_of_events([BACK, move(FAULTED), LOST]) is Rank.FAULT
    assert rank_of_events([BACK, LOST, move("Finishing")]) is Rank.WARNING
    assert rank_of_events([]) is Rank.ROUTINE


def test_every_status_but_faulted_is_a_state() -> None:
    statuses = packaged_definition().statuses.names.values()
    assert {status for status in statuses if rank_of_status(status) is not Rank.STATE} == {FAULTED}


def test_a_record_has_the_rank_of_its_bytes() -> None:
    assert rank_of_record(only(records_of(Chunk(parameter(1))))) is Rank.ROUTINE
    assert rank_of_record(only(records_of(Chunk(b"\x00\x01\x02")))) is Rank.WARNING
