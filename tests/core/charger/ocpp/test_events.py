"""The events of OCPP messages are values: a copy of the charger shares them."""

from copy import deepcopy

import pytest

from sniffer.core.charger.events import EVENT_NAMES, Event
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed

SEEN = Evidence(1, None, None)
EVENTS: list[Event] = [OcppFailed(None, "Reset", "a", "InternalError", "", SEEN), ClockOffset(None, 3600, 0, SEEN)]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_has_a_name_and_is_shared_by_copies(event: Event) -> None:
    assert EVENT_NAMES[type(event)] in ("ocpp_error", "clock")
    assert deepcopy(event) is event
