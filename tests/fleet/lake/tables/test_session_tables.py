"""The rows of a whole session, compared with what its report says."""

import pytest
from msgspec.structs import replace

from sniffer.config.definition_files import load_definition
from sniffer.core.charger.events import FaultRaised
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.fleet.lake.schema import SCHEMA_VERSION, TABLES_BY_NAME
from sniffer.fleet.lake.tables.session_tables import SessionTables
from sniffer.formats.charger_log import LogReader
from tests.paths import CAPTURES
from tests.sample_sessions import played

IDLE = CAPTURES / "starcharge-idle.log"
DEFINITION = packaged_definition()


class Rows:
    """Keeps rows as objects, by table."""

    def __init__(self):
        self.tables: dict = {name: [] for name in TABLES_BY_NAME}

    def extend(self, table, rows):
        names = [column.name for column in TABLES_BY_NAME[table].columns][1:]
        self.tables[table] += [dict(zip(names, row, strict=True)) for row in rows]


def read(items, size=5, definition=DEFINITION):
    pipeline, taker = Pipeline(definition), Rows()
    tables = SessionTables(definition, taker)
    records = [record for item in items for record in pipeline.feed(item)] + pipeline.flush()
    for at in range(0, len(records), 7):
        tables.receive(records[at : at + 7])
    tables.finish(pipeline.snapshot(), "a.pcapng", size, None)
    return taker.tables, records, pipeline.snapshot()


def test_a_session_counts_what_it_has() -> None:
    tables, records, snapshot = read(played("undervoltage", 120))
    (session,) = tables["sessions"]
    ledger = snapshot.ledger
    assert (session["frames"], session["bytes"], session["records"]) == (ledger.frames, ledger.read, len(records))
    assert len(tables["frames"]) == ledger.frames
    assert len(tables["events"]) == sum(len(record.events) for record in records)
    times = [record.time for record in records if record.time is not None]
    assert (session["began"], session["ended"]) == (times[0], times[-1])
    assert (session["source"], session["content_bytes"], session["schema"]) == ("a.pcapng", 5, SCHEMA_VERSION)
    assert session["coarse"] is False
    assert session["firmware"] == snapshot.registration.announcement.firmware


def test_a_session_names_the_definition_that_it_was_decoded_with(tmp_path) -> None:
    (tmp_path / "mine.toml").write_text("")
    definition = load_definition(["jbd", str(tmp_path / "mine.toml")])
    board, own = definition.origins
    (session,) = read([], definition=definition)[0]["sessions"]
    assert session["definition"] == f"jbd {board.digest}, mine.toml {own.digest}"
    named = replace(definition, unused_origins=(own,))
    assert read([], definition=named)[0]["sessions"][0]["definition"] == f"jbd {board.digest}"
    assert read([])[0]["sessions"][0]["definition"] is None


def test_a_fault_that_is_active_at_the_end_has_a_row() -> None:
    _, records, _ = read(played("undervoltage", 120))
    raised = next(one.time for one in records for event in one.events if isinstance(event, FaultRaised))
    tables, _, snapshot = read(chunk for chunk in played("undervoltage", 120) if chunk.time <= raised)
    (fault,) = tables["faults"]
    assert [fault["kind"], fault["active"], fault["cleared"], fault["recovery"]] == ["Under voltage", True, None, None]
    assert fault["time"] == snapshot.faults[0].since


def test_a_text_log_gives_its_lines_and_its_measured_values() -> None:
    tables, _, snapshot = read(LogReader().read_lines(IDLE.read_text("utf-8").splitlines()))
    (session,) = tables["sessions"]
    assert session["text_lines"] == snapshot.ledger.lines > 0
    assert session["coarse"] is True
    assert tables["frames"]
    assert {row["source"] for row in tables["measures"]} >= {
        "line temperatures",
        "line meter values",
        "dbus meter values",
    }


@pytest.mark.parametrize("items", [[], ()])
def test_an_empty_session_has_a_row_without_times(items) -> None:
    tables, _, _ = read(items)
    (session,) = tables["sessions"]
    assert (session["began"], session["ended"], session["frames"]) == (None, None, 0)
    assert [name for name, rows in tables.items() if rows] == ["sessions"]
