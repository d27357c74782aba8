"""Shapes: what is decided before a record is looked at."""

import pytest

from sniffer.core.record_kind import RecordKind, shape_of
from sniffer.core.wire.frame import Chunk, Reason
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, PWR_TO_COM
from sniffer.filter.compiler import compile_filter
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import SAMPLE, VOCABULARY, records

REPORT = RecordKind("frame", command=DEFINITION.command("status report"), route=PWR_TO_COM)
ANSWER = RecordKind("frame", command=DEFINITION.command("status answer"), route=COM_TO_PWR)
HANDSHAKE = RecordKind("frame", command=DEFINITION.command("boot handshake"), route=DBUS_EITHER_WAY)
UNKNOWN = RecordKind("frame", route=COM_TO_OCPP)
BAD = RecordKind("noise", reason=Reason.CRC)
GARBAGE = RecordKind("noise", reason=Reason.GARBAGE)
FAULT = RecordKind("text", line=next(line for line in DEFINITION.lines if "vol:" in line.pattern))
HELLO = RecordKind("text")
LOST = RecordKind("event")
ALL = (REPORT, ANSWER, HANDSHAKE, UNKNOWN, BAD, GARBAGE, FAULT, HELLO, LOST)


@pytest.mark.parametrize(
    ("text", "yes", "unseen"),
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
        ("not (crc bad and event)", tuple(shape for shape in ALL if shape is not BAD), (BAD,)),
    ],
)
def test_many_filters_are_decided_by_it(text, yes, unseen):
    query = compile_filter(text, VOCABULARY)
    assert tuple(shape for shape in ALL if query.matches_kind(shape) is True) == yes
    assert tuple(shape for shape in ALL if query.matches_kind(shape) is None) == unseen


def test_a_session_has_few():
    kinds = [shape_of(record).kind for record in SAMPLE]
    assert (kinds.count("frame"), kinds.count("text")) == (15, len(SAMPLE) - 15)
    assert len({shape_of(record) for record in SAMPLE}) < len(SAMPLE)
    noise, lost = (shape_of(record) for record in records(Chunk(b"\x01")))
    assert (noise, lost) == (GARBAGE, LOST)


def test_the_same_shape_is_one_key():
    tables = dict.fromkeys(map(shape_of, [*SAMPLE, *SAMPLE]))
    assert len(tables) == len({*tables})
    assert shape_of(SAMPLE[0]) in tables
