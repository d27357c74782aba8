"""What tshark shows of a capture with our dissector is what we show of it, frame by frame."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sniffer.formats.pcapng.capture import told
from sniffer.formats.pcapng.reader import Reader
from sniffer.note import Note
from sniffer.pipeline import Pipeline, Record
from sniffer.protocol.conversions import Ascii, Hex, Named, Number
from sniffer.protocol.definition import Field
from sniffer.protocol.loader import load, packaged_files
from sniffer.protocol.message import Message
from sniffer.query.parser import parse
from sniffer.query.vocabulary import Vocabulary
from sniffer.simulator.timeline import timeline
from sniffer.wire.frame import Chunk, Frame, Noise
from sniffer.wire.framer import Framer
from sniffer.wire.link import COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from sniffer.wireshark.dissector import dissector, filters, lua
from tests.known_frames import KNOWN_FRAMES
from tests.sample_sessions import FOLDER, SESSIONS
from tests.tools import need
from tests.wireshark.tshark import DEFINITION, capture, shown, tshark

FRAME = ("evse.link", "evse.direction", "evse.seq", "evse.command", "evse.name", "evse.crc.status", "evse.raw")
NOISE = ("evse.noise", "evse.noise.reason")
NAMES = filters(DEFINITION)
FIELDS = tuple(dict.fromkeys(name for names in NAMES.values() for name in names.values()))
FILTERS = (*FRAME, *NOISE, "evse.undefined", *FIELDS)


def session(data: bytes) -> list[Record]:
    pipeline, records = Pipeline(DEFINITION), []
    for item in told(Reader().feed(data)):
        records += [] if isinstance(item, Note) else pipeline.feed(item)
    return records


def ours(record: Record) -> dict[str, str]:
    """What tshark has to show of a record."""
    item = record.item
    if isinstance(item, Noise):
        status = {"evse.crc.status": "0"} if item.reason == "crc" else {}
        return {"evse.noise": item.raw.hex(), "evse.noise.reason": item.reason.value, **status}
    if not isinstance(item, Message):
        return {}
    frame = item.frame
    found = {
        "evse.link": frame.link.name,
        "evse.direction": item.direction or "",
        "evse.seq": f"0x{frame.sequence:04x}",
        "evse.command": f"0x{frame.command:04x}",
        "evse.name": item.name,
        "evse.crc.status": "1",
        "evse.raw": frame.raw.hex(),
    }
    if item.command:
        for field, raw in zip(item.command.fields, item.values, strict=False):
            found[NAMES[item.command][field.name]] = as_shown(field, raw)
    rest = [field.value for field in item.fields if field.name == "undefined"]
    found["evse.undefined"] = str(rest[0]) if rest else ""
    return {name: value for name, value in found.items() if value}


def as_shown(field: Field, raw: int | bytes) -> str:
    """A field's value as tshark writes one of its kind."""
    value = field.conversion.value(raw)
    if isinstance(field.conversion, Named):
        return str(raw if isinstance(raw, int) else int.from_bytes(raw, "big"))
    if isinstance(field.conversion, Hex):
        return str(value).lower()
    if isinstance(field.conversion, Number):
        return str(value) if field.conversion.divisor == 1 else f"{value:.15g}"
    return str(value) if isinstance(field.conversion, Ascii) or isinstance(raw, bytes) else f"{raw:x}"


def same(folder: Path, data: bytes) -> None:
    records = session(data)
    assert shown(folder, data, FILTERS) == [ours(record) for record in records]


@pytest.mark.parametrize("name", SESSIONS)
def test_the_samples_are_shown_alike(tmp_path: Path, name: str) -> None:
    same(tmp_path, (FOLDER / name).read_bytes())


def test_the_service_log_is_shown_alike(tmp_path: Path) -> None:
    from tests.tui.bench import captured

    pipeline = Pipeline(DEFINITION)
    same(tmp_path, capture(record for line in captured() for record in pipeline.feed(line)))


