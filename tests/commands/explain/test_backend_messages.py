"""OCPP messages in what people copy from a backend: whole, only the payload, pretty-printed, several, damaged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.commands.explain.backend_messages import MOST_BEGINNINGS, BackendMessage, find_messages, is_json

STATUS = {"connectorId": 1, "errorCode": "UnderVoltage", "status": "Faulted", "vendorErrorCode": "0x200208"}
EVENT = {"eventId": 1, "techCode": "CX006", "component": {"name": "EVSE"}, "variable": {"name": "Problem"}}
NOTIFY = {"generatedAt": "2026-01-01T00:00:00Z", "seqNo": 0, "eventData": [EVENT]}
WHOLE = json.dumps([2, "42", "StatusNotification", STATUS])
OF_PAYLOAD = BackendMessage("StatusNotification", "1.6", None, STATUS)
OF_WHOLE = BackendMessage("StatusNotification", "1.6", "42", STATUS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WHOLE, OF_WHOLE),
        (json.dumps(STATUS), OF_PAYLOAD),
        (json.dumps(STATUS, indent=4), OF_PAYLOAD),
        (json.dumps(STATUS, indent=4).replace("\n}", ",\n}"), OF_PAYLOAD),
        (WHOLE.replace("}]", "},]"), OF_WHOLE),
        (f"{WHOLE},", OF_WHOLE),
        (f"2026-01-01 10:00:01 [cp 7] << {WHOLE} (ok)", OF_WHOLE),
        (f"StatusNotification.req: {json.dumps(STATUS)}", OF_PAYLOAD),
        (WHOLE.replace('"', "\u201d"), OF_WHOLE),
        (WHOLE.replace('"', "'"), OF_WHOLE),
        (json.dumps({"message": json.loads(WHOLE), "at": 1}), OF_WHOLE),
        (json.dumps({"log": {"raw": WHOLE}}), OF_WHOLE),
        (json.dumps({"connector_id": 1, "error_code": "UnderVoltage", "Status": "Faulted"}),
         BackendMessage("StatusNotification", "1.6", None, {name: STATUS[name] for name in list(STATUS)[:3]})),
        (json.dumps([2, "7", "NotifyEvent", NOTIFY]), BackendMessage("NotifyEvent", "2.x", "7", NOTIFY)),
        (json.dumps(NOTIFY), BackendMessage("NotifyEvent", "2.x", None, NOTIFY)),
        (json.dumps(EVENT), BackendMessage("NotifyEvent", "2.x", None, {"eventData": [EVENT]})),
        ('{"connectorStatus":"Faulted","evseId":1}',
         BackendMessage("StatusNotification", "2.x", None, {"connectorStatus": "Faulted", "evseId": 1})),
        ('[2,"a","Heartbeat",{}]', BackendMessage("Heartbeat", None, "a", {})),
        ('[3,"a",{"status":"Accepted"}]', BackendMessage("", None, "a", {"status": "Accepted"}, "result")),
        ('[4,"a","NotSupported","no",{}]',
         BackendMessage("", None, "a", {"errorCode": "NotSupported", "errorDescription": "no"}, "error")),
    ],
)  # fmt: skip
def test_a_message_is_found_as_it_is_pasted(text: str, expected: BackendMessage) -> None:
    assert find_messages(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "StatusNotification(connector_id=1, error_code='UnderVoltage', status='Faulted', vendor_error_code='0x200208')",
        "StatusNotificationRequest{connectorId=1, errorCode=UnderVoltage, status=Faulted, vendorErrorCode=0x200208}",
        "connectorId: 1\nerrorCode: UnderVoltage\nstatus: Faulted\nvendorErrorCode: 0x200208\n",
        "CP7 Connector Id: 1, last error code: UnderVoltage, Status: Faulted, Vendor Error Code: 0x200208",
        "<ns:connectorId>1</ns:connectorId><errorCode>UnderVoltage</errorCode><status>Faulted</status>"
        "<vendorErrorCode>0x200208</vendorErrorCode>",
    ],
)
def test_a_payload_may_be_printed_as_names_with_values(text: str) -> None:
    payload = {name: str(value) for name, value in STATUS.items()}
    assert find_messages(text) == [BackendMessage("StatusNotification", "1.6", None, payload)]


def test_a_message_in_the_text_of_a_log_in_json_is_found() -> None:
    assert find_messages(json.dumps(f"sent {WHOLE}")) == [OF_WHOLE]


@pytest.mark.parametrize(
    "text", ["status: Faulted", "pwrCom error Code vol:4,8,9", "ocpp error Code :14,2097672", "a=1"]
)
def test_other_names_are_no_message(text: str) -> None:
    assert find_messages(text) == []


@pytest.mark.parametrize("between", ["", "\n", ",\n", "; ", " and "])
def test_several_messages_are_found_in_their_order(between: str) -> None:
    assert find_messages(between.join([json.dumps(STATUS), WHOLE, json.dumps(STATUS)])) == [
        OF_PAYLOAD,
        OF_WHOLE,
        OF_PAYLOAD,
    ]
    assert find_messages(f"[{json.dumps(STATUS)}, {WHOLE}]") == [OF_PAYLOAD, OF_WHOLE]


def test_a_message_that_is_cut_off_keeps_what_is_whole() -> None:
    (found,) = find_messages(WHOLE[: WHOLE.index('"status"')])
    assert (found.id, found.complete) == ("42", False)
    assert found.payload == {"connectorId": 1, "errorCode": "UnderVoltage"}


def test_a_comma_in_a_text_is_no_comma_too_many() -> None:
    (found,) = find_messages(json.dumps({**STATUS, "info": 'a,] "b",}'}))
    assert found.payload["info"] == 'a,] "b",}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"a":1}',
        "[1,2]",
        '["a"]',
        '[5,"a"]',
        '[true,"a",{}]',
        "FF 6A A6",
        '"',
        "04h",
        "[2,id]",
    ],
)
def test_what_is_no_message_gives_none(text: str) -> None:
    assert find_messages(text) == []


@pytest.mark.parametrize("text", ["[" * 50_000 + '"', '{"a":' * 50_000, '["' * 20_000, '{"a":1} ' * 20_000 + WHOLE])
def test_a_text_of_brackets_ends_soon(text: str) -> None:
    assert find_messages(text) == []


def test_messages_beyond_the_bound_are_left_out() -> None:
    assert len(find_messages(f"{json.dumps(STATUS)} " * (MOST_BEGINNINGS + 1))) == MOST_BEGINNINGS


@given(st.text(alphabet='[]{}",:\\ a12é\ud800', max_size=60))
def test_no_text_raises(text: str) -> None:
    find_messages(text)
    is_json(text)


def test_json_is_distinguished_from_words_and_log_lines() -> None:
    assert is_json(' {"a"')
    assert is_json("[2,id,StatusNotification]")
    assert not is_json("[comproc] text")
    assert not is_json("[00 01]")


def test_the_kinds_of_message_that_ocpp_2_1_adds_are_read() -> None:
    (sent,) = find_messages('[6,"a","NotifyPeriodicEventStream",{"id":1}]')
    assert (sent.action, sent.version, sent.kind, sent.payload) == (
        "NotifyPeriodicEventStream",
        "2.x",
        "call",
        {"id": 1},
    )
    (error,) = find_messages('[5,"a","InternalError","text",{}]')
    assert (error.version, error.kind, error.payload["errorCode"]) == ("2.x", "error", "InternalError")
