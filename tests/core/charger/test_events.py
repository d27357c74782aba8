"""The events: each has a name of its own for scripts, none can be changed, and copies share them."""

from copy import deepcopy
from typing import get_args

import pytest

from sniffer.core.charger.events import EVENT_NAMES, Event, Reference
from sniffer.core.charger.startup.registration_events import Booted
from sniffer.core.charger.tap_events import SourceLost


def test_every_event_has_a_name_of_its_own() -> None:
    assert set(EVENT_NAMES) == set(get_args(Event))
    assert len(set(EVENT_NAMES.values())) == len(EVENT_NAMES)
    assert all(name == name.lower() and " " not in name for name in EVENT_NAMES.values())


def test_the_names_are_those_that_scripts_rely_on() -> None:
    assert {*EVENT_NAMES.values()} == {
        "status",
        "contradiction",
        "warning",
        "disagreement",
        "line_error",
        "fault_raised",
        "fault_changed",
        "fault_cleared",
        "boot",
        "registration",
        "restart",
        "boot_loop",
        "boot_loop_ended",
        "unanswered",
        "overdue",
        "card_reader",
        "card_reader_ended",
        "retransmission",
        "measure",
        "link_health",
        "source_lost",
        "source_back",
        "rate",
        "lateness",
        "shared",
        "wiring",
        "wiring_ended",
        "ocpp_error",
        "clock",
    }


def test_an_event_cannot_be_changed_and_its_copy_is_itself() -> None:
    event = Booted(7, 1)
    with pytest.raises(AttributeError, match="immutable"):
        event.count = 2  # type: ignore[misc]
    assert deepcopy([event])[0] is event
    assert SourceLost(1, "unplugged", 0) == SourceLost(1, "unplugged", 0)


def test_a_reference_cannot_be_changed() -> None:
    reference = Reference("answers", 1, None, 5)
    with pytest.raises(AttributeError):
        reference.number = 2  # type: ignore[misc]
    assert reference == Reference("answers", 1, None, 5)
    assert reference != Reference("answers", 1, None, 6)
