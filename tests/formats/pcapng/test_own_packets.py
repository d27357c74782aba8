"""The packets of this program hold more than bytes: taps, line errors, lines and the zone of a log."""

from datetime import timedelta, timezone

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import MOST_TAPS, LineError, LineErrorMark, Segments, Tap
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.own_packets import is_record, tap_of, zone_of_log
from sniffer.formats.pcapng.packet import Interface
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import LOG, TAP
from tests.formats.pcapng.helpers import LOG_PACKETS, packet

LOG_LINE = "7 1970-01-01T02:00:01+0200 [ocpp] hello"


@pytest.mark.parametrize(
    ("event", "comment", "is_one"),
    [
        (RtacEvent.LOST, "", True),
        (RtacEvent.PARITY_ERROR, "", True),
        (RtacEvent.STATUS, "back: again", True),
        (RtacEvent.STATUS, "rate: 9600: why", True),
        (RtacEvent.STATUS, "times may be late by nanoseconds: 16", True),
        (RtacEvent.STATUS, "note #3: late", False),
    ],
)
def test_a_late_note_is_not_a_record(event: RtacEvent, comment: str, is_one: bool) -> None:
    assert is_record(packet(b"", comment, event=event)) is is_one


def test_line_errors_beyond_the_packet_are_ignored() -> None:
    marks = (LineErrorMark(0, LineError.BREAK), LineErrorMark(1, LineError.FRAMING))
    found = list(items_of([packet(b"ab", "line errors: framing 1 2; break 0")]))
    assert found == [Segments(((b"ab", 5),), marks)]


@pytest.mark.parametrize(
    ("comment", "tap"),
    [
        ("tap 1", Tap(1, "tap")),
        ("tap 2: times may be late by nanoseconds: 16", Tap(2, "tap", 16)),
        (f"tap {MOST_TAPS}", Tap(MOST_TAPS, "tap")),
        (f"tap {MOST_TAPS + 1}", None),
        ("tap 0", None),
        ("", None),
    ],
)
def test_an_interface_may_describe_a_tap(comment: str, tap: Tap | None) -> None:
    assert tap_of(Interface(250, "tap", TAP, comment=comment)) == tap
    assert tap_of(Interface(250, "tap", "another program", comment=comment)) is None


def test_a_packet_of_a_log_is_its_line() -> None:
    line = LogLine(10**9, "ocpp", "hello", 7)
    assert list(items_of([packet(b"", f"log: {LOG_LINE}", interface=LOG_PACKETS)])) == [line]
    assert list(items_of([packet(b"", f"log: {LOG_LINE[:9]}", f"log+ {LOG_LINE[9:]}", interface=LOG_PACKETS)])) == [
        line
    ]
    assert list(items_of([packet(b"", interface=LOG_PACKETS)])) == [LogLine(5, None, "")]


@pytest.mark.parametrize(
    ("name", "flags", "route"),
    [("pwrboard", 1, PWR_TO_COM), ("pwrboard", 2, COM_TO_PWR), ("dbus", 1, OCPP_TO_COM), ("dbus", 2, COM_TO_OCPP)],
)
def test_bytes_of_a_log_without_their_line_keep_their_route(name: str, flags: int, route: Route) -> None:
    found = list(items_of([packet(b"a", interface=Interface(250, name, LOG), flags=flags)]))
    assert found == [LogLine(5, None, "", None, b"a", route)]


def test_the_zone_is_that_of_the_log_line() -> None:
    assert zone_of_log(packet(b"", f"log: {LOG_LINE}", interface=LOG_PACKETS)) == timezone(timedelta(hours=2))
    assert zone_of_log(packet(b"", "log: hello", interface=LOG_PACKETS)) is None
    assert zone_of_log(packet(b"", f"log: {LOG_LINE}")) is None


@pytest.mark.parametrize("mended", ["{", "[1]", "[" * 100_000], ids=["cut off", "no object", "nested too deep"])
def test_a_damaged_comment_on_a_mended_line_leaves_the_line(mended: str) -> None:
    made = packet(b"", f"log: {LOG_LINE}", f"mended: {mended}", interface=LOG_PACKETS)
    (line,) = items_of([made])
    assert isinstance(line, LogLine)
    assert (line.text, line.mended) == ("hello", None)
