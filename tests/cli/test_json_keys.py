"""Every key that JSON has is on the page of the keys, with its type, and every key on the page occurs."""

import json
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sniffer.commands.dump.dump import format_overrun
from sniffer.commands.dump.line_output import Overrun
from sniffer.commands.learn.framing_sink import FramingSink
from sniffer.commands.ports import format_json
from sniffer.commands.report.json_form import build_report_object
from sniffer.commands.report.model import QuietSpan
from sniffer.core.charger.events import (
    EVENT_NAMES,
    Contradicted,
    Event,
    FaultChanged,
    Retransmitted,
    StatusChanged,
    Warned,
)
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.startup.registration_events import BootLoop, BootLoopEnded
from sniffer.core.charger.tap_events import MiswiringEnded, RateFound
from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, LineError, LineErrorMark, Order, Reception, Tap
from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from sniffer.core.wire.mended import Mended, MendedCharacter
from sniffer.formats.framing_proposal import format_framings_json
from sniffer.formats.jsonl.event_keys import build_event_keys
from sniffer.formats.jsonl.mended_keys import build_mended_object
from sniffer.formats.jsonl.writer import format_late_note, objects_of
from tests.cli.helpers import STREAM, objects, run
from tests.cli.key_tables import KeyTables
from tests.cli.options.test_mend_option import PAGE
from tests.cli.test_own_link import MACHINE
from tests.commands.report.helpers import fault_of, plain_report
from tests.commands.test_ports import BUILT_IN, FTDI
from tests.core.discovery.makers import MAKERS, hdlc, make_traffic
from tests.core.protocol.helpers import DEFINITION
from tests.dialogue import dialogue_records
from tests.filter.helpers import records
from tests.formats.jsonl.test_event_keys import CASES
from tests.known_frames import STATUS_REPORT
from tests.paths import CAPTURES, ROOT

PAGE_OF_KEYS = ROOT / "sniffer" / "docs" / "json-keys.md"
SEEN = Evidence(7, None, None)
EVENTS: list[Event] = [
    *(event for event, _ in CASES),
    StatusChanged(None, 1, "Available", "Charging", True, Evidence(7, None, None, mended=True)),
    FaultChanged(None, fault_of()),
    Contradicted(None, 1, "rule", "so", Provenance.ASSUMED),
    Warned(None, 1, "rule", "so", Provenance.ASSUMED),
    BootLoopEnded(None, BootLoop(None, "power board", None, 2, None)),
    Retransmitted(None, PWR_TO_COM, "status report", 0x61D9, 1, SEEN, 2),
    RateFound(None, None, "undetermined"),
    MiswiringEnded(None, "silent", (1, 2)),
]
"""Events that no sample has."""


def check_lines(tables: KeyTables, lines: Iterable[dict[str, Any]]) -> None:
    """Check objects of `dump`."""
    for found in lines:
        if found["type"] == "event":
            tables.check(found, "event", f"event {found['event']}")
        else:
            tables.check(found, found["type"])


def check_dump(tables: KeyTables, tmp_path: Path) -> None:
    page, stream = tmp_path / "page.txt", tmp_path / "tap.bin"
    page.write_text(PAGE, "utf-8")
    stream.write_bytes(STREAM)
    samples = [path for path in CAPTURES.iterdir() if path.suffix in (".pcapng", ".log")]
    for source in (page, stream, *samples):
        check_lines(tables, objects(run("dump", "--json", "--mend", "--summary", source)))
    check_lines(tables, objects(run("dump", "--json", "--definition", "tuya", stream)))
    check_lines(tables, [json.loads(format_late_note(1, "text"))])
    check_lines(tables, [json.loads(format_overrun(Overrun(1, 2, 2), as_json=True))])


def check_events_that_no_sample_has(tables: KeyTables) -> None:
    for event in EVENTS:
        keys = build_event_keys(event, DEFINITION, UTC)
        check_lines(tables, [json.loads(json.dumps({"type": "event", "time": None, "number": 1} | keys))])


def check_what_taps_and_damaged_logs_have(tables: KeyTables, tmp_path: Path) -> None:
    raw, short = STATUS_REPORT.raw, PWRBOARD.build(PWR_TO_COM.head, 1, 1, b"")
    log = tmp_path / "damaged.log"
    log.write_text(f"717 2023-11-30T00:00:49+0000 [comproc] =>pwrboard:{raw[:-1].hex()}00\n")
    check_lines(tables, objects(run("dump", "--json", log)))
    first, second = Chunk(raw, 1, (LineErrorMark(3, LineError.PARITY),), tap=1), Chunk(raw, 1, tap=2)
    session = [*records(Tap(1, "a"), Tap(2, "b"), first, second), *records(Chunk(raw + raw + short, 1))]
    session += dialogue_records()
    session.append(Record(1, session[0].item, reception=Reception(1, (), Order.EXCHANGE)))
    for record in session:
        check_lines(tables, (json.loads(json.dumps(one)) for one in objects_of(record, DEFINITION, UTC)))
    mended = Mended("text", (MendedCharacter(0, "S", "5"),), 7, (raw, raw))
    tables.check(build_mended_object(mended), "mended")


