"""The charger's text log: what is a record, what prints a frame, and what stays text."""

import time
from datetime import timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP
from sniffer.formats.charger_log import (
    LogReader,
    decode_line,
    is_cut_off,
    parse_hex,
    parse_line,
    zone_of,
)
from tests.core.protocol.helpers import ROUTE_OF_ARROW
from tests.known_frames import KNOWN_FRAMES

AT = 1_701_302_449_000_000_000
TIME = "2023-11-30T00:00:49+0000"
HANDSHAKE = bytes.fromhex("FF6AA6993B00040000D6B9")


def frame_of(text: str) -> tuple[bytes | None, Route | None]:
    """Return the frame that the text of a record prints, and its route."""
    line = parse_line(f"{TIME} [ocpp] {text}")
    return line.frame, line.route


def test_a_record_has_number_time_process_and_text():
    assert parse_line(f"718 {TIME} [comproc] icomCode = 4,index=3") == LogLine(
        time=AT, process="comproc", text="icomCode = 4,index=3", number=718
    )


def test_the_number_may_be_missing():
    assert parse_line(f"{TIME} [comproc] Com boot!") == LogLine(AT, "comproc", "Com boot!")


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r", "\n\r\n"])
def test_the_line_end_is_no_text(end):
    assert parse_line(f"1 {TIME} [a] b" + end) == LogLine(AT, "a", "b", 1)


@pytest.mark.parametrize(
    ("moment", "nanoseconds"),
    [
        ("2023-11-30T00:00:49+0000", AT),
        ("2023-11-30T00:00:49+00:00", AT),
        ("2023-11-30T00:00:49Z", AT),
        ("2023-11-30T01:00:49+01:00", AT),
        ("2023-11-30T01:00:49+0100", AT),
        ("2023-11-29T18:30:49-0530", AT),
        ("2023-11-30T00:00:49.5+0000", AT + 500_000_000),
        ("2023-11-30T00:00:49.123Z", AT + 123_000_000),
        ("2023-11-30T00:00:49.000001Z", AT + 1_000),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1_000),
    ],
)
def test_times_are_in_nanoseconds_whatever_their_zone(moment, nanoseconds):
    assert parse_line(f"{moment} [a] b").time == nanoseconds


@pytest.mark.parametrize(
    ("moment", "offset"),
    [("2023-11-30T00:00:49Z", 0), ("2023-11-30T01:00:49+0100", 60), ("2023-11-30T00:00:49-05:30", -330)],
)
def test_the_zone_is_that_of_the_record(moment, offset):
    assert zone_of(f"7 {moment} [a] b\n") == timezone(timedelta(minutes=offset))


@pytest.mark.parametrize(
    "line",
    [
        *["", " ", "hello", "718", TIME, f"{TIME} no process", f"{TIME} [open"],
        *["2023-13-45T00:00:49+0000 [a] b", "2023-02-29T00:00:00Z [a] b", "2023-11-30T24:00:01Z [a] b"],
        *["2023-11-30T00:00:60Z [a] b", "0000-01-01T00:00:00Z [a] b", "2023-11-30T00:00:49+9900 [a] b"],
        *["2023-11-30T00:00:49 [a] b", "2023-11-30 00:00:49Z [a] b", "2023-11-30T00:00:49.1234567Z [a] b"],
    ],
)
def test_a_line_of_another_form_is_kept_as_text(line: str) -> None:
    assert parse_line(line) == LogLine(None, None, line)
    assert zone_of(line) is None


def test_a_record_may_have_an_empty_text():
    assert parse_line(f"{TIME} [a]") == LogLine(AT, "a", "")


def test_the_spaces_around_the_process_may_be_missing():
    assert parse_line(f"{TIME}[a]b") == LogLine(AT, "a", "b")
    assert parse_line(f"[10:00:01.123] {TIME}[a]b") == LogLine(AT, "a", "b")


def test_a_fraction_after_a_comma_is_no_line_number():
    assert parse_line(f"30.11.2026 10:00:00,740 {TIME} [a] b") == LogLine(AT, "a", "b")
    assert parse_line(f"30.11.2026 10:00:00,740 718 {TIME} [a] b") == LogLine(AT, "a", "b", 718)


def test_empty_brackets_name_no_process():
    assert parse_line(f"{TIME} [] b") == LogLine(AT, None, "b")
    first, more = LogReader().read_lines([f"{TIME} [] b", "c"])
    assert (first, more) == (LogLine(AT, None, "b"), LogLine(AT, None, "c", continues=True))


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_known_frame_is_found_after_its_arrow(known):
    assert frame_of(f"{known.arrow}:{known.text}") == (known.raw, ROUTE_OF_ARROW[known.arrow])


@pytest.mark.parametrize(
    "text",
    [
        "<=Dbus:FF 6A A6 99 3B 00 04 [00 00] D6 B9",
        "<=Dbus: FF 6A A6 99 3B 00 04 00 00 D6 B9 ",
        "<=Dbus FF6AA6993B00040000D6B9",
        "<=dbus:ff 6a a6 99 3b 00 04 [00 00] d6 b9",
        "<=DBUS :FF 6A A6 99 3B 0004[0000]D6B9",
        "  <=Dbus\t:\tFF 6A A6 99 3B 00 04 [00 00] D6 B9",
    ],
)
def test_a_frame_may_be_printed_in_these_ways(text):
    assert frame_of(text) == (HANDSHAKE, COM_TO_OCPP)


def test_a_frame_needs_no_record_around_it():
    line = parse_line("<=Dbus:FF 6A")
    assert (line.time, line.process, line.frame, line.route) == (None, None, b"\xff\x6a", COM_TO_OCPP)