@pytest.mark.parametrize("scenario", ["charging", "undervoltage", "bootloop", "noisy"])
def test_long_sessions_are_shown_alike(tmp_path: Path, scenario: str) -> None:
    pipeline, records = Pipeline(DEFINITION), []
    for chunk, _ in zip(timeline(scenario, baud=115200, seed=5), range(2000), strict=False):
        records += pipeline.feed(Chunk(chunk.data, chunk.time))
    same(tmp_path, capture([*records, *pipeline.flush()]))


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame of any command, known or not, of any size; sometimes hurt in one byte."""
    route = draw(st.sampled_from([COM_TO_PWR, PWR_TO_COM, OCPP_TO_COM]))
    codes = [command.code for command in DEFINITION.commands if command.route is route]
    code = draw(st.sampled_from(codes) | st.integers(0, 255))
    sizes = [command.size for command in DEFINITION.commands if command.route is route and command.code == code]
    size = draw(st.sampled_from([size for size in sizes if size is not None] or [4]) | st.integers(0, 60))
    payload = draw(st.binary(min_size=size, max_size=size))
    data = bytearray(route.link.build(route.head, draw(st.integers(0, 0xFFFF)), code, payload))
    if draw(st.integers(0, 4)) == 0:
        data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    return bytes(data)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(frames(), min_size=60, max_size=200))
def test_frames_of_any_content_are_shown_alike(tmp_path: Path, given: list[bytes]) -> None:
    pipeline, records = Pipeline(DEFINITION), []
    for number, data in enumerate(given):
        records += [*pipeline.feed(Chunk(data, number * 1_000_000)), *pipeline.flush()]
    same(tmp_path, capture(records))


@pytest.mark.parametrize(
    ("theirs", "query"),
    [
        ("evse.command == 1", "frame and command == 01"),
        ("evse.status == 8", "status == Faulted"),
        ("evse.crc.bad", "crc bad"),
        ("evse.l1_voltage < 220", "l1_voltage < 220"),
        ('evse.noise.reason == "garbage"', "noise == garbage"),
        ('evse.direction == "pwr>com"', "dir pwr>com"),
    ],
)
@pytest.mark.parametrize("name", ["mains-sag.pcapng", "bad-line.pcapng"])
def test_filters_let_the_same_frames_through(tmp_path: Path, name: str, theirs: str, query: str) -> None:
    data = (FOLDER / name).read_bytes()
    found = tshark(tmp_path, data, "-Y", theirs, "-T", "fields", "-e", "frame.number").split()
    wanted = parse(query, Vocabulary(DEFINITION, lambda: None))
    assert found == [str(record.number) for record in session(data) if wanted.matches(record, None)]


def test_the_list_says_what_ours_says(tmp_path: Path) -> None:
    data = (FOLDER / "mains-sag.pcapng").read_bytes()
    lines = tshark(tmp_path, data, "-T", "fields", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info").splitlines()
    items = [record.item for record in session(data)]
    assert lines == [f"EVSE\t{item.direction}  {item.name}: {item.summary}" for item in items]


HOSTILE = r"""
[enumeration.status]
values = [{ number = 200, name = "x'] = os.exit() --" }]

[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x77
name = "]] 'quote' \\ \"double\" -- 100% ü"
summary = "{raw} {a} 100%"
fields = [
    { name = "raw", size = 1, about = "]]" },
    { name = "a", size = 7 },
    { name = "link", size = 2, unit = "%d", divisor = 3 },
    { name = "rest", size = "rest", type = "ascii" },
]
"""


def test_what_a_definition_holds_is_text_and_nothing_else(tmp_path: Path) -> None:
    definition = load(packaged_files(), [("hostile.toml", HOSTILE)])
    data = COM_TO_PWR.link.build(COM_TO_PWR.head, 7, 0x77, bytes([9]) + bytes(7) + b"\0\x07" + b"a\x1b]0;x\x07")
    pipeline = Pipeline(definition)
    records = [*pipeline.feed(Chunk(data, 0)), *pipeline.flush()]
    filters = ("evse.name", "evse.field.raw", "evse.a", "evse.field.link", "evse.rest")
    (found,) = shown(tmp_path, capture(records), filters, definition=definition)
    item = records[0].item
    assert isinstance(item, Message)
    assert found == {
        "evse.name": item.name,
        "evse.field.raw": "9",
        "evse.a": "00" * 7,
        "evse.field.link": f"{7 / 3:.15g}",
        "evse.rest": "a\\x1b]0;x\\x07",
    }


def test_every_version_of_lua_takes_it(tmp_path: Path) -> None:
    (tmp_path / "evse.lua").write_text(dissector(DEFINITION))
    for version in ("5.2", "5.3", "5.4"):
        subprocess.run([need(f"luac{version}"), "-p", str(tmp_path / "evse.lua")], check=True)


@pytest.mark.parametrize("version", ["5.2", "5.3", "5.4"])
def test_every_version_of_lua_finds_the_same_frames(tmp_path: Path, version: str) -> None:
    """The part of the file that needs nothing of Wireshark, run by Lua itself."""
    text = dissector(DEFINITION)
    part = text[: text.index("-- Commands: which one")]
    pieces = [frame.raw for frame in KNOWN_FRAMES]
    pieces += [data[:-1] + bytes([data[-1] ^ 1]) for data in pieces] + [data[:-1] for data in pieces] + [b"\x00\xaa"]
    asked = "".join(f"print(select(2, framed({lua(data)})))\n" for data in pieces)
    (tmp_path / "part.lua").write_text(part + asked)
    told = subprocess.run(
        [need(f"lua{version}"), str(tmp_path / "part.lua")], check=True, capture_output=True, text=True
    )
    reasons = [[*framer.feed(data), *framer.flush()] for data in pieces if (framer := Framer())]
    wanted = ["" if isinstance(found[0], Frame) else found[0].reason.value for found in reasons]
    assert [line.split("\t")[0] for line in told.stdout.splitlines()] == wanted


def test_a_capture_that_somebody_else_made_is_left_to_wireshark(tmp_path: Path) -> None:
    data = (FOLDER / "charging.pcapng").read_bytes().replace(b"evse-sniff tap", b"rtac-serial ta")
    told = tshark(tmp_path, data, "-T", "fields", "-e", "_ws.col.Protocol").split()
    assert set(told) == {"RTAC", "Serial"}
