"""The label of the log's time zone against the times in OCPP messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.ocpp.clock import ClockCheck
from sniffer.core.charger.ocpp.events import ClockOffset
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.ocpp_message import OcppMessage
from tests.core.charger.ocpp.helpers import AT, DialogueBench

JAPAN = 9 * 3600


@pytest.fixture
def bench() -> DialogueBench:
    bench = DialogueBench()
    bench.zone = JAPAN
    return bench


def stamp(seconds: float = 0) -> str:
    """Return the time of the bench, so many seconds later, as OCPP writes it."""
    return (datetime.fromtimestamp(AT / SECOND, UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def notify(bench: DialogueBench, seconds: float) -> list[Event]:
    return bench.charger_says(2, "a", "StatusNotification", {"connectorId": 0, "timestamp": stamp(seconds)})


def test_the_real_log_is_an_hour_off(bench: DialogueBench) -> None:
    assert notify(bench, -3601) == [ClockOffset(AT, 3600, JAPAN, Evidence(1, None, AT))]


def test_it_is_reported_once(bench: DialogueBench) -> None:
    assert notify(bench, -3601)
    assert notify(bench, -3601) == []


@pytest.mark.parametrize(
    ("seconds", "difference"),
    [
        (-900, 900),
        (-5 * 3600 - 1800 - 5, 5 * 3600 + 1800),
        (3600 + 4, -3600),
        (-14 * 3600, 14 * 3600),
        (14 * 3600, -14 * 3600),
    ],
)
def test_zones_differ_by_quarters_of_an_hour(bench: DialogueBench, seconds: int, difference: int) -> None:
    (event,) = notify(bench, seconds)
    assert isinstance(event, ClockOffset)
    assert event.difference == difference


@pytest.mark.parametrize("seconds", [-3606, -3594, -100, 450, -14 * 3600 - 900, 86400 * 365])
def test_any_other_difference_says_nothing(bench: DialogueBench, seconds: int) -> None:
    assert notify(bench, seconds) == []
    assert notify(bench, -3600), "a later message decides"


def test_a_label_that_was_right_once_stays_right(bench: DialogueBench) -> None:
    assert notify(bench, -1) == []
    assert notify(bench, -3600) == []


@pytest.mark.parametrize(
    ("arrow", "parts"),
    [
        ("=>", (2, "a", "MeterValues", {"meterValue": [{"timestamp": stamp()}, {"timestamp": stamp(-3600)}]})),
        ("<=", (3, "a", {"currentTime": stamp(-3600), "interval": 60, "status": "Accepted"})),
        ("<=", (3, "a", {"currentTime": stamp(-3600).replace("Z", "+00:00")})),
    ],
)
def test_other_messages_tell_the_time_too(bench: DialogueBench, arrow: str, parts: tuple[Any, ...]) -> None:
    assert len(bench.central(*parts) if arrow == "<=" else bench.charger_says(*parts)) == 1


@pytest.mark.parametrize(
    ("arrow", "parts"),
    [
        ("<=", (2, "a", "StatusNotification", {"timestamp": stamp(-3600)})),
        ("=>", (3, "a", {"currentTime": stamp(-3600)})),
        ("=>", (2, "a", "StartTransaction", {"timestamp": stamp(-3600)})),
        ("=>", (2, "a", "MeterValues", {"meterValue": [stamp(-3600)]})),
        *[
            ("=>", (2, "a", "StatusNotification", {"timestamp": text}))
            for text in ("2024-04-03T05:36:23", "2024-04-03", "now", "", "9999-99-99T00:00:00Z", None, 7)
        ],
    ],
)
def test_what_is_no_time_of_now_is_left_out(bench: DialogueBench, arrow: str, parts: tuple[Any, ...]) -> None:
    assert (bench.central(*parts) if arrow == "<=" else bench.charger_says(*parts)) == []


def test_without_a_label_or_a_time_there_is_nothing_to_check(bench: DialogueBench) -> None:
    bench.zone = None
    assert notify(bench, -3600) == []
    bench.zone, bench.time = JAPAN, None  # type: ignore[assignment]
    assert notify(bench, -3600) == []


@given(st.integers(-60, 60), st.integers(-6_000_000, 6_000_000))
def test_a_difference_is_whole_quarters_within_the_zones_of_the_world(quarters: int, microseconds: int) -> None:
    sent = AT // 1000 - quarters * 900_000_000 - microseconds
    moment = (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=sent)).isoformat()
    message = OcppMessage("call", "a", "StatusNotification", {"timestamp": moment}, "ocpp>csms")
    events = ClockCheck().check(message, LogLine(AT, "a", "", zone=0), Evidence(1, None, AT))
    is_offset = 0 < abs(quarters) <= 14 * 4 and abs(microseconds) <= 5_000_000
    assert [event.difference for event in events] == ([900 * quarters] if is_offset else [])
