"""The schema: columns are only ever added, and the documentation has them all."""

import json
from pathlib import Path

from sniffer.fleet.lake.schema import SCHEMA_VERSION, TABLES, TABLES_BY_NAME
from tests.paths import ROOT

STORED = Path(__file__).with_name("stored_columns.json")
"""The columns that lakes out there have. A new column is added to the end of its table here, with a new version."""


def test_columns_are_only_added_at_the_end_of_their_table() -> None:
    stored: dict[str, list[list[object]]] = json.loads(STORED.read_text("utf-8"))
    now = {table.name: [[one.name, one.kind, one.since] for one in table.columns] for table in TABLES}
    assert {name: columns[: len(stored.get(name, []))] for name, columns in now.items()} == stored
    assert now == stored, "add the new columns to stored_columns.json, with a new version"


def test_versions_rise_within_a_table_up_to_that_of_the_schema() -> None:
    versions = [[column.since for column in table.columns] for table in TABLES]
    assert all(found == sorted(found) for found in versions)
    assert max(map(max, versions)) == SCHEMA_VERSION


def test_each_table_begins_with_its_session_and_names_each_column_once() -> None:
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert names[0] == "session"
        assert len(set(names)) == len(names)
    assert [*TABLES_BY_NAME] == ["sessions", "frames", "measures", "events", "faults", "transitions", "exchanges"]


def format_tables() -> str:
    """Return the tables in Markdown, as the documentation has them."""
    lines = []
    for table in TABLES:
        lines += [f"**{table.name}**: {table.about}.", "", "| column | type | since | what |", "|---|---|---|---|"]
        lines += [f"| {one.name} | {one.kind} | {one.since} | {one.about} |" for one in table.columns]
        lines.append("")
    return "\n".join(lines)


def test_the_documentation_has_the_tables_as_they_are() -> None:
    assert format_tables() in (ROOT / "sniffer" / "docs" / "fleet.md").read_text("utf-8")
