"""Whatever stands in a file that is read: a session comes out of it, or one of our own errors that says what is wrong.

Valid files are changed in small ways: values of a wrong type or size, keys that are lost, bytes that are damaged. What
is read then goes through everything that the program does with it.
"""

import asyncio
import io
import json
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import SnifferError
from sniffer.commands.dump.dump import DumpSink
from sniffer.commands.dump.line_output import DirectOutput
from sniffer.config.definition_files import load_definition
from sniffer.config.recent import RecentFile, RecentSource
from sniffer.config.settings import DEFAULTS, Settings, SettingsFile
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.formats.pcapng.blocks import (
    ENHANCED_PACKET,
    IF_NAME,
    IF_SPEED,
    IF_TSOFFSET,
    IF_TSRESOL,
    INTERFACE_DESCRIPTION,
    OBSOLETE_PACKET,
    OPT_COMMENT,
    SIMPLE_PACKET,
    Option,
    pack_block,
)
from sniffer.formats.pcapng.writer import (
    LATENESS,
    LOG,
    OVERDUE,
    PREFIXES,
    RATE,
    TAP,
    TAP_LATE,
    TAP_NUMBER,
    CaptureWriter,
)
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session, SessionNotes
from sniffer.sources.open import open_source
from tests.known_frames import KNOWN_FRAMES
from tests.paths import CAPTURES
from tests.thoroughness import repetitions

DEFINITION = packaged_definition()
LOGS = ("undervoltage.log", "starcharge-idle.log", "registration.log")
SAMPLES = (*LOGS, "mains-sag.pcapng", "bad-line.pcapng", "restarts.pcapng")

few = settings(
    max_examples=repetitions(20, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**9, 2**63, 2**64, -(2**63), 10**400, 1e308, float("nan"), float("inf"), "", "\ud800", "\0"])
    | st.sampled_from(["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999-23:59", "2023-11-30T00:00:00", "aa"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@contextmanager
def refusal_of(path: Path) -> Iterator[None]:
    """Accept one of our own errors that begins with the file and says what is wrong with it; let any other pass."""
    refusal = ""
    try:
        yield
    except SnifferError as error:
        refusal = str(error)
    assert not refusal or re.fullmatch(rf"{re.escape(str(path))}: .{{10,}}", refusal, re.DOTALL)


def read(path: Path) -> None:
    """Read a session, decode, record and print it. A `SnifferError` must name the file and say more than that."""
    with refusal_of(path):
        source = open_source(str(path))
        out = io.StringIO()
        sinks = [DumpSink(source, DEFINITION, DirectOutput(out), as_json=as_json) for as_json in (True, False)]
        kept = path.with_name("kept.pcapng")
        kept.unlink(missing_ok=True)
        recorder = Recorder(SingleFile(kept), source.name, source.baud, lambda: source.zone)
        attachments, notes = Attachments(recorder), SessionNotes(on_late=sinks[0].note)
        session = Session(source, Pipeline(DEFINITION), sinks, attachments=attachments, notes=notes)
        try:
            asyncio.run(session.run())
        finally:
            assert not recorder.state.is_incomplete
            sinks[0].summarize(session.snapshot())


@cache
def sample_objects() -> tuple[dict[str, Any], ...]:
    """Return an object of `dump --json` of each shape."""
    shapes: dict[tuple[object, ...], dict[str, Any]] = {}
    for name in SAMPLES:
        source, out = open_source(str(CAPTURES / name)), io.StringIO()
        sink = DumpSink(source, DEFINITION, DirectOutput(out), as_json=True)
        asyncio.run(Session(source, Pipeline(DEFINITION), [sink]).run())
        for line in out.getvalue().splitlines():
            found = json.loads(line)
            shapes.setdefault((found["type"], found.get("event"), *sorted(found)), found)
    return tuple(shapes.values())


SOURCE_EVENTS: tuple[dict[str, Any], ...] = (
    {"type": "event", "event": "source_lost", "time": None, "reason": "x", "tap": 1},
    {"type": "event", "event": "source_back", "time": "2023-11-30T00:00:00+00:00", "how": "x"},
    {"type": "event", "event": "rate", "time": None, "baud": 9600, "evidence": "x"},
    {"type": "event", "event": "lateness", "time": None, "late_ms": 1.5},
    {"type": "event", "event": "overdue", "time": "2023-11-30T00:00:00+00:00", "command": "01"},
    {"type": "note", "time": None, "number": 1, "note": "x"},
    {"type": "noise", "time": None, "raw": "aa", "reason": "crc", "line_errors": [{"at": 0, "error": "parity"}]},
    {"type": "frame", "time": None, "raw": "aa", "process": "x", "link": "dbus", "direction": None, "line": 1},
)


@st.composite
def odd_objects(draw: st.DrawFn) -> Any:
    """Draw an object with some values changed, some keys lost and others added; seldom any value at all."""
    found = dict(draw(st.sampled_from((*sample_objects(), *SOURCE_EVENTS * 4))))
    for _ in range(draw(st.integers(0, 3))):
        keys = [*sorted(found), "note", "line_errors", "tap", "continues", "process", "line"]
        key = draw(st.sampled_from(keys))
        if draw(st.booleans()) and key in found:
            del found[key]
        else:
            found[key] = draw(json_values)
    return draw(st.just(found) | st.just(found) | json_values)


@few
@given(st.lists(odd_objects(), min_size=1, max_size=4))
def test_any_json_lines_are_read_or_refused(tmp_path: Path, objects: list[Any]) -> None:
    path = tmp_path / "a.jsonl"
    first = '{"type": "text", "time": null, "process": null, "text": "x"}\n'
    path.write_text(first + "".join(f"{json.dumps(found)}\n" for found in objects))
    read(path)


@pytest.mark.parametrize("key", ["link", "direction", "process", "note", "line", "tap", "continues", "line_errors"])
@pytest.mark.parametrize("value", [[1], {"x": 1}, 1.5, True, 10**30], ids=repr)
def test_a_value_of_a_wrong_type_in_a_json_object(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"type": "frame", "time": None, "raw": "aa", "process": "x"} | {key: value}) + "\n")
    read(path)


