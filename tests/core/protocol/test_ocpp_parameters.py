"""The parameters of OCPP messages in one line: those that matter for each action, and the first ones of others."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.protocol.ocpp_message import parse_ocpp
from sniffer.core.protocol.ocpp_parameters import (
    CALLS,
    LONGEST_VALUE,
    OCPP_ACTIONS,
    format_ocpp,
    parameters_of,
    samples_of,
)


def shown(*parts: Any) -> str:
    found = parse_ocpp(f"=>CSMS:{json.dumps(parts)}")
    assert found is not None
    return format_ocpp(found)


BOOT = {
    "chargePointVendor": "StarCharge",
    "chargePointModel": "Aurora",
    "chargePointSerialNumber": "20000001",
    "firmwareVersion": "1.0.0.0.7b107_MG",
    "iccid": "",
    "imsi": "",
}
METER = {
    "connectorId": 1,
    "meterValue": [
        {"timestamp": "2024-04-03T06:36:00Z", "sampledValue": [{"value": "1"}]},
        {
            "timestamp": "2024-04-03T06:37:00Z",
            "sampledValue": [
                {"value": "223710"},
                {"value": "240.1", "measurand": "Voltage", "unit": "V", "phase": "L1"},
                {"value": 0.01, "measurand": "Current.Import", "unit": "A"},
                {"value": "0", "measurand": "SoC"},
                {"value": "46", "measurand": "Temperature", "unit": "Celsius"},
            ],
        },
    ],
}


@pytest.mark.parametrize(
    ("action", "payload", "text"),
    [
        ("BootNotification", BOOT, "StarCharge, Aurora, 20000001, firmware 1.0.0.0.7b107_MG"),
        (
            "StatusNotification",
            {"connectorId": 0, "errorCode": "NoError", "status": "Available", "vendorId": "StarCharge"},
            "connector 0, Available, NoError",
        ),
        (
            "StatusNotification",
            {"connectorId": 1, "errorCode": "UnderVoltage", "status": "Faulted", "vendorErrorCode": "2097672"},
            "connector 1, Faulted, UnderVoltage, vendor 2097672",
        ),
        ("ChangeAvailability", {"connectorId": 1, "type": "Operative"}, "connector 1, Operative"),
        ("ChangeConfiguration", {"value": "60", "key": "HeartbeatInterval"}, "HeartbeatInterval, 60"),
        ("TriggerMessage", {"requestedMessage": "BootNotification"}, "BootNotification"),
        ("MeterValues", METER, "connector 1, 223710 Wh, L1 240.1 V, 0.01 A, 0 SoC"),
        ("MeterValues", {"connectorId": 1}, "connector 1"),
        ("Heartbeat", {}, ""),
        ("Reset", {"type": "Hard", "a": 1, "b": [True, None], "c": 2}, "type Hard, a 1, b [true, null]"),
    ],
)
def test_a_call_shows_what_matters(action: str, payload: dict[str, Any], text: str) -> None:
    assert shown(2, "id", action, payload) == text


def test_a_result_shows_its_status_and_the_first_of_the_others() -> None:
    assert shown(3, "id", {"status": "Accepted"}) == "Accepted"
    assert shown(3, "id", {"currentTime": "2024", "interval": 60, "status": "Pending"}) == (
        "Pending, currentTime 2024, interval 60"
    )


def test_an_error_shows_its_code_and_description() -> None:
    assert shown(4, "id", "InternalError", "", {}) == "InternalError"
    assert shown(4, "id", "InternalError", "no room", {}) == "InternalError, no room"


def test_a_message_that_was_cut_off_says_so() -> None:
    message = parse_ocpp('=>CSMS:[3,"a",{"status":"Accepted"')
    assert message is not None
    assert format_ocpp(message) == "Accepted (cut off)"


def test_a_long_value_is_cut() -> None:
    assert shown(3, "id", {"status": "x" * 1000}) == "x" * LONGEST_VALUE + "…"
    assert len(shown(3, "id", {"k" * 1000: "x"})) < 2 * LONGEST_VALUE


def test_all_parameters_are_listed_whole() -> None:
    message = parse_ocpp('=>CSMS:[4,"a","X","y",{"z":[1]}]')
    assert message is not None
    assert [*parameters_of(message)] == [("code", "X"), ("description", "y"), ("z", "[1]")]


def test_every_action_of_the_table_is_one_of_ocpp() -> None:
    assert set(CALLS) < set(OCPP_ACTIONS)
    assert sorted(OCPP_ACTIONS) == [*OCPP_ACTIONS]
    assert len(OCPP_ACTIONS) == 28


@pytest.mark.parametrize("payload", [{}, {"meterValue": []}, {"meterValue": [1]}, {"meterValue": {"sampledValue": []}}])
def test_no_samples_are_found_in_what_is_no_meter_value(payload: dict[str, Any]) -> None:
    assert not samples_of(payload)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["meterValue", "sampledValue", "value", "connectorId", "status"]), inner)
    ),
)


@given(
    st.sampled_from([*CALLS, "MeterValues", "Other"]), st.dictionaries(st.sampled_from(["meterValue", "status"]), ANY)
)
def test_any_payload_is_shown(action: str, payload: dict[str, Any]) -> None:
    assert isinstance(shown(2, "id", action, payload), str)
