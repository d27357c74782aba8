"""The fast path of the JSON writer: exactly the text of the slow one, and nothing for other records."""

import json
from datetime import UTC, timedelta, timezone, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import board_files, load, packaged_files
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from sniffer.formats.jsonl import fast_frame, writer
from sniffer.formats.jsonl.fast_frame import escape, format_frame, format_time
from tests.core.charger.helpers import sample_lines
from tests.core.protocol.helpers import DEFINITION, frame
from tests.core.wire.boards import METER
from tests.core.wire.helpers import STREAMS
from tests.filter.helpers import records
from tests.known_frames import REAL_FRAMES, STATUS_REPORT

REFERRING = {"answers", "repeats", "relays", "relayed_by"}


@settings(max_examples=200)
@given(
    STREAMS, st.sampled_from([UTC, None, timezone(timedelta(hours=-3, minutes=-30))]), st.integers(0, 2**61) | st.none()
)
def test_lines_are_the_objects_of_any_bytes(data: bytes, zone: tzinfo | None, time: int | None) -> None:
    pipeline = Pipeline(DEFINITION)
    for record in [*pipeline.feed(Chunk(data, time)), *pipeline.flush()]:
        expected = [json.dumps(found) for found in writer.objects_of(record, DEFINITION, zone)]
        assert [*writer.format_lines(record, DEFINITION, zone)] == expected


def test_lines_are_the_objects_of_the_sample_log() -> None:
    pipeline = Pipeline(DEFINITION)
    for line in sample_lines():
        for record in pipeline.feed(line):
            expected = [json.dumps(found) for found in writer.objects_of(record, DEFINITION, UTC)]
            assert [*writer.format_lines(record, DEFINITION, UTC)] == expected


def test_the_address_of_a_frame_is_that_of_the_slow_path() -> None:
    definition = load(packaged_files() | board_files(["modbus"]))
    found = Pipeline(definition).feed(Chunk(bytes.fromhex("01 03 00 00 00 01 84 0A 01 03 02 00 05 78 47"), 0))
    lines = [[*writer.format_lines(record, definition, UTC)] for record in found]
    assert lines == [[json.dumps(one) for one in writer.objects_of(record, definition, UTC)] for record in found]
    assert [json.loads(one[0])["address"] for one in lines] == ["01", "01"]


def test_numbers_with_a_sign_or_the_low_byte_first_are_those_of_the_message() -> None:
    sent = [*(known.raw for known in REAL_FRAMES), bytes.fromhex("bb0001010b01020600000000fff400009894")]
    found = []
    for record in records(Chunk(b"".join(sent)))[:-1]:
        line = format_frame(record, UTC, lambda _: "")
        assert line is not None
        frame_object = next(iter(writer.objects_of(record, DEFINITION, UTC)))
        rest = REFERRING & frame_object.keys()
        assert json.loads(line) == {key: value for key, value in frame_object.items() if key not in rest}
        found.append(json.loads(line)["fields"])
    assert len(found) == len(sent)
    assert found[-1]["cp_voltage"] == -12
    meter = next(fields for fields in found if "l2_voltage" in fields and "energy" in fields)
    assert (meter["energy"], meter["voltage"], meter["temperature"]) == (223710, 240.1, 46)


def test_frames_whose_payload_is_coded_are_the_objects_of_their_messages() -> None:
    definition = load(packaged_files(), [("meter.toml", METER)])
    raw = definition.links.links["meter"].build(b"\x68", 0, 0xD1, b"\2", direction="meter>master")
    (record, *_) = records(Chunk(raw), definition=definition)
    (line,) = writer.format_lines(record, definition, UTC)
    assert json.loads(line)["fields"] == {"error": 2}
    assert (json.loads(line)["payload"], json.loads(line)["raw"]) == ("02", raw.hex())


def test_a_frame_of_a_known_command_and_size_has_a_line() -> None:
    line = format_frame(records(Chunk(STATUS_REPORT.raw))[0], UTC, lambda _: ", more")
    assert line is not None
    assert json.loads(line)["name"] == "status report"


@pytest.mark.parametrize("raw", [b"\0", frame(PWR_TO_COM, 0x77).raw, frame(PWR_TO_COM, 0x01, b"\1").raw])
def test_other_bytes_have_no_line(raw: bytes) -> None:
    assert format_frame(records(Chunk(raw))[0], UTC, lambda _: "") is None
    assert format_frame(records(parse_line("hello"))[0], UTC, lambda _: "") is None


def test_the_cache_of_a_field_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_frame, "VALUES_CACHED", 3)
    template = fast_frame._FieldTemplate(DEFINITION.command("status report").fields[0])
    for value in range(10):
        assert template.format_value(value).json == str(value)
        assert template.format_value(value).text == str(value)
        assert len(template._cache) <= 3


def test_times_have_microseconds_and_their_zone() -> None:
    assert format_time(None, UTC) == "null"
    assert format_time(1_000_001_999, UTC) == '"1970-01-01T00:00:01.000001+00:00"'
    assert format_time(-1, timezone(timedelta(hours=1))) == '"1970-01-01T00:59:59.999999+01:00"'


def test_texts_are_escaped_as_in_json() -> None:
    assert escape('a"\\é') == r"a\"\\\u00e9"
