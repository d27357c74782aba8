"""The registry: each format writes what was read, and the ending of a file name chooses the format."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.compression import GZIP, ZSTD, Compression
from sniffer.base.errors import OutputError
from sniffer.commands.dump.dump import DumpSink
from sniffer.commands.dump.line_output import DirectOutput
from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.formats.entry import Origin
from sniffer.formats.registry import FORMATS, entries_of, find_time_before, format_of
from sniffer.history.records.record_store import RecordStore
from tests.core.wire.helpers import STREAMS
from tests.history.records.test_record_store import DEFINITION, ITEMS, store_records
from tests.records import records_of
from tests.tui.helpers import FakeSource, captured, status_answer, status_report

HOSTILE = "[red]\x1b[2J\u202e漢 e\u0301 \udc9b 'n\nd\""
NAMES = [f"a{found.ending}" for found in FORMATS]


def export(
    name: str, records: Sequence[Record], numbers: Iterable[int] | None = None, notes: dict[int, str] | None = None
) -> bytes:
    """Return the file of these records under this name, without compression."""
    file_format, _ = format_of(Path(name))
    store = store_records(records)
    chosen = range(1, len(store) + 1) if numbers is None else numbers
    return b"".join(file_format.encode(entries_of(store, chosen, notes or {}), Origin(DEFINITION, UTC)))


def dump(records: Sequence[Record], *, as_json: bool) -> str:
    """Return what `dump` prints for these records."""
    out = StringIO()
    DumpSink(FakeSource(), DEFINITION, DirectOutput(out), as_json=as_json).receive(records)
    return out.getvalue()


def test_json_lines_are_those_of_dump() -> None:
    records = records_of(*captured())
    assert export("a.jsonl", records).decode() == dump(records, as_json=True)


def test_plain_lines_are_those_of_dump() -> None:
    records = records_of(*captured())
    assert export("a.txt", records).decode() == dump(records, as_json=False)


def test_raw_bytes_are_those_that_were_fed() -> None:
    read = b"\x01\x02" + status_report("Available") + status_answer(1)[:-1] + b"\0" + status_report("Charging")
    assert export("a.bin", records_of(Chunk(read, 5))) == read


@given(st.lists(STREAMS, max_size=4))
def test_raw_bytes_of_everything_are_exactly_what_was_read(reads: list[bytes]) -> None:
    assert export("a.bin", records_of(*map(Chunk, reads))) == b"".join(reads)


@given(ITEMS, st.sets(st.integers(1, 60)))
def test_plain_and_json_lines_of_a_part_are_the_lines_of_the_whole(items: list[Chunk], chosen: set[int]) -> None:
    records = records_of(*items)
    numbers = sorted(number for number in chosen if number <= len(records))
    for name in ("a.jsonl", "a.txt"):
        parts = [export(name, records[:number], [number]) for number in numbers]
        assert export(name, records, numbers) == b"".join(parts)


@given(ITEMS)
def test_any_session_is_written_as_dump_prints_it(items: list[Chunk]) -> None:
    records = records_of(*items)
    assert export("a.jsonl", records).decode() == dump(records, as_json=True)
    plain = dump(records, as_json=False).encode("utf-8", "backslashreplace")
    assert export("a.txt", records) == plain


@given(ITEMS)
def test_the_record_before_that_has_a_time_is_found(items: list[Chunk]) -> None:
    store = store_records(records_of(*items))
    last = None
    for number in range(1, len(store) + 1):
        assert find_time_before(store, number) == last
        last = last if store.time(number) is None else store.time(number)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_piece_for_every_record(name: str) -> None:
    found, _ = format_of(Path(name))
    records = records_of(*captured())
    assert len(list(found.encode(entries_of(store_records(records), range(1, 28), {}), Origin(DEFINITION, UTC)))) >= 27


@pytest.mark.parametrize("name", NAMES)
def test_records_are_taken_one_at_a_time(name: str) -> None:
    found, _ = format_of(Path(name))
    store, taken = store_records(records_of(*captured())), []

    def numbers() -> Iterator[int]:
        for number in range(1, len(store) + 1):
            taken.append(number)
            yield number

    pieces = found.encode(entries_of(store, numbers(), {}), Origin(DEFINITION, UTC))
    next(pieces)
    assert len(taken) <= 2


def test_note_is_a_key_of_its_record() -> None:
    records = records_of(*captured())
    found = [json.loads(line) for line in export("a.jsonl", records, notes={13: HOSTILE}).splitlines()]
    (noted,) = [entry for entry in found if "note" in entry]
    assert (noted["type"], noted["number"], noted["note"]) == ("frame", 13, HOSTILE)
    bare = [{key: value for key, value in entry.items() if key != "note"} for entry in found]
    assert bare == [json.loads(line) for line in dump(records, as_json=True).splitlines()]


def test_note_at_a_lost_source_is_a_key_of_its_event() -> None:
    pipeline = Pipeline(DEFINITION)
    records = [*pipeline.feed(Chunk(b"\0")), *pipeline.feed(TapGap(9, "gone"))]
    found = [json.loads(line) for line in export("a.jsonl", records, notes={2: "here"}).splitlines()]
    assert [(entry["type"], entry.get("note")) for entry in found] == [
        ("noise", None),
        ("event", "here"),
        ("event", None),
    ]


def test_note_is_a_line_under_its_record() -> None:
    lines = export("a.txt", records_of(*captured()), [13, 14], {13: "look [here]"}).decode().splitlines()
    at = lines.index("    ✎ look [here]")
    assert lines[0].split()[0] == "13"
    assert lines[at + 1].split()[0] == "14"
    assert all("***" in line for line in lines[1:at])


@given(st.text(st.characters(exclude_categories=())))
def test_any_note_is_one_line_and_harmless(note: str) -> None:
    records = records_of(Chunk(status_report("Available")))
    notes = {1: note} if note else {}
    for name in ("a.jsonl", "a.txt"):
        lines = export(name, records, notes=notes).decode().split("\n")
        assert all(line.isprintable() for line in lines)
        extra = bool(note) and name == "a.txt"
        assert len(lines) == len(export(name, records).decode().split("\n")) + extra


def test_notes_do_not_change_raw_bytes() -> None:
    records = records_of(*captured())
    assert export("a.bin", records, notes={13: "x"}) == export("a.bin", records)
    assert [found.ending for found in FORMATS if not found.holds_notes] == [".log", ".bin"]


@pytest.mark.parametrize(
    ("name", "ending", "packing"),
    [
        ("a.jsonl", ".jsonl", None),
        ("a.jsonl.gz", ".jsonl", GZIP),
        ("A.TXT", ".txt", None),
        ("b.2023.bin.GZ", ".bin", GZIP),
        ("a.csv.zst", ".csv", ZSTD),
    ],
)
def test_the_ending_of_a_name_decides_about_the_format(name: str, ending: str, packing: Compression | None) -> None:
    found, found_packing = format_of(Path("folder.d") / name)
    assert (found.ending, found_packing) == (ending, packing)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.parquet", "pyarrow", "parquet"), ("a.parquet.gz", "pyarrow", "parquet"), ("a.bin.zst", "zstandard", "zstd")],
)
def test_a_missing_library_is_reported_with_what_to_install(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(OutputError) as caught:
        format_of(Path(name))
    assert str(caught.value).endswith(f" needs {module}: `pip install 'evse-sniff[{extra}]'`")


@pytest.mark.parametrize("name", ["a", "a.json", "a.gz", ".jsonl", "a.jsonl.zip", "", "a.jsonl.gz.gz"])
def test_an_unknown_ending_is_reported_with_the_known_ones(name: str) -> None:
    with pytest.raises(OutputError, match=r"\.pcapng, \.jsonl, .* or \.bin.*\.gz or \.zst or \.xz or \.bz2"):
        format_of(Path(name))


def test_an_empty_store_has_no_entries() -> None:
    assert list(entries_of(RecordStore(DEFINITION), (), {})) == []
