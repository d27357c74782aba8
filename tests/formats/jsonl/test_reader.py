"""The reader of JSON lines: the item of each object, and what is wrong with others."""

from datetime import timedelta, timezone
from typing import Any

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import (
    MOST_TAPS,
    BaudChange,
    LatencyBound,
    LineError,
    LineErrorMark,
    Note,
    Segments,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, PWR_TO_COM
from sniffer.formats.jsonl.reader import JsonItem, is_json_lines, items_of, parse_object, zone_of

TIME, AT = "1970-01-01T05:30:01.000001+05:30", 1_000_001_000
FRAME = {"type": "frame", "time": TIME, "raw": "aa01"}


def read(entry: dict[str, Any], **more: Any) -> list[JsonItem]:
    return list(items_of(entry | more))


@pytest.mark.parametrize(
    ("head", "is_ours"),
    [
        (b'{"type": "frame"', True),
        (b' \n{"type"', True),
        (b'{ "type"', True),
        (b'{"time"', False),
        (b"", False),
        (b'[{"type"', True),
        (b'[\n  {\n    "type"', True),
        (b'\xef\xbb\xbf{"type"', True),
        (b'{"time": null, "fields": {}, "type": "frame"}', True),
        (b'{"fields": {"type": "frame"}, "a": 1}', False),
        (b'{"time": null, "type": "FeatureCollection"}', False),
        (b'["type"', False),
    ],
)
def test_a_file_is_known_by_its_beginning(head: bytes, is_ours: bool) -> None:
    assert is_json_lines(head) is is_ours


def test_bytes_of_a_tap_are_segments() -> None:
    assert read(FRAME) == [Segments(((b"\xaa\1", AT),))]
    assert read(FRAME, type="noise", time=None, tap=2) == [Segments(((b"\xaa\1", None),), (), 2)]


def test_line_errors_are_in_the_order_of_their_positions() -> None:
    errors = [{"at": 1, "error": "break"}, {"at": 0, "error": "framing"}]
    marks = (LineErrorMark(0, LineError.FRAMING), LineErrorMark(1, LineError.BREAK))
    assert read(FRAME, line_errors=errors) == [Segments(((b"\xaa\1", AT),), marks)]


@pytest.mark.parametrize(
    ("keys", "route"),
    [
        ({"link": "dbus", "direction": "com>ocpp"}, COM_TO_OCPP),
        ({"link": "pwrboard", "direction": "pwr>com"}, PWR_TO_COM),
        ({}, COM_TO_PWR),
        ({"link": "dbus", "direction": None}, COM_TO_PWR),
    ],
)
def test_bytes_of_a_log_have_a_process_and_a_route(keys: dict[str, Any], route: Route) -> None:
    (line,) = read(FRAME, process="comproc", line=717, **keys)
    assert line == LogLine(AT, "comproc", "", 717, b"\xaa\1", route)


def test_a_log_line_has_its_text() -> None:
    assert read({"type": "text", "time": None, "process": None, "text": "hello"}) == [LogLine(None, None, "hello")]


@pytest.mark.parametrize(
    ("keys", "item"),
    [
        ({"event": "source_lost", "reason": "gone", "tap": 1}, TapGap(AT, "gone", 1)),
        ({"event": "source_back", "how": "again"}, TapRestored(AT, "again")),
        ({"event": "rate", "baud": 9600, "evidence": "why"}, BaudChange(AT, 9600, "why")),
        ({"event": "rate", "baud": None, "evidence": "why"}, BaudChange(AT, None, "why")),
        ({"event": "rate", "baud": 0, "evidence": "why"}, BaudChange(AT, None, "why")),
        ({"event": "shared", "holder": "cat (7)"}, TapShared(AT, "cat (7)")),
        ({"event": "line_error", "error": "break"}, TapLineError(AT, LineError.BREAK)),
        ({"event": "lateness", "late_ms": 1.5}, LatencyBound(AT, 1_500_000)),
    ],
)
def test_an_event_of_a_tap_is_an_item(keys: dict[str, Any], item: object) -> None:
    assert read({"type": "event", "time": TIME} | keys) == [item]


@pytest.mark.parametrize("entry", [{"type": "event", "event": "boot"}, {"type": "event"}])
def test_what_the_session_concluded_is_ignored(entry: dict[str, Any]) -> None:
    assert read(entry, time=None) == []


def test_a_note_comes_before_its_item() -> None:
    assert read(FRAME, note="seen") == [Note("seen"), *read(FRAME)]
    assert read(FRAME, note="") == read(FRAME, note=None) == read(FRAME)


def test_the_zone_is_that_of_the_time() -> None:
    assert zone_of({"time": TIME}) == timezone(timedelta(hours=5, minutes=30))
    assert zone_of({"time": None}) is None


def test_a_line_is_an_object_or_blank() -> None:
    assert parse_object(b'{"type": "x"}\n') == {"type": "x"}
    assert parse_object(b" \r\n") is None
    with pytest.raises(ValueError, match="only zero bytes"):
        parse_object(bytes(500) + b"\n")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"type": None}, "it has no type"),
        ({"raw": "0"}, "its raw is no row of bytes in hexadecimal"),
        ({"raw": ""}, "its raw is empty"),
        ({"raw": 1}, "its raw is no text"),
        ({"time": "noon"}, "its time is not in ISO 8601"),
        ({"time": "1970-01-01T00:00:00"}, "its time has no zone"),
        ({"tap": MOST_TAPS + 1}, "its tap is no number"),
        ({"tap": True}, "its tap is no number"),
        ({"process": "a", "line": 10**18 + 1}, "its line is no number"),
        ({"process": "a", "line": -1}, "its line is no number"),
        ({"line_errors": [{"at": 2, "error": "break"}]}, "its line_errors are none"),
        ({"line_errors": [{"at": 0, "error": "fire"}]}, "its line_errors are none"),
        ({"line_errors": [{"at": 0}]}, "its line_errors are none"),
        ({"line_errors": 1}, "its line_errors are none"),
        ({"type": "event", "event": "lateness", "late_ms": -1}, "its late_ms is no number of milliseconds"),
        ({"type": "event", "event": "lateness", "late_ms": 10**9 + 1}, "its late_ms is no number of milliseconds"),
        ({"type": "event", "event": "lateness"}, "its late_ms is no number of milliseconds"),
        ({"type": "event", "event": "rate", "baud": 10**9 + 1, "evidence": ""}, "its baud is no number"),
        ({"type": "event", "event": "source_lost"}, "it has no reason"),
    ],
)
def test_an_error_names_what_is_wrong(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(FRAME | keys)


def test_the_largest_numbers_are_accepted() -> None:
    assert read(FRAME, tap=MOST_TAPS, line_errors=[{"at": 1, "error": "parity"}])
    assert read(FRAME, process="a", line=10**18)
    assert read({"type": "event", "time": None, "event": "lateness", "late_ms": 10**9})
    assert read({"type": "event", "time": None, "event": "rate", "baud": 10**9, "evidence": ""})