COMMENTS = [*PREFIXES, "note #1: x", f"{RATE}9600: x", f"{RATE}x", f"{LATENESS}5", f"{OVERDUE}dbus 10 1 1 x", "\udcff"]


@st.composite
def odd_blocks(draw: st.DrawFn) -> bytes:
    """Draw a block of a capture whose numbers and options may be anything."""
    numbers = st.sampled_from([0, 1, 2, 8, 250, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF]) | st.integers(0, 0xFFFF_FFFF)
    comment = (st.sampled_from(COMMENTS) | st.text(max_size=8)).flatmap(
        lambda text: st.text(max_size=8).map(lambda more: (text + more).encode("utf-8", "surrogateescape"))
    )
    name = st.sampled_from([TAP, LOG, f"{TAP_NUMBER}1", f"{TAP_NUMBER}1{TAP_LATE}5", "x"]).map(str.encode)
    number = st.binary(max_size=9)
    option = (
        st.builds(Option, st.just(OPT_COMMENT), comment | name)
        | st.builds(Option, st.sampled_from([IF_NAME, 3]), name)
        | st.builds(Option, st.sampled_from([IF_SPEED, IF_TSRESOL, IF_TSOFFSET, 2, 14]), number)
        | st.builds(Option, st.integers(0, 0xFFFF), number)
    )
    options = draw(st.lists(option, max_size=3))
    raw = draw(st.sampled_from([known.raw for known in KNOWN_FRAMES]) | st.binary(max_size=20))
    data = struct.pack(">II", draw(numbers), draw(numbers)) + bytes([draw(st.integers(0, 5)), 0, 0, 0]) + raw
    kept = draw(st.just(len(data)) | st.just(len(data)) | numbers)
    kind = draw(
        st.sampled_from([INTERFACE_DESCRIPTION, ENHANCED_PACKET, ENHANCED_PACKET, SIMPLE_PACKET, OBSOLETE_PACKET])
    )
    interface = draw(st.sampled_from([0, 0, 1]) | numbers)
    match kind:
        case 1:
            body = struct.pack("<HHI", draw(st.sampled_from([250, 250, 1])), 0, draw(numbers))
        case 2:
            body = (
                struct.pack("<HHIIII", interface & 0xFFFF, 0, draw(numbers), draw(numbers), kept, draw(numbers)) + data
            )
        case 3:
            body = struct.pack("<I", kept) + data
        case _:
            body = struct.pack("<IIIII", interface, draw(numbers), draw(numbers), kept, draw(numbers)) + data
    return pack_block(kind, body, options)


