"""A message of a backend holds a fault: by its codes in every notation, or by the words of other vocabularies."""

import pytest
from msgspec.structs import replace

from sniffer.commands.explain.backend_messages import find_messages
from sniffer.commands.explain.backend_text import MessagePart, explain_message
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.protocol.enumeration import Provenance
from tests.core.protocol.helpers import DEFINITION

ROWS = {row.meaning: row for row in DEFINITION.errors}


def parts_of(text: str) -> list[MessagePart]:
    (message,) = find_messages(text)
    return explain_message(message, DEFINITION)


def status(**parameters: object) -> MessagePart:
    """Return the part of a StatusNotification of OCPP 1.6 with these parameters."""
    (message,) = find_messages('{"connectorId":1,"errorCode":"OtherError","status":"Faulted"}')
    (part,) = explain_message(replace(message, payload={**message.payload, **parameters}), DEFINITION)
    return part


def line_of(part: MessagePart, name: str) -> str:
    return " ".join(next(line for line in part.lines if line.split()[:1] == [name]).split())


def test_a_status_notification_gives_its_codes_and_what_they_are() -> None:
    (part,) = parts_of(
        '[2,"42","StatusNotification",{"connectorId":1,"errorCode":"UnderVoltage","status":"Faulted",'
        '"vendorErrorCode":"200208h"}]'
    )
    assert part.lines == (
        "StatusNotification call  (OCPP 1.6, id 42)",
        "  connectorId              1",
        "  errorCode                UnderVoltage  = OCPP error code 14  (documented)",
        "  status                   Faulted  = connector status 8, Fault  (documented)",
        "  vendorErrorCode          200208h  = vendor error code 0x200208  (documented)",
    )
    assert part.codes == FaultCodes(ocpp=14, vendor=0x200208)


@pytest.mark.parametrize(
    "code", ["0x200208", "200208h", "200208", "h200208", "$200208", "2097672", 2097672, " 0X200208 "]
)
def test_the_vendor_code_is_read_in_every_notation(code: object) -> None:
    assert status(vendorErrorCode=code).codes == FaultCodes(ocpp=7, vendor=0x200208)


@pytest.mark.parametrize("code", ["04h", "0x04", "4", 4])
def test_a_small_code_is_perhaps_that_of_the_power_board(code: object) -> None:
    part = status(vendorErrorCode=code)
    assert part.codes == FaultCodes(ocpp=7, m4=4)
    assert line_of(part, "vendorErrorCode").endswith("= perhaps M4 error code 4 (documented)")


@pytest.mark.parametrize("code", ["", None, "0", "0x000000", 0])
def test_no_vendor_code_is_no_code(code: object) -> None:
    assert status(vendorErrorCode=code).codes == FaultCodes(ocpp=7)


def test_an_unknown_vendor_code_is_kept() -> None:
    assert status(vendorErrorCode="0x300208").codes == FaultCodes(ocpp=7, vendor=0x300208)
    assert status(vendorErrorCode="fan blocked").codes == FaultCodes(ocpp=7)


@pytest.mark.parametrize(("code", "meanings"), [("CX006", ["Under voltage"]), ("cx014", ["CP fault", "CP-12V fault"])])
def test_a_word_of_another_vocabulary_names_rows(code: str, meanings: list[str]) -> None:
    part = status(vendorId="https://chargex.inl.gov", vendorErrorCode=code)
    assert [row.meaning for row in part.rows] == meanings
    assert part.codes == FaultCodes(ocpp=7)
    assert "= ChargeX MREC (" in line_of(part, "vendorErrorCode")


@pytest.mark.parametrize("codes", [["200208h", "CX008"], "0x200208, CX008", "0x200208;CX008", "200208h CX008"])
def test_several_vendor_codes_are_all_read(codes: object) -> None:
    part = status(vendorErrorCode=codes)
    assert part.codes == FaultCodes(ocpp=7, vendor=0x200208)
    assert [one.rows for one in part.further] == [(ROWS["Emergency button"],)]
    about = "= vendor error code 0x200208 (documented), ChargeX MREC (inferred)"
    assert line_of(part, "vendorErrorCode").endswith(about)


