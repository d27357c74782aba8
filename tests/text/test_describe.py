"""One line for every record and event, safe to show whatever the wire put into it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.charger.events import (
    Fault,
    Reference,
)
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine, LogLineParser
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, LineError, LineErrorMark
from sniffer.core.wire.links import DBUS_EITHER_WAY, PWR_TO_COM
from sniffer.text.describe import (
    SHOWN_NOISE,
    RowText,
    describe_fault,
    describe_no_fault,
    format_fault_codes,
    format_meaning,
    format_row,
)
from tests.core.protocol.helpers import DEFINITION, decoded, known_message
from tests.dialogue import CHANGE, CHANGED, CUT, dialogue_records
from tests.known_frames import STATUS_REPORT

HOSTILE = "\x1b[2J\u202e"
LINES = LogLineParser(DEFINITION)


SEEN = Evidence(7, None, None)
LINE = Evidence(7, 717, None)


def fault(connector=1, earlier=0, since=None, cleared=None, **codes):
    found = FaultCodes(**codes)
    diagnosis = diagnose(found, DEFINITION.errors)
    return Fault(connector, found, diagnosis, since=since, last=None, earlier=earlier, cleared=cleared)


def line(text, process="comproc"):
    return LINES.read(LogLine(None, process, text))


def noise(data, reason=Reason.GARBAGE):
    return format_row(Record(1, Noise(reason, None, data)))


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (
            known_message("status report"),
            RowText(
                "pwr>com",
                "61D9",
                "status report",
                "connector 1 Faulted, UnderVoltage, M4 4, CP 9 V, board 28 °C, connector 21 °C",
            ),
        ),
        (decoded(DBUS_EITHER_WAY, 0x0102), RowText("dbus", "0102", "command 0102 (unknown)", "no payload")),
        (decoded(PWR_TO_COM, 0x7F, b"\x01"), RowText("pwr>com", "0102", "command 7F (unknown)", "01")),
        (line("Com boot!"), RowText("log", "", "comproc", "Com boot!")),
        (line("icomCode = 4,index=3"), RowText("log", "", "comproc", "icomCode = 4,index=3  (m4_error 4, index 3)")),
        (line("hello", process=None), RowText("log", "", "", "hello")),
        (line("  a word"), RowText("log", "", "comproc", "a word")),
        (line(HOSTILE, process=HOSTILE), RowText("log", "", r"\x1b[2J\u202e", r"\x1b[2J\u202e")),
        (None, RowText("", "", "", "")),
    ],
)
def test_a_record_is_a_row(item, shown):
    assert format_row(Record(1, item)) == shown


def test_noise_is_counted_and_shown():
    assert noise(b"\x01") == RowText("noise", "", "garbage", "1 byte: 01")
    assert noise(b"\xaa\x01", Reason.TRUNCATED) == RowText("noise", "", "truncated", "2 bytes: AA 01")


def test_long_noise_is_cut_with_a_mark():
    whole = bytes(range(SHOWN_NOISE))
    assert noise(whole).summary == f"{SHOWN_NOISE} bytes: {whole.hex(' ').upper()}"
    assert noise(whole + b"\xff").summary == f"{SHOWN_NOISE + 1} bytes: {whole.hex(' ').upper()} …"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            fault(ocpp=14, m4=4),
            "Under voltage (M4 4, OCPP 14 UnderVoltage; by the error table vendor 0x200208), connector 1",
        ),
        (
            fault(connector=None, vendor=0x10020F),
            "Meter data fault or Meter comm fault (vendor 0x10020F; by the error table OCPP 10 PowerMeterFailure)",
        ),
        (
            fault(vendor=0xABCDEF),
            "unknown fault (vendor 0xABCDEF; vendor 0xABCDEF is in no row of the error table), connector 1",
        ),
        (
            fault(vendor=0x00000A, ocpp=9),
            "Over voltage (OCPP 9 OverVoltage, vendor 0x00000A; the codes disagree: OCPP 9 OverVoltage says Over "
            "voltage, vendor 0x00000A does not; vendor 0x00000A is in no row of the error table), connector 1",
        ),
        (fault(m4=9), "unknown fault (M4 9; M4 9 is in no row of the error table), connector 1"),
        (
            fault(m4=4, ocpp=9),
            "Over voltage or Under voltage (M4 4, OCPP 9 OverVoltage; the codes disagree: M4 4 says Under voltage, "
            "OCPP 9 OverVoltage says Over voltage), connector 1",
        ),
        (fault(ocpp=99, connector=0), "unknown fault (OCPP 99 (unknown)), connector 0"),
        (fault(), "unknown fault (no code), connector 1"),
    ],
)
def test_a_fault_is_described_by_meaning_codes_and_connector(found, text):
    assert describe_fault(found, DEFINITION) == text


@pytest.mark.parametrize(
    ("refers", "text"),
    [
        (Reference("answers", 12, None, 4_200_000), "answers #12 after 4.2 ms"),
        (Reference("relays", 12, 717, None), "relays #12"),
        (Reference("repeats", 12, None, 120 * SECOND), "repeats #12 after 2 min 00 s"),
    ],
)
def test_a_frame_that_refers_to_another_names_it(refers, text):
    shown = format_row(Record(1, decoded(PWR_TO_COM, 0x7F, b"\x01"), refers=refers))
    assert shown.summary == f"01  ({text})"


def test_a_meaning_names_every_row():
    assert format_meaning(fault(ocpp=10)) == "Meter data fault or Meter comm fault or Power sequence fault"


def test_no_code_is_no_text():
    assert format_fault_codes(FaultCodes(), DEFINITION) == ""
    assert format_fault_codes(FaultCodes(ocpp=0, vendor=0, m4=0), DEFINITION) == (
        "M4 0, OCPP 0 ConnectorLockFailure, vendor 0x000000"
    )


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30), st.none() | st.text(max_size=9))
def test_any_text_is_shown_safely(text, process):
    shown = format_row(Record(1, line(text, process)))
    assert all(part.isprintable() for part in shown)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([command.route for command in DEFINITION.commands]), st.integers(0, 60), st.binary(max_size=60))
def test_any_frame_is_shown_safely(route, code, payload):
    assert all(part.isprintable() for part in format_row(Record(1, decoded(route, code, payload))))


def test_the_reception_is_shown_after_the_summary() -> None:
    pipeline = Pipeline(packaged_definition())
    marks = (
        LineErrorMark(2, LineError.FRAMING),
        LineErrorMark(5, LineError.FRAMING),
        LineErrorMark(7, LineError.BREAK),
    )
    (frame,) = (record for record in pipeline.feed(Chunk(STATUS_REPORT.raw, 1, marks, 2)) if record.item)
    assert format_row(frame).summary.endswith("  [2 framing errors, 1 break error]")
    pipeline.feed(Chunk(b"\x01", 2, tap=1))
    (noise,) = pipeline.flush()
    assert format_row(noise).summary == "1 byte: 01  [tap 1, order uncertain]"


def test_an_ocpp_message_is_a_row_with_its_action():
    rows = [format_row(record) for record in dialogue_records()]
    assert rows[CHANGED - 1] == RowText("ocpp>csms", "", "ChangeAvailability result", f"Accepted  (answers #{CHANGE})")
    assert rows[4] == RowText("ocpp>csms", "", "result", "Accepted")
    assert rows[CUT - 1].summary == "Accepted (cut off)  (answers #13)"


def test_without_a_fresh_report_nobody_knows_whether_a_fault_is_active() -> None:
    assert describe_no_fault(None) == "no active fault"
    assert describe_no_fault(42_900_000_000) == "faults unknown (none 42 s ago)"
