"""The columns of a table, which follow from the definition, and the cells of each type of record."""

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import BaudChange, Chunk, LatencyBound, TapGap, TapRestored
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from sniffer.formats.entry import RecordEntry
from sniffer.formats.record_table import AFTER_FIELDS, BEFORE_FIELDS, Cell, ColumnType, RecordTable, TableColumn
from tests.commands.convert.helpers import DEFINITION
from tests.core.protocol.helpers import UNDERSTOOD, frame
from tests.dialogue import CHANGED, dialogue_records
from tests.filter.helpers import records
from tests.known_frames import REAL_FRAMES, STATUS_REPORT

TABLE = RecordTable(DEFINITION)
MODBUS = bytes.fromhex("01 03 00 00 00 01 84 0A 01 03 02 00 05 78 47")
METER_LINE = next(text for text in UNDERSTOOD if text.startswith("connId"))


def cells(item: SourceItem, note: str = "") -> dict[str, Cell]:
    """Return the cells of the first record of an item that are not empty, by the name of their column."""
    row = TABLE.build_row(RecordEntry(records(item)[0], None, note))
    assert len(row) == len(TABLE.columns)
    return {column.name: cell for column, cell in zip(TABLE.columns, row, strict=True) if cell is not None}


def test_a_link_with_an_address_has_a_column_for_it() -> None:
    definition = load_definition(["modbus"])
    table = RecordTable(definition)
    place = [column.name for column in table.columns].index("address")
    rows = [table.build_row(RecordEntry(record, None, "")) for record in Pipeline(definition).feed(Chunk(MODBUS, 7))]
    assert [(row[place], len(row)) for row in rows] == [("01", len(table.columns))] * 2
    assert rows[0][place + 1 :][0] is not None
    assert "address" not in {column.name for column in TABLE.columns}


def test_a_frame_has_its_fields_and_its_summary() -> None:
    assert cells(Chunk(STATUS_REPORT.raw, 7), "seen") == {
        "number": 1,
        "time": 7,
        "type": "frame",
        "link": "pwrboard",
        "direction": "pwr>com",
        "seq": "61D9",
        "command": "01",
        "name": "status report",
        "connector": 1,
        "status": "Faulted",
        "ocpp_error": "UnderVoltage",
        "unknown_3": "000000",
        "m4_error": 4,
        "cp_voltage": 9,
        "board_temperature": 28,
        "connector_temperature": 21,
        "raw": STATUS_REPORT.raw,
        "summary": "status report: connector 1 Faulted, UnderVoltage, M4 4, CP 9 V, board 28 °C, connector 21 °C",
        "note": "seen",
    }


def test_meter_values_are_numbers_in_their_units() -> None:
    meter = next(known for known in REAL_FRAMES if known.name == "real meter values")
    found = cells(Chunk(meter.raw))
    assert (found["energy"], found["voltage"], found["current"], found["temperature"]) == (223710, 240.1, 0.01, 46)
    assert (found["l1_voltage"], found["l3_current"]) == (240.1, 0.0)
    line = cells(parse_line(METER_LINE))
    assert (line["energy"], line["l1_voltage"], line["l1_current"], line["power"]) == (223710, 240.1, 0.01, 2)


def test_a_voltage_below_zero_is_a_negative_number() -> None:
    assert cells(Chunk(bytes.fromhex("bb0001010b01020600000000fff400009894")))["cp_voltage"] == -12


def test_a_payload_of_another_size_has_a_problem_and_undefined_bytes() -> None:
    found = cells(Chunk(frame(PWR_TO_COM, 0x77, b"\1\2").raw))
    assert (found["name"], found["undefined"]) == ("command 77 (unknown)", "0102")
    short = cells(Chunk(frame(PWR_TO_COM, 0x01, b"\1").raw))
    assert short["connector"] == 1
    assert "payload has 1 byte" in str(short["problem"])


def test_noise_of_a_log_has_its_route_and_that_of_a_tap_has_none() -> None:
    printed = cells(parse_line("7 1970-01-01T00:00:01Z [comproc] <=pwrboard:BB 01"))
    assert printed == {
        "number": 1,
        "time": 10**9,
        "type": "noise",
        "link": "pwrboard",
        "direction": "pwr>com",
        "reason": "truncated",
        "raw": b"\xbb\1",
        "line": 7,
        "process": "comproc",
    }
    noise = cells(Chunk(b"\0"))
    assert noise == {"number": 1, "type": "noise", "reason": "garbage", "raw": b"\0"}