def test_the_text_is_kept_beside_the_frame():
    assert parse_line(f"708 {TIME} [ocpp] <=Dbus:FF 6A\n").text == "<=Dbus:FF 6A"


@pytest.mark.parametrize(
    "text",
    [
        *[
            "=>canbus:FF 6A",
            "==Dbus:FF 6A",
            "<>pwrboard:AA 00",
            "pwrboard:AA 00",
            "=> pwrboard:AA 00",
            "=>pwrboards:AA",
        ],
        *[
            "<=Dbus:",
            "<=Dbus: ",
            "<=Dbus:[]",
            "<=Dbus:FF 6",
            "<=Dbus:F F",
            "<=Dbus:FF 6A GG",
            "<=Dbus:FF 6A ...",
            "<=Dbus",
        ],
        *[
            "<=Dbus:0xFF 0x6A",
            "<=Dbus:FF-6A",
            "<=Dbus::FF",
            "<=Dbus:FF <=Dbus:6A",
            "<=Dbus:\u0660\u0660",
            "see <=Dbus:FF 6A",
        ],
    ],
)
def test_what_is_not_a_whole_frame_in_hex_is_text(text: str) -> None:
    assert frame_of(text) == (None, None)
    assert parse_line(f"{TIME} [a] {text}").text == text


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("AA 00", b"\xaa\x00"),
        ("aa00 [01]", b"\xaa\x00\x01"),
        ("[", None),
        ("", None),
        ("A", None),
        ("AA 0", None),
        ("zz", None),
        ("é0", None),
    ],
)
def test_bytes_in_hex_are_two_digits_each(text, data):
    assert parse_hex(text) == data


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("<=Dbus:FF 6A A6 99 3B 00 04 [00 00] D6 B9", False),
        ("<=Dbus:FF 6A A6 99 3B 00 04 [00 00] D6", True),
        ("<=Dbus:FF 6A A6 99 3B 00 04 [00 00] D", True),
        ("<=Dbus:FF 6A A6 99", True),
        ("<=Db", True),
        ("<=pwrboard:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC", False),
        ("<=pwrboard:BB DD DD", True),
        ("Com boot!", False),
    ],
)
def test_a_frame_that_was_cut_off_is_recognized(text: str, cut: bool) -> None:
    assert is_cut_off(f"{TIME} [a] {text}") is cut


def test_a_last_line_without_a_time_was_cut_off() -> None:
    assert is_cut_off("731 2023-11-30T00:0")


@pytest.mark.parametrize(
    "line",
    [
        *[" {}", "1 {}x", TIME + "{}x", f"{TIME} [{{}}", f"{TIME} [a]{{}}=>dbus:{{}}x", f"{TIME} [a] =>dbus:FF{{}}x"],
        *["=>dbus{}x", "<=pwrboard{}:{}x", "=>dbus{}FF{}x"],
    ],
)
def test_no_line_takes_long(line: str) -> None:
    """A line can have 65,536 characters: if 700 blanks took a second, such a line would take days."""
    for size in (700, 20_000):
        started = time.process_time()
        parse_line(line.replace("{}", " " * size))
        assert time.process_time() - started < 0.5


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
PIECES = [
    *[TIME, "2023-13-45T99:99:99Z", "[a]", "[", "]", "=>pwrboard", "<=Dbus:", "FF 6A"],
    *["A", "7 ", " ", "\r", "\0", "\u0663"],
]
LINES = st.lists(st.sampled_from(PIECES) | ANYTHING, max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(LINES)
@example(f"{TIME} [a] \udcff")
@example("\u0662\u0660\u0662\u0663-11-30T00:00:49Z [a] b")
@example("\u0667 " + TIME + " [a] b")
def test_any_line_is_parsed_and_keeps_its_text(line: str) -> None:
    parsed = parse_line(line)
    assert line.rstrip("\r\n").endswith(parsed.text)
    assert (parsed.frame is None) == (parsed.route is None)
    assert parsed.time is not None or parsed.process is None
    assert not is_cut_off(line) or parsed.time is None or ">" in line
    assert (zone_of(line) is None) == (parsed.time is None)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(ROUTE_OF_ARROW)), st.binary(min_size=1, max_size=60), st.data())
def test_any_bytes_printed_after_an_arrow_are_read(arrow: str, data: bytes, draw: st.DataObject) -> None:
    text = data.hex(" ").upper() if draw.draw(st.booleans()) else data.hex()
    assert frame_of(f"{arrow}:{text}") == (data, ROUTE_OF_ARROW[arrow])


def test_a_byte_order_mark_and_bytes_that_are_no_text_are_decoded() -> None:
    assert decode_line(b"\xef\xbb\xbfa\xff") == "a\\xff"


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        (f'{TIME} [a] =>CSMS:[3,"a",{{}}]', False),
        (f'{TIME} [a] =>CSMS:[3,"a",{{', True),
        ("Online=FALSE", False),
        (f"{TIME} [a", True),
        (TIME, True),
    ],
)
def test_a_last_line_that_may_have_been_longer_was_cut_off(line: str, cut: bool) -> None:
    assert is_cut_off(line) is cut


@pytest.mark.parametrize(("zone", "seconds"), [("+0900", 32400), ("Z", 0), ("-03:30", -12600)])
def test_a_line_knows_its_zone_which_makes_it_no_other_line(zone: str, seconds: int) -> None:
    line = parse_line(f"2023-11-30T00:00:49{zone} [a] b")
    assert line.zone == seconds
    assert line == LogLine(line.time, "a", "b")
