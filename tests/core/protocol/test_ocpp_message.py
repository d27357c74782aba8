"""The OCPP messages of a log: those of a real charger, messages that are cut off anywhere, and anything else."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sniffer.core.protocol.ocpp_message import OcppMessage, parse_ocpp

CALL = '[2,"msg002","ChangeConfiguration",{"key":"MeterValuesSampledData","value":"Current.Offered"}]'
NOTIFICATION = (
    '[2,"msg006","StatusNotification",{ "connectorId": 1, "errorCode": "NoError", "status": "Preparing", '
    '"timestamp": "2024-04-03T06:36:23.000Z", "vendorId": "StarCharge" }]'
)
ERROR = '[4,"msg1","NotImplemented","Requested Action is not known",{"seen":true}]'


def parsed(json_text: str, arrow: str = "=>") -> OcppMessage:
    found = parse_ocpp(f"{arrow}CSMS:{json_text}")
    assert found is not None
    return found


def test_a_call_has_its_action_and_its_parameters() -> None:
    assert parsed(CALL, "<=") == OcppMessage(
        kind="call",
        id="msg002",
        action="ChangeConfiguration",
        payload={"key": "MeterValuesSampledData", "value": "Current.Offered"},
        direction="csms>ocpp",
    )
    assert parsed(NOTIFICATION).payload["connectorId"] == 1


def test_a_result_has_the_id_of_its_call_only() -> None:
    assert parsed('[3,"msg001",{"status":"Accepted"}]') == OcppMessage(
        "result", "msg001", None, {"status": "Accepted"}, "ocpp>csms"
    )


def test_an_error_has_a_code_and_a_description() -> None:
    assert parsed(ERROR, "<=") == OcppMessage(
        kind="error",
        id="msg1",
        action=None,
        payload={"seen": True},
        direction="csms>ocpp",
        code="NotImplemented",
        description="Requested Action is not known",
    )


def test_the_result_that_the_real_log_cuts_off_keeps_its_status() -> None:
    assert parsed('[3,"msg007",{"status":"Accepted"') == OcppMessage(
        "result", "msg007", None, {"status": "Accepted"}, "ocpp>csms", complete=False
    )


@pytest.mark.parametrize(
    ("cut", "action", "payload"),
    [
        ('[2,"a"', None, {}),
        ('[2,"a",', None, {}),
        ('[2,"a","Heart', None, {}),
        ('[2,"a","Heartbeat"', "Heartbeat", {}),
        ('[2,"a","B",{"x":"one","y":"tw', "B", {"x": "one"}),
        ('[2,"a","B",{"x":[{"y":1},{"z":', "B", {"x": [{"y": 1}, {}]}),
        ('[2,"a","B",{"x":true', "B", {"x": True}),
        ('[2,"a","B",{"x":fals', "B", {}),
        ('[2,"a","B",{"x":"Jos\\xc3', "B", {}),
        ('[2,"a","B",{"x":1}', "B", {"x": 1}),
    ],
)
def test_what_is_whole_is_kept(cut: str, action: str | None, payload: dict[str, Any]) -> None:
    found = parsed(cut)
    assert (found.action, found.payload, found.complete) == (action, payload, False)


@pytest.mark.parametrize("number", ["12", "-", "1.", "1.5", "1e", "1.5E+"])
def test_a_number_at_the_end_may_be_the_beginning_of_another(number: str) -> None:
    assert parsed(f'[2,"a","B",{{"x":0,"y":{number}').payload == {"x": 0}


@pytest.mark.parametrize(
    "text",
    [
        *["", "CP_INFO", "=>CSMS:", "=>CSMS:hello", "CSMS:[2]", '=>Dbus:[3,"a",{}]', '==CSMS:[3,"a",{}]'],
        *["=>CSMS:[", "=>CSMS:[3", '=>CSMS:[3,"a', "=>CSMS:[]", "=>CSMS:[1,2,3]", '=>CSMS:{"a":1}'],
        *['=>CSMS:[3,"a",{}] and more', '=>CSMS:[3,"a",{}]]', '=>CSMS:[3 "a",{}]', "=>CSMS:[3,,]"],
        *['=>CSMS:[2,"a"]', '=>CSMS:[2,"a",5,{}]', '=>CSMS:[2,"a","B",[]]', '=>CSMS:[3,"a",null]'],
        *['=>CSMS:[2.0,"a","B",{}]', '=>CSMS:[true,"a"]', "=>CSMS:[3,7,{}]", '=>CSMS:[2,"a","B",{},{}]'],
        *['=>CSMS:[4,"a","X"]', '=>CSMS:[[3],"a",{}]'],
    ],
)
def test_anything_else_is_no_message(text: str) -> None:
    assert parse_ocpp(text) is None


@pytest.mark.parametrize(
    "payload",
    [
        *['{"x":NaN}', '{"x":Infinity}', '{"x":1e999}', '{"x":-1e999', '{"x":{"y":[1e999]}}'],
        *['{"x":1,"x":2}', '{"x":"\\ud800"}', '{"x":"\ud800"}', '{"x":"\\xff"}', '{"x":"\x00"}'],
        '{"x":' + "9" * 5000 + "}",
        '{"x":' + "[" * 5000,
        '{"x":' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
def test_values_that_json_cannot_hold_are_left_as_text(payload: str) -> None:
    found = parse_ocpp(f'=>CSMS:[2,"a","B",{payload}]')
    assert found is None or not found.complete


@pytest.mark.parametrize("text", ['  =>CSMS: [3,"a",{}]  ', '=>csms:[3,"a",{}]', '=> CSMS : [ 3 , "a" , { } ]\r'])
def test_spaces_and_letter_case_make_no_difference(text: str) -> None:
    assert parse_ocpp(text) == OcppMessage("result", "a", None, {}, "ocpp>csms")


def test_a_missing_payload_has_no_parameters() -> None:
    assert parsed('[2,"a","Heartbeat"]') == OcppMessage("call", "a", "Heartbeat", {}, "ocpp>csms")
    assert parsed('[3,"a"]').payload == {}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PAYLOADS = st.dictionaries(st.text(), VALUES, max_size=4)
MESSAGES = (
    st.tuples(st.just(2), st.text(), st.text(), PAYLOADS)
    | st.tuples(st.just(3), st.text(), PAYLOADS)
    | st.tuples(st.just(4), st.text(), st.text(), st.text(), PAYLOADS)
)


@given(MESSAGES, st.booleans())
def test_any_message_is_read(message: tuple[Any, ...], is_ascii: bool) -> None:
    found = parsed(json.dumps(message, ensure_ascii=is_ascii))
    number, id_, *rest = message
    texts: tuple[Any, ...] = {2: (found.action,), 3: (), 4: (found.code, found.description)}[number]
    assert (found.id, *texts, found.payload, found.complete) == (id_, *rest, True)


def is_part(part: Any, whole: Any) -> bool:
    """Return True if a value holds nothing that the whole one does not hold in the same place."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and is_part(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) <= len(whole) and all(map(is_part, part, whole))
    return bool(part == whole)


@given(MESSAGES, st.floats(0, 1), st.booleans())
def test_a_message_that_is_cut_anywhere_keeps_only_what_was_there(
    message: tuple[Any, ...], share: float, is_ascii: bool
) -> None:
    whole = json.dumps(message, ensure_ascii=is_ascii)
    cut = whole[: int(share * len(whole))]
    found = parse_ocpp(f"=>CSMS:{cut}")
    id_ends = len(json.dumps(message[:2], ensure_ascii=is_ascii)) - 1
    assert (found is not None) == (len(cut) >= id_ends) or cut == whole
    if found:
        assert found.id == message[1]
        assert is_part(found.payload, message[-1])
        assert found.complete == (cut == whole)
        json.dumps(found.payload, allow_nan=False)


@given(
    st.text()
    | st.lists(st.sampled_from(["[", "]", "{", "}", '"', ",", ":", "2", "3", "4", "e", "-", "\\", "a", "n"])).map(
        "".join
    )
)
@example('[2,"a"' + "1" * 100_000)
@example('[2,"a",' + "\\xc3" * 50_000)
def test_no_text_raises(text: str) -> None:
    found = parse_ocpp(f"=>CSMS:{text}")
    if found:
        json.dumps(found.payload, allow_nan=False)
