"""The kind of a record: what it shares with others of its kind, and what it leaves out."""

import pytest

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind, classify_record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT
from tests.records import records_of


def test_a_frame_has_its_route_and_command() -> None:
    (record,) = records_of(Chunk(STATUS_REPORT.raw))
    assert isinstance(record.item, Message)
    assert classify_record(record) == RecordKind("frame", PWR_TO_COM, record.item.command)
    assert record.item.command is not None


def test_a_frame_of_an_unknown_command_has_none() -> None:
    (record,) = records_of(Chunk(PWRBOARD.build(COM_TO_PWR.head, 1, 0xFE, b"")))
    assert classify_record(record) == RecordKind("frame", COM_TO_PWR, None)


def test_frames_with_other_payloads_are_of_one_kind() -> None:
    first, second = records_of(Chunk(STATUS_REPORT.raw + PWRBOARD.build(b"\xbb", 9, STATUS_REPORT.command, bytes(11))))
    assert classify_record(first) == classify_record(second)
    assert hash(classify_record(first)) == hash(classify_record(second))


@pytest.mark.parametrize("reason", Reason)
def test_noise_has_its_reason(reason: Reason) -> None:
    assert classify_record(Record(1, Noise(reason, 7, b"\x00"))) == RecordKind("noise", reason=reason)


def test_a_record_of_events_is_an_event() -> None:
    assert classify_record(Record(1, None)) == RecordKind("event")


def test_a_log_line_has_the_pattern_that_it_matches() -> None:
    known, other = (Pipeline(DEFINITION).feed(parse_line(text))[0] for text in ("Com boot!", "hello"))
    assert classify_record(other) == RecordKind("text")
    kind = classify_record(known)
    assert kind.kind == "text"
    assert kind.line is not None
    assert (kind.route, kind.command, kind.reason) == (None, None, None)