def test_a_log_line_has_its_process_and_the_fields_of_its_pattern() -> None:
    found = cells(parse_line("718 1970-01-01T00:00:01Z [comproc] icomCode = 4,index=3"))
    assert (found["type"], found["name"], found["m4_error"], found["index"]) == ("text", "M4 error code", 4, 3)
    assert (found["line"], found["process"], found["text"]) == (718, "comproc", "icomCode = 4,index=3")
    assert "name" not in cells(parse_line("hello"))


@pytest.mark.parametrize(
    ("item", "kind", "reason"),
    [
        (TapGap(1, "unplugged"), "gap", "unplugged"),
        (TapRestored(1, "again"), "back", "again"),
        (BaudChange(1, 9600, "why"), "rate", "9600: why"),
        (BaudChange(1, None, "why"), "rate", "undetermined: why"),
        (LatencyBound(1, 1_500_000), "lateness", "1.5 ms"),
    ],
)
def test_an_event_of_a_tap_is_a_row_with_its_reason(item: SourceItem, kind: str, reason: str) -> None:
    assert cells(item) == {"number": 1, "time": 1, "type": kind, "reason": reason}


def test_fields_of_commands_and_lines_are_columns_in_the_definition_s_order() -> None:
    names = [column.name for column in RecordTable(DEFINITION).columns]
    assert names[:8] == ["number", "time", "type", "link", "direction", "seq", "command", "name"]
    assert names[-8:] == ["problem", "reason", "raw", "line", "process", "text", "summary", "note"]
    fields = names[8:-8]
    assert len(set(names)) == len(names)
    expected = [*(field.name for command in DEFINITION.commands for field in command.fields)]
    expected += [field.name for line in DEFINITION.lines for field in line.fields]
    assert fields == [*dict.fromkeys(expected), "undefined"]


def test_own_definition_adds_its_fields_and_steps_aside_for_the_other_columns() -> None:
    mine = """
        [[command]]
        link = "pwrboard"
        direction = "com>pwr"
        code = 0x7E
        name = "mine"
        summary = "wind {wind}"
        fields = [
            { name = "text", size = 1 },
            { name = "text_", size = 1 },
            { name = "wind", size = 1, unit = "m/s", divisor = 10 },
        ]
    """
    definition = load(packaged_files(), [("mine.toml", mine)])
    columns = RecordTable(definition).columns
    assert TableColumn("wind", ColumnType.REAL) in columns
    assert TableColumn("text__", ColumnType.INTEGER) in columns
    assert len({column.name for column in columns}) == len(columns)


def test_fields_of_one_name_and_different_types_share_the_wider_type() -> None:
    mine = """
        [[command]]
        link = "pwrboard"
        direction = "com>pwr"
        code = 0x7E
        name = "mine"
        summary = ""
        fields = [
            { name = "connector", size = 1, divisor = 10 },
            { name = "cp_voltage", size = 2 },
        ]
    """
    types = {column.name: column.kind for column in RecordTable(load(packaged_files(), [("mine.toml", mine)])).columns}
    assert types["connector"] is ColumnType.REAL
    assert types["m4_error"] is ColumnType.INTEGER


def test_an_ocpp_message_has_its_action_and_its_parameters() -> None:
    record = dialogue_records()[CHANGED - 1]
    row = TABLE.build_row(RecordEntry(record, None, ""))
    found = {column.name: cell for column, cell in zip(TABLE.columns, row, strict=True) if cell is not None}
    assert (found["type"], found["direction"], found["name"]) == ("ocpp", "ocpp>csms", "ChangeAvailability")
    assert (found["process"], found["text"]) == ("ocpp", '=>CSMS:[3,"msg002",{"status":"Accepted"}]')
    assert found["summary"] == "ChangeAvailability result: Accepted"


def test_the_table_of_another_board_has_no_columns_of_the_charger() -> None:
    definition = load_definition(["tuya"])
    table = RecordTable(definition)
    names = [column.name for column in table.columns]
    assert "strength" in names
    assert not {"cp_voltage", "ocpp_error", "l1_voltage", "cpu_temperature"} & {*names}
    # A log of the charger can be read with it all the same: its frames and lines have their summaries.
    for text in (f"=>pwrboard:{STATUS_REPORT.raw.hex()}", METER_LINE):
        row = table.build_row(RecordEntry(records(parse_line(text), definition=definition)[0], None, ""))
        filled = {name for name, cell in zip(names, row, strict=True) if cell is not None}
        assert "summary" in filled
        assert filled <= {column.name for column in (*BEFORE_FIELDS, *AFTER_FIELDS)}
