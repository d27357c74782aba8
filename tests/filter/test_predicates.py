"""Predicates on kinds of records: what is decided without looking at a record, and how the operators combine it."""

import pytest

from sniffer.core.record_kind import RecordKind, classify_record
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, PWR_TO_COM
from sniffer.filter.compiler import compile_filter
from sniffer.filter.predicates import RecordPredicate, all_of, any_of, negate
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import SAMPLE, VOCABULARY, records

REPORT = RecordKind("frame", command=DEFINITION.command("status report"), route=PWR_TO_COM)
ANSWER = RecordKind("frame", command=DEFINITION.command("status answer"), route=COM_TO_PWR)
HANDSHAKE = RecordKind("frame", command=DEFINITION.command("announcement relay"), route=DBUS_EITHER_WAY)
UNKNOWN = RecordKind("frame", route=COM_TO_OCPP)
BAD = RecordKind("noise", reason=Reason.CRC)
GARBAGE = RecordKind("noise", reason=Reason.GARBAGE)
FAULT = RecordKind("text", line=next(line for line in DEFINITION.lines if "vol:" in line.pattern))
HELLO = RecordKind("text")
LOST = RecordKind("event")
ALL = (REPORT, ANSWER, HANDSHAKE, UNKNOWN, BAD, GARBAGE, FAULT, HELLO, LOST)


@pytest.mark.parametrize(
    ("text", "matching", "undecided"),
    [
        ("frame", (REPORT, ANSWER, HANDSHAKE, UNKNOWN), ()),
        ("noise", (BAD, GARBAGE), ()),
        ("text", (FAULT, HELLO), ()),
        ("crc bad", (BAD,), ()),
        ("not noise and not text", (REPORT, ANSWER, HANDSHAKE, UNKNOWN, LOST), ()),
        ("command == 01", (REPORT, ANSWER), (UNKNOWN,)),
        ("dir com>pwr", (ANSWER,), ()),
        ("dir com>ocpp", (HANDSHAKE, UNKNOWN), ()),
        ("link dbus", (HANDSHAKE, UNKNOWN), ()),
        ('name "status report"', (REPORT,), (UNKNOWN,)),
        ("name", (REPORT, ANSWER, HANDSHAKE, UNKNOWN, FAULT), ()),
        ("status", (FAULT,), (REPORT,)),
        ("status == Faulted", (), (REPORT, FAULT)),
        ("command == 01 and status == Faulted", (), (REPORT,)),
        ("command == 01 or status == Faulted", (REPORT, ANSWER), (UNKNOWN, FAULT)),
        ("raw", (REPORT, ANSWER, HANDSHAKE, UNKNOWN, BAD, GARBAGE), ()),
        ("number", ALL, ()),
        ("event", (), ALL),
        ('"Faulted"', (), ALL),
        ("crc bad and event", (), (BAD,)),
        ("not (crc bad and event)", tuple(kind for kind in ALL if kind is not BAD), (BAD,)),
    ],
)
def test_many_filters_are_decided_by_the_kind(
    text: str, matching: tuple[RecordKind, ...], undecided: tuple[RecordKind, ...]
) -> None:
    compiled = compile_filter(text, VOCABULARY)
    assert tuple(kind for kind in ALL if compiled.matches_kind(kind) is True) == matching
    assert tuple(kind for kind in ALL if compiled.matches_kind(kind) is None) == undecided


def test_a_session_has_few_kinds_of_records() -> None:
    kinds = [classify_record(record).kind for record in SAMPLE]
    assert (kinds.count("frame"), kinds.count("text")) == (15, len(SAMPLE) - 15)
    assert len({classify_record(record) for record in SAMPLE}) < len(SAMPLE)
    noise, lost = (classify_record(record) for record in records(Chunk(b"\x01")))
    assert (noise, lost) == (GARBAGE, LOST)


def test_equal_kinds_are_one_key() -> None:
    tables = dict.fromkeys(map(classify_record, [*SAMPLE, *SAMPLE]))
    assert len(tables) == len({*tables})
    assert classify_record(SAMPLE[0]) in tables


def constant(matches: bool, of_kind: bool | None) -> RecordPredicate:
    return RecordPredicate(lambda _record, _before: matches, lambda _: of_kind)


ANSWERS = [(True, True), (False, False), (True, None), (False, None)]


@pytest.mark.parametrize("one", ANSWERS)
@pytest.mark.parametrize("other", ANSWERS)
def test_predicates_combine_as_in_three_valued_logic(
    one: tuple[bool, bool | None], other: tuple[bool, bool | None]
) -> None:
    record, operands = SAMPLE[0], [constant(*one), constant(*other)]
    both, either = all_of(operands), any_of(operands)
    assert both.matches(record, None) is (one[0] and other[0])
    assert either.matches(record, None) is (one[0] or other[0])
    kinds = (one[1], other[1])
    assert both.matches_kind(REPORT) is (False if False in kinds else None if None in kinds else True)
    assert either.matches_kind(REPORT) is (True if True in kinds else None if None in kinds else False)
    assert negate(operands[0]).matches(record, None) is not one[0]
    assert negate(operands[0]).matches_kind(REPORT) is (None if one[1] is None else not one[1])
