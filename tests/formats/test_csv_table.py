"""CSV tables: the golden table, one harmless line for each record, and texts that are not formulas."""

import csv
from datetime import UTC
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.formats.charger_log import parse_line
from sniffer.formats.csv_table import HEADER_START, encode_table
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.record_table import RecordTable
from tests.commands.convert.helpers import DEFINITION, HOSTILE, ITEMS
from tests.records import records_of
from tests.tui.helpers import captured

GOLDEN = Path(__file__).parent / "golden" / "undervoltage.csv"
ORIGIN = Origin(DEFINITION, UTC)
AT = 1_701_302_449_123_456_789


def as_csv(*items: Chunk | LogLine | TapGap, note: str = "", origin: Origin = ORIGIN) -> str:
    """Return the file of a session of these items."""
    return b"".join(encode_table((RecordEntry(record, None, note) for record in records_of(*items)), origin)).decode()


def rows(*items: Chunk | LogLine | TapGap, note: str = "") -> list[dict[str, str]]:
    """Return the cells of each record by the name of their column."""
    return [*csv.DictReader(StringIO(as_csv(*items, note=note)))]


def test_csv_of_the_capture_is_the_golden_one() -> None:
    assert as_csv(*captured()) == GOLDEN.read_text("utf-8")


def test_gap_is_a_row_with_its_reason_and_noise_one_with_its_bytes() -> None:
    noise, gap = rows(Chunk(b"\1\2", AT), TapGap(AT, "unplugged"), note="n")
    assert (noise["type"], noise["raw"], noise["reason"], noise["note"]) == ("noise", "0102", "garbage", "n")
    assert (gap["type"], gap["time"], gap["reason"]) == ("gap", "2023-11-30T00:00:49.123456+00:00", "unplugged")


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0"])
def test_text_is_no_formula_and_can_be_restored(first: str) -> None:
    (row,) = rows(LogLine(AT, first, first), note=first)
    for cell in (row["process"], row["text"], row["note"]):
        assert cell == f"'{first}"


def test_negative_number_stays_a_number() -> None:
    (row,) = rows(parse_line("2023-11-30T00:00:49+0000 [comproc] pwrCom error Code vol:4,8,-12"))
    assert row["cp_voltage"] == "-12"


@settings(deadline=None)
@given(ITEMS, st.text(max_size=9) | st.just(HOSTILE))
def test_there_is_one_harmless_line_for_each_record(items: list, note: str) -> None:
    lines = as_csv(*items, note=note).split("\n")
    assert lines.pop() == ""
    assert len(lines) == 1 + len(records_of(*items))
    assert all(line.isprintable() for line in lines)
    widths = {len(row) for row in csv.reader(lines)}
    assert widths == {len(RecordTable(DEFINITION).columns)}


def test_a_file_begins_with_the_names_of_the_columns() -> None:
    assert as_csv().startswith(f"{HEADER_START},")
    assert as_csv().count("\n") == 1


def test_there_is_a_piece_for_each_record_and_no_byte_twice() -> None:
    entries = [RecordEntry(record) for record in records_of(*captured())]
    pieces = list(encode_table(entries, ORIGIN))
    assert len(pieces) == len(entries) + 1
    assert b"".join(pieces).decode() == GOLDEN.read_text("utf-8")