def check_links_of_another_board(tables: KeyTables, tmp_path: Path) -> None:
    tap, definition = tmp_path / "lamp.bin", tmp_path / "lamp.toml"
    tap.write_bytes(bytes.fromhex("C5 00 C5 C5 01 C6 C5 02 C7 C5 00 C5"))
    definition.write_text(MACHINE)
    check_lines(tables, objects(run("dump", "--json", "--definition", definition, tap)))
    definition.write_text(MACHINE.replace('check = { name = "sum" }', 'check = { name = "none" }'))
    check_lines(tables, objects(run("dump", "--json", "--definition", definition, tap)))
    (report,) = objects(run("report", "--json", "--definition", definition, tap))
    request = tmp_path / "request.bin"
    request.write_bytes(bytes.fromhex("01 03 00 00 00 01 84 0A"))
    check_lines(tables, objects(run("dump", "--json", "--definition", "modbus", request)))
    tables.check(report, "report")


def check_framings(tables: KeyTables) -> None:
    for build in (MAKERS["jbd"].build, hdlc):
        sink = FramingSink()
        sink.receive([Record(1, Noise(Reason.GARBAGE, None, make_traffic(build, 1, turns=60, noise=0)))])
        best, *_ = sink.find()
        sizes = (FrameShape(1, 1, "big", 5), FrameShape(0, 0, "big", 8, frozenset([3]), 0))
        found = format_framings_json([best, replace(best, command=1, shapes=sizes)], [BoardMatch("tuya", 7, 0.9)])
        tables.check(json.loads(found), "framings")


def check_reports(tables: KeyTables, tmp_path: Path) -> None:
    page, stream = tmp_path / "page.txt", tmp_path / "tap.bin"
    page.write_text(PAGE, "utf-8")
    stream.write_bytes(STREAM)
    samples = [path for path in CAPTURES.iterdir() if path.suffix in (".pcapng", ".log")]
    for source in (page, stream, *samples):
        (report,) = objects(run("report", "--json", "--mend", source))
        tables.check(report, "report")
        (status,) = objects(run("status", "--json", "--mend", source))
        tables.check(status, "status")
    tables.check(build_report_object(plain_report(gaps=(QuietSpan(1, 2, 3),))), "report")
    (comparison,) = objects(run("report", "--json", CAPTURES / "charging.pcapng", CAPTURES / "mains-sag.pcapng"))
    tables.check(comparison, "comparison")


def check_other_commands(tables: KeyTables) -> None:
    good, bad = CAPTURES / "charging.pcapng", CAPTURES / "mains-sag.pcapng"
    (check,) = objects(run("check", "--json", bad, "--against", good))
    tables.check(check, "check")
    misread = "<=pwrboard:BB DD DD 32 06 59 2A 59 €8 59 AD €B BC"
    for words in (["14,2097672"], ["--mend", misread]):
        (explanation,) = objects(run("explain", "--json", *words))
        tables.check(explanation, "explanation")
    (boards,) = objects(run("definition", "--list", "--json"))
    tables.check(boards, "boards")
    for line in format_json([FTDI, BUILT_IN]):
        tables.check(json.loads(line), "port")


@pytest.mark.slow
def test_every_key_is_on_the_page_and_every_key_on_the_page_occurs(tmp_path: Path) -> None:
    tables = KeyTables(PAGE_OF_KEYS.read_text("utf-8"))
    check_dump(tables, tmp_path)
    check_events_that_no_sample_has(tables)
    check_what_taps_and_damaged_logs_have(tables, tmp_path)
    check_links_of_another_board(tables, tmp_path)
    check_framings(tables)
    check_reports(tables, tmp_path)
    check_other_commands(tables)
    assert tables.keys - tables.seen == set()


def test_every_event_has_a_section() -> None:
    sections = KeyTables(PAGE_OF_KEYS.read_text("utf-8")).sections
    assert {name for name in EVENT_NAMES.values() if f"event {name}" not in sections} == set()


@pytest.mark.parametrize(
    ("found", "section"),
    [
        ({"at": 1, "error": "break", "more": 1}, "line error"),
        ({"at": 1}, "line error"),
        ({"at": "1", "error": "break"}, "line error"),
        ({"at": True, "error": "break"}, "line error"),
        ({"l1": {}, "l2": {}, "l3": {}}, "voltages"),
    ],
)
def test_an_object_that_is_not_as_the_page_says_is_an_error(found: dict[str, Any], section: str) -> None:
    tables = KeyTables(PAGE_OF_KEYS.read_text("utf-8"))
    tables.check({"at": 1, "error": "break"}, "line error")
    with pytest.raises(AssertionError):
        tables.check(found, section)