def test_words_between_codes_are_no_codes() -> None:
    assert status(vendorErrorCode="fan 3 blocked").codes == FaultCodes(ocpp=7)


def test_the_bytes_of_a_vendor_code_are_one_code() -> None:
    assert status(vendorErrorCode="20 02 08").codes == FaultCodes(ocpp=7, vendor=0x200208)


def test_a_code_of_mrec_without_a_row_is_named() -> None:
    part = status(vendorErrorCode="CX010")
    assert line_of(part, "vendorErrorCode").endswith("= ChargeX MREC that no fault of the error table has")
    assert part.rows == ()


def test_no_error_is_no_code_and_contradicts_a_fault() -> None:
    part = status(errorCode="NoError")
    assert part.codes == FaultCodes()
    assert part.lines[-1] == "  Faulted with NoError contradicts itself (protocol.md, Connector status)"
    assert "contradicts" not in " ".join(status(errorCode="NoError", status="Available").lines)


def test_an_error_that_ocpp_does_not_have_is_named_so() -> None:
    part = status(errorCode="FanBlocked")
    assert line_of(part, "errorCode") == "errorCode FanBlocked = none of OCPP 1.6's error codes"
    assert part.codes == FaultCodes()


def test_a_status_of_ocpp_2_has_no_error_and_says_where_it_is() -> None:
    (part,) = parts_of('{"connectorStatus":"Faulted","evseId":1,"connectorId":1}')
    assert part.lines == (
        "StatusNotification call  (OCPP 2.x)",
        "  connectorStatus          Faulted  = connector status 8, Fault  (documented)",
        "  evseId                   1",
        "  connectorId              1",
        "  OCPP 2.x states no error here: the fault is in the NotifyEvent of the same time",
    )
    (part,) = parts_of('{"connectorStatus":"Occupied"}')
    assert line_of(part, "connectorStatus") == "connectorStatus Occupied = a status of OCPP 2.x only"


def test_each_event_of_a_notify_event_is_a_part() -> None:
    head, first, second = parts_of(
        '[2,"7","NotifyEvent",{"seqNo":0,"eventData":[{"eventId":1,"techCode":"CX006",'
        '"component":{"name":"EVSE","evse":{"id":1,"connectorId":2}},"variable":{"name":"Problem"}},'
        '{"eventId":2,"techCode":"0x100208"}]}]'
    )
    assert head.lines == ("NotifyEvent call  (OCPP 2.x, id 7)", "  seqNo                    0")
    assert first.lines == (
        "event 1",
        "  eventId                  1",
        "  techCode                 CX006  = ChargeX MREC (inferred)",
        "  component                EVSE, EVSE 1, connector 2",
        "  variable                 Problem",
    )
    assert first.rows == (ROWS["Under voltage"],)
    assert second.codes == FaultCodes(vendor=0x100208)


def test_other_messages_show_their_parameters() -> None:
    (part,) = parts_of('[4,"a","NotSupported","not here",{}]')
    assert part.lines == (
        "error  (OCPP, id a)",
        "  errorCode                NotSupported",
        "  errorDescription         not here",
    )


def test_a_cut_off_message_says_so() -> None:
    (part,) = parts_of('{"connectorId":1,"errorCode":"UnderVoltage","status":"Fau')
    assert part.lines[-1] == "  the message is cut off"
    assert part.codes == FaultCodes(ocpp=14)


def test_an_m4_code_of_the_user_says_so() -> None:
    mine = replace(DEFINITION, errors=(replace(ROWS["Relay fault"], m4={7: Provenance.USER}),))
    (message,) = find_messages('{"connectorId":1,"errorCode":"OtherError","vendorErrorCode":"07h"}')
    (part,) = explain_message(message, mine)
    assert "perhaps M4 error code 7  (user)" in part.lines[-1]
