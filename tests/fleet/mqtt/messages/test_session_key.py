"""The name of a session: the same for each copy, another for each session."""

from sniffer.base.times import SECOND
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import TapGap
from sniffer.fleet.mqtt.messages.session_key import name_session
from tests.fleet.mqtt.helpers import new_pipeline, read_records

AT = 1_700_000_000 * SECOND


def noise(raw=b"\x00", time: int | None = AT, line: int | None = None):
    return Record(1, Noise(Reason.GARBAGE, time, raw), line=line)


def test_it_is_made_of_the_time_and_the_content_of_the_first_record():
    assert name_session(read_records()[0]).startswith("20260115T085948Z-")
    assert name_session(read_records()[0]) == name_session(read_records()[0])
    assert name_session(noise()).startswith("20231114T221320Z-")
    names = {name_session(one) for one in (noise(), noise(time=AT + 1), noise(b"\x01"), noise(time=None))}
    assert len(names) == 4
    (gap,) = new_pipeline().feed(TapGap(AT, "gone"))
    assert name_session(gap).startswith("20231114T221320Z-")


def test_what_may_begin_as_another_session_does_is_named_by_all_of_its_content():
    for record in (noise(time=None), noise(line=7)):
        assert name_session(record, lambda: "abcdef0123456789").endswith("-abcdef012345")
        assert name_session(record, lambda: "0" * 64) != name_session(record)
    assert name_session(noise(), lambda: "0" * 64) == name_session(noise())
