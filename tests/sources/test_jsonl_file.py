"""JSON lines as a source: the output of `dump --json` is read back, and a broken line is reported with its number."""

import asyncio
import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import CutOffError, SkippedError, SourceError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.record import Record
from sniffer.core.wire.items import Note, Segments, TapGap
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, PWR_TO_COM
from sniffer.formats.jsonl import writer
from sniffer.formats.jsonl.reader import items_of, parse_object, zone_of
from sniffer.session import Session
from sniffer.sources import jsonl_file
from sniffer.sources.jsonl_file import JsonLinesSource
from sniffer.sources.source import Item
from sniffer.sources.stored.session_file import open_file
from tests.commands.convert.helpers import DEFINITION, ITEMS
from tests.records import records_of

AT = 1_701_302_449_000_001_000
TIME = "2023-11-30T05:30:49.000001+05:30"
FRAME = bytes.fromhex("AA0054 2C0400000200 9E6E")
COMMON: dict[str, Any] = {"type": "frame", "time": TIME, "number": 3, "raw": FRAME.hex()}
TEXT = {"type": "text", "time": TIME, "number": 1, "process": "ocpp", "text": "CP_INFO"}


def read_object(**found: Any) -> list[Item]:
    """Return the items of one object."""
    return [*items_of(found)]


async def read_items(path: Path) -> list[Item]:
    items: list[Item] = []
    await open_file(path).run(items.append)
    return items


def test_frame_and_noise_of_a_tap_are_bytes_that_are_complete() -> None:
    assert read_object(**COMMON) == [Segments(((FRAME, AT),))]
    assert read_object(type="noise", time=None, number=1, reason="garbage", raw="00ff") == [
        Segments(((b"\0\xff", None),))
    ]


def test_frame_of_a_log_has_its_line_process_and_way() -> None:
    by = {"line": 717, "process": "comproc", "link": "dbus", "direction": "com>ocpp"}
    assert read_object(**COMMON | by) == [LogLine(AT, "comproc", "", 717, FRAME, COM_TO_OCPP)]
    assert read_object(**COMMON | by | {"process": None}) == [LogLine(AT, None, "", 717, FRAME, COM_TO_OCPP)]


@pytest.mark.parametrize(("raw", "route"), [("aa01", COM_TO_PWR), ("bb", PWR_TO_COM), ("01", PWR_TO_COM)])
def test_noise_of_a_log_without_a_way_has_that_of_its_head(raw: str, route: object) -> None:
    (line,) = read_object(type="noise", time=None, process="a", raw=raw)
    assert isinstance(line, LogLine)
    assert line.route is route


def test_text_gap_and_note() -> None:
    assert read_object(**TEXT) == [LogLine(AT, "ocpp", "CP_INFO")]
    assert read_object(type="event", event="source_lost", time=TIME, reason="gone", note="here") == [
        Note("here"),
        TapGap(AT, "gone"),
    ]
    assert read_object(**COMMON | {"note": "look"})[0] == Note("look")


def test_conclusions_say_nothing() -> None:
    assert read_object(type="event", event="boot", time=None, count=1) == []


def test_a_late_note_names_its_record() -> None:
    assert read_object(type="note", time=None, number=3, note="look") == [Note("look", 3)]
    assert read_object(type="note", time=None, number=3, note="") == [Note("", 3)]
    with pytest.raises(ValueError, match="its number is no number"):
        read_object(type="note", time=None, note="look")
    with pytest.raises(ValueError, match="it has no note"):
        read_object(type="note", time=None, number=3)


def test_blank_line_is_none() -> None:
    assert parse_object(b" \r\n") is None


def test_zone_is_that_of_the_time() -> None:
    assert zone_of({"time": TIME}) == timezone(timedelta(hours=5, minutes=30))
    assert zone_of({"time": None}) is None


def test_time_that_only_damage_can_have_made_is_none() -> None:
    assert read_object(**COMMON | {"time": "0001-01-01T00:00:00+00:00"}) == [Segments(((FRAME, None),))]


BROKEN = [
    (b"{", "it is no JSON"),
    (b"[]", "it is no JSON object"),
    (b"[" * 100_000, "it is nested too deep"),
    (b"{}", "it has no type"),
    (b'{"type": "voltage"}', "its type 'voltage' is none of `dump --json`"),
    (b'{"type": "' + b"x" * 90 + b'"}', f"its type '{'x' * 20}' is none of `dump --json`"),
    (b'{"type": 1}', "it has no type"),
    (b'{"type": "frame"}', "it has no raw"),
    (b'{"type": "frame", "raw": 1}', "its raw is no text"),
    (b'{"type": "frame", "raw": "0"}', "its raw is no row of bytes in hexadecimal"),
    (b'{"type": "frame", "raw": ""}', "its raw is empty"),
    (b'{"type": "text", "text": "a", "process": 1}', "its process is no text"),
    (b'{"type": "text", "text": "a", "line": -1}', "its line is no number"),
    (b'{"type": "text", "text": "a", "line": true}', "its line is no number"),
    (b'{"type": "text", "text": "a", "time": "noon"}', "its time is not in ISO 8601"),
    (b'{"type": "text", "text": "a", "time": "2023-11-30T00:00:49"}', "its time has no zone"),
    (b'{"type": "text", "text": "a", "note": 5}', "its note is no text"),
    (b'{"type": "event", "event": "source_lost"}', "it has no reason"),
    (b'{"type": "noise", "raw": "\xff"}', "it is no JSON"),
]


