"""The lines and objects that `dump` prints, with the notes of the session."""

import asyncio
import json
import re
from io import StringIO

from sniffer.commands.dump.dump import DumpSink, format_overrun
from sniffer.commands.dump.line_output import DirectOutput, Overrun
from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk, Note
from sniffer.session import Session, SessionNotes
from sniffer.sources.source import Item
from tests.tui.helpers import FakeSource, parameter, status_report

DEFINITION = packaged_definition()
FIRST, SECOND, THIRD = (Chunk(parameter(number)) for number in (1, 2, 3))


def dumped(*items: Item, as_json: bool, in_color: bool = False, definition: Definition = DEFINITION) -> list[str]:
    source, out, notes = FakeSource(*items), StringIO(), dict[int, str]()
    sink = DumpSink(source, definition, DirectOutput(out), as_json=as_json, in_color=in_color, notes=notes)
    asyncio.run(Session(source, Pipeline(definition), [sink], notes=SessionNotes(notes, sink.note)).run())
    return out.getvalue().splitlines()


def test_note_stands_under_its_record() -> None:
    lines = dumped(FIRST, Note("here\x1b"), SECOND, THIRD, as_json=False)
    assert [line.split()[0] for line in lines] == ["1", "2", "✎", "3"]
    assert lines[2] == "    ✎ here\\x1b"


def test_note_is_a_key_of_its_record() -> None:
    printed = [json.loads(line) for line in dumped(FIRST, Note("here"), SECOND, as_json=True)]
    assert [(found["number"], found.get("note")) for found in printed] == [(1, None), (2, "here")]


def test_note_that_comes_late_is_a_line_with_the_number_of_its_record() -> None:
    lines = dumped(FIRST, SECOND, Note("late\x1b", 1), Note("", 1), as_json=False)
    assert lines[2:] == ["    ✎ #1: late\\x1b", "    ✎ #1: note taken away"]


def test_note_that_comes_late_is_an_object_of_its_own() -> None:
    printed = [json.loads(line) for line in dumped(FIRST, SECOND, Note("late", 1), as_json=True)]
    assert printed[2:] == [{"type": "note", "time": None, "number": 1, "note": "late"}]


def test_the_first_object_names_the_definition_of_another_board() -> None:
    heartbeat = bytes.fromhex("55 AA 00 00 00 00 FF")
    tuya = load_definition(["tuya"])
    first, *others = map(json.loads, dumped(Chunk(heartbeat), Chunk(heartbeat), as_json=True, definition=tuya))
    assert (first["event"], [named["name"] for named in first["definitions"]]) == ("definition", ["tuya"])
    assert [found["link"] for found in others if found["type"] == "frame"] == ["tuya", "tuya"]
    assert len(dumped(Chunk(heartbeat), Chunk(heartbeat), as_json=False, definition=tuya)) == len(others)


def test_lines_have_the_colours_of_their_ranks() -> None:
    noise = Chunk(b"\x00\x01")
    fault = Chunk(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4))
    lines = dumped(FIRST, Note("here"), noise, fault, Note("late", 1), as_json=False, in_color=True)
    plain = dumped(FIRST, Note("here"), noise, fault, Note("late", 1), as_json=False)
    assert [line.partition("m")[0] for line in lines if line.startswith("\x1b")] == [
        "\x1b[33",
        "\x1b[35",
        "\x1b[1;31",
        "\x1b[1;31",
        "\x1b[35",
    ]
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines] == plain


def test_json_has_no_colours() -> None:
    items = FIRST, Note("here"), Chunk(b"\x00\x01"), Note("late", 1)
    assert dumped(*items, as_json=True, in_color=True) == dumped(*items, as_json=True)
    assert "\x1b" not in format_overrun(Overrun(7, 19, 12), as_json=True, in_color=True)


def test_an_overrun_is_a_line_with_the_numbers_of_what_was_left_out() -> None:
    overrun = Overrun(7, 19, 12)
    assert json.loads(format_overrun(overrun, as_json=True)) == {
        "type": "event",
        "time": None,
        "event": "overrun",
        "first": 7,
        "last": 19,
        "records": 12,
    }
    assert format_overrun(overrun, as_json=False).startswith("=== 12 records left out, from #7 to #19")
    assert format_overrun(overrun, as_json=False, in_color=True).startswith("\x1b[33m=== 12 records left out")
