"""A user's definition with every type of field: tables, `explain` and `report` show what `dump` prints."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from sniffer.cli import main
from sniffer.core.protocol.message import Message
from sniffer.formats.record_table import ColumnType, RecordTable
from tests.commands.explain.helpers import squeezed
from tests.commands.wireshark.dump_comparison import read
from tests.core.protocol.every_type import EVERY_TYPE, list_frames, load_every_type

DEFINITION = load_every_type()
FRAMES = [*list_frames(DEFINITION)]
MESSAGES = [record.item for record in read(DEFINITION, FRAMES) if isinstance(record.item, Message)]
FLOATS = {"f4", "f4_little", "power", "part", "f8", "f8_swapped", "floats.1", "floats.2", "floats.3"}
DECIMALS = {
    "volts",
    "share",
    "spaced",
    "work",
    "third",
    "alarm",
    "rows.1.level",
    "rows.2.level",
    "end",
    *(f"values.{number}" for number in range(1, 5)),
}
NO_NUMBERS = {"wide_hex", "bcd", "bcd8", "coded", "code", *FLOATS, *DECIMALS}
"""The fields whose bytes may be no number: other digits than decimal ones, and NaN, have no place in its column."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a session and its definition."""
    folder = tmp_path_factory.mktemp("session")
    (folder / "tap.bin").write_bytes(b"".join(FRAMES))
    (folder / "every.toml").write_text(EVERY_TYPE)
    return folder


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    """Run a command with the definition, and return what it printed, its notices included."""
    assert main([*words, "--definition", str(folder / "every.toml")]) == 0
    printed = capsys.readouterr()
    return printed.out + printed.err


def printed_fields(capsys: pytest.CaptureFixture[str], folder: Path) -> list[dict[str, Any]]:
    """Return the fields of each frame as `convert` writes them in JSON."""
    run(capsys, folder, "convert", "--force", str(folder / "tap.bin"), str(folder / "a.jsonl"))
    objects = map(json.loads, (folder / "a.jsonl").read_text().splitlines())
    return [one["fields"] for one in objects if one["type"] == "frame"]


def in_column(name: str, value: Any) -> Any:
    """Return what a table holds of a value."""
    return None if name in NO_NUMBERS and isinstance(value, str) else value


def test_each_column_has_the_type_of_its_field() -> None:
    kinds = {column.name: column.kind for column in RecordTable(DEFINITION).columns}
    wanted = {
        ColumnType.INTEGER: {"u1", "u8", "s8", "down_whole", "bcd", "fault", "wide", "flags.on", "pairs.1.id", "code"},
        ColumnType.REAL: {
            "scaled",
            "zero",
            "down",
            "magnitude",
            "coded",
            "cells.4",
            "f4",
            "floats.1",
            "flags.level",
            "voltage",
        },
        ColumnType.TEXT: {
            "serial",
            "hex",
            "mood",
            "bcd_mood",
            "ascii",
            "gbk",
            "card",
            "long",
            "clock",
            "points.1.value",
        },
    }
    assert {name: kinds[name] for names in wanted.values() for name in names} == {
        name: kind for kind, names in wanted.items() for name in names
    }


def test_a_table_in_csv_has_the_values_of_json(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    objects = printed_fields(capsys, session)
    said = run(capsys, session, "convert", "--force", str(session / "tap.bin"), str(session / "a.csv"))
    with (session / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["type"] == "frame"]
    assert len(rows) == len(objects) == len(FRAMES)
    for row, fields in zip(rows, objects, strict=True):
        for name, value in fields.items():
            cell = row["text_" if name == "text" else name]
            held = in_column(name, value)
            assert cell.removeprefix("'") == ("" if held is None else str(held)), name
    odd = sum(in_column(name, value) is None for fields in objects for name, value in fields.items())
    assert odd
    assert f"{odd} numbers that are none: NaN, infinity, other digits in BCD or a text (their bytes are in raw)" in said


def test_a_table_in_parquet_has_the_values_of_json(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    objects = printed_fields(capsys, session)
    said = run(capsys, session, "convert", "--force", str(session / "tap.bin"), str(session / "a.parquet"))
    rows = [row for row in parquet.read_table(session / "a.parquet").to_pylist() if row["type"] == "frame"]
    large = 0
    for row, fields in zip(rows, objects, strict=True):
        is_large = [isinstance(value, int) and value >= 1 << 63 for value in fields.values()]
        large += any(is_large)
        for (name, value), is_lost in zip(fields.items(), is_large, strict=True):
            cell = row["text_" if name == "text" else name]
            held = None if is_lost else in_column(name, value)
            if isinstance(cell, str):
                assert cell == str(held), name
            else:
                assert cell == (pytest.approx(held) if isinstance(cell, float) else held), name
    assert f", {large} record" in said


@pytest.mark.parametrize("number", range(0, len(FRAMES), 3))
def test_a_frame_is_explained_field_by_field(number: int) -> None:
    message = MESSAGES[number]
    # Long bytes and texts stand on lines of their own.
    shown = " ".join(squeezed(FRAMES[number].hex(" "), definition=DEFINITION))
    for field in message.fields:
        raw = message.frame.raw[field.start : field.end][:3].hex(" ").upper()
        assert f" {field.name} {raw}".rstrip() in shown
        assert f" {' '.join(field.text.split())}".rstrip() in shown


def test_a_report_has_the_states_faults_and_answers_of_the_definition(
    session: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = run(capsys, session, "report", str(session / "tap.bin"))
    assert f"{len(FRAMES)} frames, 0 pieces of noise" in text
    assert "Lid open on connector 1" in text
    assert "busy → end  (not a move that the definition allows)" in text
    assert "rig>tool   numbers" in text
    report = json.loads(run(capsys, session, "report", "--json", str(session / "tap.bin")))
    answered = {one["name"]: one["answered"] for one in report["exchanges"] if one.get("answered")}
    assert answered.keys() == {"bits"}
