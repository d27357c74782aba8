"""Each part that a format drops is counted in the records that have it, and in no others."""

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import SourceItem
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Idle,
    LateCommand,
    LineError,
    LineErrorMark,
    Reception,
    Segments,
    TapGap,
)
from sniffer.core.wire.links import COM_TO_PWR, DBUS, DBUS_EITHER_WAY
from sniffer.formats import losses
from sniffer.formats.charger_log import parse_line
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.losses import RecordPart
from sniffer.text.describe import SHOWN_NOISE
from tests.commands.convert.helpers import ORIGIN
from tests.core.protocol.every_type import EXACT, build_frame, load_every_type
from tests.core.protocol.helpers import frame
from tests.filter.helpers import records
from tests.known_frames import STATUS_REPORT

FRAME = Chunk(STATUS_REPORT.raw, 2_000)
NOISE = Chunk(b"\0", 2_001)
TEXT = parse_line("7 1970-01-01T00:00:01Z [ocpp] hello")
PLAIN_TEXT = parse_line("hello")
PRINTED = parse_line("7 1970-01-01T00:00:01Z [ocpp] =>Dbus:" + DBUS.build(DBUS_EITHER_WAY.head, 1, 0x7777, b"").hex())
GAP = TapGap(5_000, "unplugged")
RATE = BaudChange(5_000, 9600, "why")
SILENCE = Idle(5_000, 0, (LateCommand("pwr>com", 1, "status report", 29, 44),))
UNDIRECTED = Chunk(DBUS.build(DBUS_EITHER_WAY.head, 1, 0x7777, b""), 1_000)
LARGE = parse_line(f"icomCode = {2**63},index=3")
LARGEST = parse_line(f"icomCode = {2**63 - 1},index=3")
LATEST, TOO_LATE = Chunk(b"\0", 2**63 - 1), Chunk(b"\0", 2**63)
LOW = parse_line(f"boardtemp = {-(2**63) - 1}, conntemp = 3 ;")
LOWEST = parse_line(f"boardtemp = {-(2**63)}, conntemp = -3 ;")


def count(part: RecordPart, item: SourceItem, note: str = "") -> int:
    return part.count_in(RecordEntry(records(item)[0], None, note), ORIGIN)


def test_numbers_in_frames_are_counted_by_their_values() -> None:
    definition = load_every_type()
    command = definition.command("numbers")
    frames = [build_frame(command, bytes.fromhex(payload)) for payload in EXACT["numbers"]]
    found = [record for one in frames for record in records(Chunk(one), definition=definition)[:1]]
    entries = [RecordEntry(record, None, "") for record in found]
    # A number with a sign bit of its own may have a high bit, and is not large.
    assert [bool(losses.LARGE_NUMBERS.count_in(entry, ORIGIN)) for entry in entries] == [False, True, False]
    assert [losses.NO_NUMBERS.count_in(entry, ORIGIN) for entry in entries] == [0, 1, 3]


@pytest.mark.parametrize(
    ("part", "present", "absent"),
    [
        (losses.LOG_TEXTS, [TEXT, PLAIN_TEXT], [FRAME, NOISE, GAP, PRINTED]),
        (losses.LOG_LINES, [TEXT, PRINTED], [FRAME, NOISE, GAP, PLAIN_TEXT]),
        (losses.GAPS, [GAP], [FRAME, NOISE, RATE, SILENCE, TEXT]),
        (losses.TAP_EVENTS, [RATE], [FRAME, NOISE, GAP, SILENCE, TEXT]),
        (losses.EVENTS, [Chunk(STATUS_REPORT.raw), SILENCE], [NOISE, GAP, RATE, TEXT]),
        (losses.TIMES, [FRAME, NOISE, GAP, TEXT], [Chunk(b"\0"), PLAIN_TEXT]),
        (losses.DATES, [FRAME], [Chunk(b"\0")]),
        (losses.FINE_TIMES, [NOISE], [FRAME, Chunk(b"\0")]),
        (losses.FRAME_BYTES, [FRAME, PRINTED], [NOISE, TEXT, GAP]),
        (losses.LONG_NOISE, [Chunk(bytes(SHOWN_NOISE + 1))], [Chunk(bytes(SHOWN_NOISE)), FRAME]),
        (losses.LOG_DIRECTIONS, [PRINTED], [UNDIRECTED, FRAME, NOISE, TEXT]),
        (losses.NO_DIRECTION, [UNDIRECTED], [PRINTED, FRAME, NOISE]),
        (losses.ODD_LINES, [parse_line("\ufeffx")], [TEXT, FRAME]),
        (losses.CONTROLS, [parse_line("a\x1bb"), TapGap(1, "\x1b")], [TEXT, FRAME, GAP]),
        (losses.LARGE_NUMBERS, [LARGE, LOW, TOO_LATE], [LARGEST, LOWEST, LATEST, FRAME, NOISE]),
    ],
    ids=lambda part: part.plural if isinstance(part, RecordPart) else "",
)
def test_a_part_is_counted_where_it_is(part: RecordPart, present: list[SourceItem], absent: list[SourceItem]) -> None:
    assert all(count(part, item) for item in present)
    assert not any(count(part, item) for item in absent)


def test_line_errors_events_and_notes_are_counted_one_by_one() -> None:
    marks = (LineErrorMark(0, LineError.FRAMING), LineErrorMark(1, LineError.BREAK))
    assert count(losses.LINE_ERRORS, Segments(((b"\0\0", 1),), marks)) == 2
    assert count(losses.LINE_ERRORS, NOISE) == 0
    assert count(losses.EVENTS, FRAME) == 2
    assert (count(losses.NOTES, FRAME, "seen"), count(losses.NOTES, FRAME)) == (1, 0)
    assert count(losses.CONTROLS, FRAME, "\x1b") == 1


def test_only_one_tap_of_several_is_counted() -> None:
    taps = [Record(1, Noise(Reason.GARBAGE, 1, b"\0"), reception=Reception(tap)) for tap in (0, 2)]
    assert [losses.TAPS.count_in(RecordEntry(record), ORIGIN) for record in taps] == [0, 1]


def test_a_direction_of_the_power_board_s_link_is_never_lost() -> None:
    assert count(losses.NO_DIRECTION, Chunk(frame(COM_TO_PWR, 0x77).raw)) == 0


def test_numbers_of_parts_are_worded() -> None:
    assert losses.NOTES.format_count(1) == "1 note"
    assert losses.NOTES.format_count(12_000) == "12,000 notes"
    assert losses.TIMES.format_count(3) == "all times"


def test_fields_of_the_charger_have_no_columns_in_the_table_of_another_board() -> None:
    definition = load_definition(["tuya"])
    ours, theirs = Origin(packaged_definition()), Origin(definition)
    for item, count in ((TEXT, 0), (GAP, 0), (LARGE, 1), (parse_line(f"=>pwrboard:{STATUS_REPORT.raw.hex()}"), 1)):
        entry = RecordEntry(records(item, definition=definition)[0])
        assert losses.OTHER_FIELDS.count_in(entry, theirs) == count
        assert losses.OTHER_FIELDS.count_in(entry, ours) == 0
