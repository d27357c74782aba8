"""Records written as lines of the charger's text log: as it prints them, and so that they read back."""

from datetime import UTC, timedelta, timezone

import pytest

from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.core.wire.links import COM_TO_OCPP, DBUS, DBUS_EITHER_WAY
from sniffer.formats.charger_log import parse_line
from sniffer.formats.charger_log_writer import encode_record, format_line, reads_back
from sniffer.formats.text_files.line_decoder import MAX_LINE
from tests.formats.helpers import lines_of
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of

AT = 1_701_302_449_000_000_000


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_known_frame_is_printed_as_the_charger_prints_it(known) -> None:
    line = f"717 2023-11-30T00:00:49+0000 [comproc] {known.arrow}:{known.text}"
    assert lines_of(parse_line(line)) == f"{line}\n"


def test_frame_of_a_tap_is_printed_by_the_tap_with_its_fraction_of_a_second() -> None:
    raw = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
    assert lines_of(Chunk(raw, AT + 1_500)) == (
        "2023-11-30T00:00:49.000001+0000 [tap] <=pwrboard:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC\n"
    )


def test_without_a_time_there_is_only_the_arrow() -> None:
    assert lines_of(Chunk(b"\xaa\x01")) == "=>pwrboard:AA 01\n"


@pytest.mark.parametrize(
    ("raw", "arrow"),
    [(b"\xaa", "=>pwrboard"), (b"\xbb", "<=pwrboard"), (b"\xff\x6a\xa6", "=>Dbus"), (b"\0", "<=pwrboard")],
)
def test_the_arrow_of_noise_follows_its_head(raw: bytes, arrow: str) -> None:
    assert lines_of(Chunk(raw)) == f"{arrow}:{raw.hex(' ').upper()}\n"


def test_the_arrow_has_the_direction_of_the_command() -> None:
    notification = next(known.raw for known in KNOWN_FRAMES if known.raw[5:9] == b"\0\x0f\0\1")
    assert lines_of(Chunk(notification)).startswith("<=Dbus:")
    assert lines_of(Chunk(DBUS.build(DBUS_EITHER_WAY.head, 1, 0x7777, b""))).startswith("=>Dbus:")


def test_a_gap_has_no_line() -> None:
    assert lines_of(TapGap(AT, "unplugged")) == ""


def test_the_zone_of_the_log_is_kept() -> None:
    (record,) = records_of(LogLine(AT, "a", "b", 7))
    assert encode_record(record, timezone(timedelta(hours=5, minutes=30))) == b"7 2023-11-30T05:30:49+0530 [a] b\n"


def test_the_longest_frame_fits_a_line_that_can_be_read() -> None:
    raw = DBUS.build(DBUS_EITHER_WAY.head, 1, 0x7777, bytes(DBUS.longest - DBUS.overhead))
    (record,) = records_of(LogLine(AT, "comproc", "", 10**18 - 1, raw, COM_TO_OCPP))
    assert len(encode_record(record, UTC)) < MAX_LINE


@pytest.mark.parametrize(
    ("line", "fine"),
    [
        (LogLine(AT, "a", " b ", 1), True),
        (LogLine(AT + 1, "a", "b"), True),
        (LogLine(None, None, "b"), True),
        (LogLine(AT, None, "b"), True),
        (LogLine(None, "a", "b"), False),
        (LogLine(AT, "a]b", "c"), False),
        (LogLine(AT, "a", "b\nc"), False),
        (LogLine(AT, "a", "b\r"), False),
        (LogLine(None, None, "\ufeffb"), False),
        (LogLine(AT, "a", "half \udc9b"), False),
        (LogLine(AT, "a", "=>dbus:FF"), False),
    ],
)
def test_a_line_that_would_read_otherwise_is_recognized(line: LogLine, fine: bool) -> None:
    record = Record(1, TextMessage(line, None, ()))
    assert reads_back(record, None, UTC) is fine
    assert encode_record(record, UTC).count(b"\n") == 1


def test_bytes_of_a_tap_always_read_back() -> None:
    assert reads_back(Record(1, Noise(Reason.GARBAGE, AT, b"\0")), None, UTC)


def test_a_line_without_a_process_but_with_a_time_has_empty_brackets() -> None:
    assert format_line(None, UTC, 7, "a", "x") == "x"
    assert format_line(AT, UTC, 7, "a", "x") == "7 2023-11-30T00:00:49+0000 [a] x"
    record = Record(1, TextMessage(LogLine(AT, None, "x"), None, ()))
    assert encode_record(record, UTC) == b"2023-11-30T00:00:49+0000 [] x\n"
    assert reads_back(record, None, UTC)
