"""The rows of frames, compared with what `dump --json` says of the same frames."""

import json
from datetime import UTC

import pytest

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_definition, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.fleet.lake.tables import frame_rows
from sniffer.fleet.lake.tables.frame_rows import FrameRows, MeasureRows, encode_json
from sniffer.formats.jsonl.writer import objects_of
from tests.benchmarks.equipment.traffic import charging_frames
from tests.core.wire.boards import METER
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of

DEFINITION = packaged_definition()
APART = 2_000_000


def read(frames):
    return records_of(*(Chunk(raw, at * APART) for at, raw in enumerate(frames)))


def rows_of(records):
    rows = FrameRows(DEFINITION, MeasureRows())
    for record in records:
        if isinstance(record.item, Message):
            rows.add(record, record.item)
    return rows


# The same frames twice, so that the second time comes from what is kept.
@pytest.mark.parametrize("frames", [[one.raw for one in KNOWN_FRAMES] * 2, charging_frames(200) * 2])
def test_a_row_says_what_json_says(frames) -> None:
    records = read(frames)
    rows = iter(rows_of(records).frames)
    for record in records:
        if isinstance(record.item, Message):
            number, time, line, link, direction, seq, command, name, fields, problem, raw = next(rows)
            printed = next(objects_of(record, DEFINITION, UTC))
            assert (number, line, link, direction, name) == (
                printed["number"], None, printed["link"], printed["direction"], printed["name"],
            )  # fmt: skip
            assert (f"{seq:04X}", raw.hex(), problem) == (printed["seq"], printed["raw"], printed.get("problem"))
            assert (command, time) == (int(printed["command"], 16), record.item.frame.time)
            assert json.loads(fields) == printed["fields"]
    assert next(rows, None) is None


def test_a_row_of_a_coded_payload_has_what_it_means() -> None:
    definition = load(packaged_files(), [("meter.toml", METER)])
    raw = definition.links.links["meter"].build(b"\x68", 0, 0xD1, b"\2", direction="meter>master")
    rows = FrameRows(definition, MeasureRows())
    for record in Pipeline(definition).feed(Chunk(raw, 0)):
        if isinstance(record.item, Message):
            rows.add(record, record.item)
    ((*_, fields, _, _),) = rows.frames
    assert json.loads(fields) == {"error": 2}


def test_payloads_that_are_kept_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    records = read(charging_frames(400))
    expected = rows_of(records).frames
    monkeypatch.setattr(frame_rows, "PAYLOADS_KEPT", 3)
    assert rows_of(records).frames == expected


def test_a_report_has_a_row_of_measured_values() -> None:
    records = read(charging_frames(3))
    report, _, voltages = (record.item for record in records)
    status, mains = rows_of(records).measures
    assert status[:4] == (1, 0, 1, "pwrboard status report")
    assert status[-2] == report.value("cp_voltage")
    assert mains[:4] == (3, 2 * APART, None, "pwrboard phase voltages")
    assert list(mains[4:7]) == [voltages.value(f"{phase}_voltage") for phase in ("l1", "l2", "l3")]
    assert set(mains[7:]) == {None}


def test_an_answer_has_a_row_with_its_request_and_the_time_between() -> None:
    (row,) = rows_of(read(charging_frames(6))).exchanges
    assert row == (6, 5 * APART, 5, "pwrboard", 1, "status report", True, APART)


def test_json_keeps_what_utf_8_cannot_encode() -> None:
    assert encode_json({"a": "\udc80", "b": 1}) == '{"a": "\\udc80", "b": 1}'
    assert encode_json({"a": "é", "b": [1.5, None]}) == '{"a":"é","b":[1.5,null]}'