@few
@given(st.lists(odd_blocks(), min_size=1, max_size=6), st.binary(max_size=10))
def test_any_capture_is_read_or_refused(tmp_path: Path, blocks: list[bytes], rest: bytes) -> None:
    path = tmp_path / "a.pcapng"
    writer = CaptureWriter("tap", 9600)
    described = pack_block(INTERFACE_DESCRIPTION, struct.pack("<HHI", 250, 0, 0), [Option(3, TAP.encode())])
    path.write_bytes(writer.encode_header() + described + b"".join(blocks) + rest)
    read(path)


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw a copy with some bytes changed, lost, repeated or added."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 40)))
        data[start:stop] = draw(st.binary(max_size=8) | st.just(bytes(data[start:stop] * 2)) | st.just(b"\n"))
    return bytes(data)


@few
@given(st.data())
@pytest.mark.parametrize("name", ["mains-sag.pcapng", *LOGS])
def test_any_damaged_file_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    path = tmp_path / name
    path.write_bytes(data.draw(damaged((CAPTURES / name).read_bytes()[:4000])))
    read(path)


PARTS = [
    "2023-11-30T00:00:42+0000",
    "0000-00-00T99:99:99+9999",
    "9999-12-31T23:59:59-2359",
    "[comproc]",
    "[",
    "]",
    "[]",
]
WORDS = [
    "comproc=>pwrboard",
    "FF 6A",
    "BB DD DD 32",
    "cpid = ,evseNum = ",
    "[2,",
    '"x"',
    "{",
    "}",
    "]",
    " ",
    "\t",
    "\x00",
]


@few
@given(st.lists(st.lists(st.sampled_from([*PARTS, *WORDS]) | st.text(max_size=5), max_size=8), max_size=6))
def test_any_text_log_is_read_or_refused(tmp_path: Path, lines: list[list[str]]) -> None:
    path = tmp_path / "a.log"
    first = "2023-11-30T00:00:41+0000 [comproc] x\n"
    text = first + "".join(f"{' '.join(parts)}\n" for parts in lines)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    read(path)


toml_values: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    | st.sampled_from([date(2023, 1, 1), datetime(2023, 1, 1), time(1), "evse-calm", "absolute"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "name", "id"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@few
@given(st.dictionaries(st.sampled_from(["theme", "time_mode", "columns", "x"]), toml_values))
def test_any_settings_leave_the_screen_usable(tmp_path: Path, values: dict[str, Any]) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(tomlkit.dumps(values), "utf-8")
    assert_settings_work(path)


@few
@given(st.binary(max_size=30) | st.text(alphabet="[]{}=\"'.,x1\n #\\", max_size=30).map(str.encode))
def test_settings_that_are_no_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    assert_settings_work(path)


def assert_settings_work(path: Path) -> None:
    file = SettingsFile(path)
    assert file.complaint == "" or str(path) in file.complaint
    saved = Settings("other", "delta", ("time",))
    if not file.save(saved):
        assert SettingsFile(path).settings == saved
    assert SettingsFile(path.with_name("none")).settings == DEFAULTS


@few
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "sources": json_values
            | st.lists(json_values | st.fixed_dictionaries({"name": json_values}, optional={"baud": json_values})),
            "filters": json_values,
        },
    )
    | json_values
)
def test_any_list_of_recent_sources_can_be_added_to(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "recent.json"
    path.write_text(json.dumps(content))
    file = RecentFile(path)
    assert file.complaint == "" or str(path) in file.complaint
    assert file.add_source(RecentSource("demo")) == ""
    assert RecentFile(path).recent.sources[0] == RecentSource("demo")


@few
@given(st.dictionaries(st.sampled_from(["commands", "codes", "error", "version", "x"]), toml_values))
def test_any_definition_is_loaded_or_refused(tmp_path: Path, content: dict[str, Any]) -> None:
    refuse(tmp_path / "own.toml", lambda path: path.write_text(tomlkit.dumps(content), "utf-8"))


@few
@given(st.binary(max_size=30) | st.text(alphabet="[]{}=\"'.,x1\n #\\", max_size=40).map(str.encode))
def test_definitions_that_are_no_toml(tmp_path: Path, content: bytes) -> None:
    refuse(tmp_path / "own.toml", lambda path: path.write_bytes(content))


def refuse(path: Path, write: Callable[[Path], object]) -> None:
    """Load a definition, which may be refused."""
    write(path)
    with refusal_of(path):
        load_definition([str(path)])