GOOD = json.dumps(TEXT).encode() + b"\n"


@pytest.mark.parametrize(("line", "why"), BROKEN, ids=lambda text: text if isinstance(text, str) else "")
async def test_broken_line_is_skipped_counted_and_noted_with_its_number(line: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    items: list[Any] = []
    path.write_bytes(GOOD + line + b"\n" + GOOD)
    with pytest.raises(SkippedError) as caught:
        await open_file(path).run(items.append)
    assert str(caught.value) == f"{path}: 1 line was skipped (line 2: {why}); all others were read"
    line_of_log = LogLine(AT, "ocpp", "CP_INFO")
    assert items == [line_of_log, Note(f"line 2 of the file was skipped: {why}"), line_of_log]


async def test_note_of_a_record_stands_after_that_on_the_lines_before_it(tmp_path: Path) -> None:
    path, items = tmp_path / "a.jsonl", list[Any]()
    path.write_bytes(GOOD + 9 * b"{]\n" + json.dumps(TEXT | {"note": "look"}).encode() + b"\n")
    with pytest.raises(SkippedError, match="9 lines were skipped"):
        await open_file(path).run(items.append)
    note = items[1].text
    assert note.startswith("line 2 of the file was skipped: it is no JSON; line 3 of")
    assert note.endswith("line 6 of the file was skipped: it is no JSON; look")


@pytest.mark.parametrize(
    "carry",
    [
        pytest.param(lambda line: f"tap-1  | {line}", id="container"),
        pytest.param(lambda line: f"2023-11-30T10:00:00+0100 bench evse-sniff[7]: {line}", id="system log"),
        pytest.param(lambda line: f"out.jsonl:{line}", id="grep"),
        pytest.param(lambda line: f"{line},", id="comma"),
        pytest.param(lambda line: f"\x1e{line}", id="record separator"),
        pytest.param(lambda line: f"\x1b[32m{line}\x1b[0m", id="colour"),
        pytest.param(lambda line: json.dumps({"log": f"{line}\n", "stream": "stdout"}), id="docker"),
        pytest.param(lambda line: f"{chr(0) * 9}{line}", id="power cut"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a"])
async def test_an_object_is_found_in_what_another_program_made_of_its_line(
    carry: Callable[[str], str], name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    lines = [json.dumps(TEXT), json.dumps(COMMON)]
    path.write_text("".join(f"{carry(line)}\n" for line in lines))
    assert await read_items(path) == [*read_object(**TEXT), *read_object(**COMMON)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
async def test_objects_in_utf_16_are_read(encoding: str, indent: int | None, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "\r\n".join(json.dumps(one, indent=indent) for one in (TEXT, COMMON))
    path.write_bytes(f"\ufeff{text}\r\n".encode(encoding))
    assert await read_items(path) == [*read_object(**TEXT), *read_object(**COMMON)]


async def test_the_loop_gets_a_turn_after_some_hundred_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl_file, "LINES_PER_TURN", 4)
    path, items, turns = tmp_path / "a.jsonl", list[Any](), list[int]()
    path.write_bytes(10 * (json.dumps(COMMON).encode() + b"\n"))
    reading = asyncio.create_task(open_file(path).run(items.append))
    while not reading.done():
        turns.append(sum(len(item.pieces) for item in items))
        await asyncio.sleep(0)
    # The first line is passed on by itself, as it brings the zone.
    assert [len(item.pieces) for item in items] == [1, 3, 4, 2]
    assert turns[:4] == [0, 4, 8, 10][: len(turns)]


async def test_a_file_without_a_good_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for content in (b"{]\n", b"{", b'{"a": 1}\n[]\n'):
        path.write_bytes(content)
        with pytest.raises(
            SourceError, match=r"a\.jsonl: no line of it is one of `dump --json` \(line 1: it "
        ) as caught:
            await open_file(path).run(lambda item: None)
        assert not isinstance(caught.value, CutOffError)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrap", ["[{}]", "[\n{}\n]\n", "\ufeff[{}]", "[{},]"])
async def test_an_array_of_objects_is_what_its_lines_are(indent: int | None, wrap: str, tmp_path: Path) -> None:
    objects = [COMMON, TEXT | {"text": 'a "quoted" } {'}, COMMON | {"fields": {"type": "frame", "raw": "no"}}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, objects)))
    (tmp_path / "a.json").write_text(
        wrap.format(",\n".join(json.dumps(one, indent=indent) for one in objects)), "utf-8"
    )
    assert await read_items(tmp_path / "a.json") == await read_items(tmp_path / "a.jsonl")


async def test_a_damaged_object_of_an_array_is_skipped(tmp_path: Path) -> None:
    path, items = tmp_path / "a.json", list[Any]()
    path.write_text(json.dumps([TEXT, COMMON | {"raw": "x"}, TEXT], indent=2))
    with pytest.raises(SkippedError, match=r"1 object was skipped \(object 2: its raw is no row"):
        await open_file(path).run(items.append)
    assert [type(item) for item in items] == [LogLine, Note, LogLine]


async def test_an_array_that_was_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    path, items = tmp_path / "a.json", list[Any]()
    path.write_text(json.dumps([TEXT, TEXT])[:-10])
    with pytest.raises(CutOffError, match="cut off within object 2; all before it was read"):
        await open_file(path).run(items.append)
    assert items == [LogLine(AT, "ocpp", "CP_INFO")]


async def test_last_line_that_was_cut_is_reported_as_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    items: list[Any] = []
    whole = 2 * (json.dumps(TEXT) + "\n")
    path.write_text(whole[:-5])
    with pytest.raises(CutOffError, match="cut off within line 2; all before it was read"):
        await open_file(path).run(items.append)
    assert len(items) == 1
    path.write_text(whole[:-1])
    assert len(await read_items(path)) == 2


async def test_packed_file_that_was_cut_is_reported_as_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(TEXT).encode() + b"\n")[:-4])
    with pytest.raises(CutOffError):
        await read_items(path)


@pytest.mark.parametrize("name", ["a.jsonl", "a.JSONL", "a.txt", "a", "a.log"])
def test_json_lines_are_detected_by_content_whatever_the_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(json.dumps(TEXT))
    assert isinstance(open_file(tmp_path / name), JsonLinesSource)


def test_json_lines_are_detected_by_name_where_their_keys_are_in_another_order(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(COMMON, sort_keys=True))
    assert isinstance(open_file(tmp_path / "a.jsonl"), JsonLinesSource)


@settings(max_examples=40, deadline=None)
@given(ITEMS, st.dictionaries(st.integers(1, 9), st.text(min_size=1, max_size=5)))
async def test_what_was_dumped_is_dumped_again_to_the_letter(items: list, notes: dict[int, str]) -> None:
    lines = dumped(records_of(*items), notes)
    items = [item for line in lines for item in items_of(json.loads(line))]

    class Given:
        name, is_live, baud, zone, taps = "given", False, None, UTC, ()
        about = "a made-up session"
        times_are_first_bytes = needs_merging = False

        def now(self) -> None:
            return None

        def close(self) -> None:
            """Nothing is open."""

        async def run(self, take: Any) -> None:
            for item in items:
                take(item)

    class Sink:
        def __init__(self) -> None:
            self.records: list[Any] = []

        def receive(self, records: Any) -> None:
            self.records += records

    sink = Sink()
    session = Session(Given(), Pipeline(DEFINITION), [sink])
    await session.run()
    again = dumped(sink.records, session.notes)
    assert [without_reason(line) for line in again] == [without_reason(line) for line in lines]


def dumped(records: Sequence[Record], notes: dict[int, str]) -> list[str]:
    lines_of_records = (
        writer.format_lines(record, DEFINITION, UTC, notes.get(record.number, "")) for record in records
    )
    return [line for lines in lines_of_records for line in lines]


def without_reason(line: str) -> dict[str, Any]:
    """Noise is framed by itself when it is read again, which can name it otherwise."""
    found: dict[str, Any] = json.loads(line)
    return {key: value for key, value in found.items() if key != "reason" or found["type"] != "noise"}


def test_a_line_that_continues_a_record_is_known_by_its_key() -> None:
    assert read_object(**TEXT, continues=True) == [LogLine(AT, "ocpp", "CP_INFO", continues=True)]
    assert read_object(**TEXT, continues=False) == read_object(**TEXT)
    with pytest.raises(ValueError, match="continues is neither"):
        read_object(**TEXT, continues=1)


def test_an_ocpp_message_is_read_by_its_text() -> None:
    assert read_object(**TEXT | {"type": "ocpp", "id": "ignored"}) == [LogLine(AT, "ocpp", "CP_INFO")]


async def test_plain_frames_of_one_tap_stand_together_up_to_a_note(tmp_path: Path) -> None:
    taps = [COMMON | {"tap": tap} for tap in (1, 1, 1, 2)]
    objects = [*taps, COMMON | {"note": "seen"}, COMMON, {"type": "event", "event": "boot", "time": TIME}, COMMON]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in objects))
    piece = (FRAME, AT)
    assert await read_items(tmp_path / "a.jsonl") == [
        Segments((piece,), (), 1),
        Segments((piece, piece), (), 1),
        Segments((piece,), (), 2),
        Note("seen"),
        Segments((piece,)),
        Segments((piece, piece)),
    ]


@pytest.mark.parametrize(
    ("number", "note"),
    [
        (2, Note("late", 1)),
        (7, Note("on record 1 of the dump: late", 2)),
    ],
)
async def test_a_late_note_is_kept_whatever_the_dump_left_out(number: int, note: Note, tmp_path: Path) -> None:
    objects = [COMMON | {"number": 1}, COMMON | {"number": number}, {"type": "note", "number": 1, "note": "late"}]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in objects))
    assert (await read_items(tmp_path / "a.jsonl"))[-1] == note
