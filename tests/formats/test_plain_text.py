"""Plain lines: the columns of a record, its events, and notes that are safe to show."""

from datetime import UTC

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk
from sniffer.formats.charger_log import parse_line
from sniffer.formats.plain_text import format_late_note, format_lines, format_record
from tests.core.protocol.helpers import DEFINITION
from tests.dialogue import BLANK, dialogue_records
from tests.filter.helpers import records
from tests.known_frames import STATUS_REPORT


def test_a_record_has_its_line_then_its_events_then_its_note() -> None:
    record = records(Chunk(STATUS_REPORT.raw, 61 * SECOND))[0]
    assert list(format_lines(record, 60 * SECOND, DEFINITION, UTC, "look\x1b")) == [
        "     1  00:01:01.000    1.000  pwr>com   61D9  status report: connector 1 Faulted, UnderVoltage, M4 4, "
        "CP 9 V, board 28 °C, connector 21 °C",
        *[line for line in format_lines(record, None, DEFINITION, UTC) if "***" in line],
        "    ✎ look\\x1b",
    ]
    assert sum("***" in line for line in format_lines(record, None, DEFINITION, UTC)) == 2


def test_a_record_without_bytes_has_lines_for_its_events_only() -> None:
    (lost,) = records()
    assert [line.partition("*** ")[0].strip() for line in format_lines(lost, None, DEFINITION, UTC)] == ["-"]


def test_time_and_delta_are_empty_where_they_are_unknown() -> None:
    record = records(Chunk(b"\1", 61 * SECOND))[0]
    assert format_record(record, None, UTC).startswith("     1  00:01:01.000           ")
    assert format_record(records(parse_line("hello"))[0], 5, UTC).split() == ["1", "-", "log", "hello"]


def test_a_late_note_names_its_record() -> None:
    assert format_late_note(7, "a\nb") == "    ✎ #7: a\\nb"
    assert format_late_note(7, "") == "    ✎ #7: note taken away"


def test_an_ocpp_message_has_its_direction_and_its_action() -> None:
    shown = [line for record in dialogue_records() for line in format_lines(record, None, DEFINITION, UTC)]
    assert "ocpp>csms        StatusNotification call: connector 1, Charging, NoError" in "\n".join(shown)
    assert "csms>ocpp        StatusNotification error: InternalError, no room  (answers #11)" in "\n".join(shown)


def test_a_blank_line_has_no_line() -> None:
    blank = dialogue_records()[BLANK - 1]
    assert list(format_lines(blank, None, DEFINITION, UTC)) == []
    assert list(format_lines(blank, None, DEFINITION, UTC, "note")) == ["    ✎ note"]
