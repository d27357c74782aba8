"""Wireshark's own tools read our captures correctly, and we read what they make of a capture as the same session."""

import asyncio
import gzip
import json
import os
import struct
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.formats.pcapng.blocks import ENHANCED_PACKET, OPT_COMMENT, options_of, pack_block
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.session import Session
from sniffer.sources.capture_file import CaptureSource
from tests.tools import need
from tests.tui.helpers import CAPTURE, captured, status_answer, status_report

DEFINITION = packaged_definition()
MOMENT = 1_700_000_000 * SECOND + 123_456_789
NAME = "/dev/serial/by-id/usb-é"
NOTES = {1: "before all", 3: "two\nlines", 4: 'quotes " and \\ é'}


def line_records() -> list[Record]:
    """Return a session on a line: frames both ways, one with a wrong CRC, garbage, one cut short, and a gap."""
    pipeline, wrong = Pipeline(DEFINITION), bytearray(status_report("Charging", sequence=2))
    wrong[-1] ^= 1
    reads = [status_report("Available"), status_answer(1), bytes(wrong), b"\1\2\3", status_report("Faulted")[:6]]
    records = []
    for number, data in enumerate(reads):
        records += pipeline.feed(Chunk(data, MOMENT + number * 1_000_001)) + pipeline.flush()
    return [*records, *pipeline.feed(TapGap(MOMENT + SECOND, "the port went away"))]


def log_records() -> list[Record]:
    pipeline = Pipeline(DEFINITION)
    return [record for line in captured() for record in pipeline.feed(line)]


def save(path: Path, records: Sequence[Record], notes: dict[int, str]) -> Path:
    writer = CaptureWriter(NAME, 19200, UTC)
    path.write_bytes(
        writer.encode_header() + b"".join(writer.encode_record(r, notes.get(r.number, "")) for r in records)
    )
    return path


@pytest.fixture
def line(tmp_path: Path) -> Path:
    return save(tmp_path / "line.pcapng", line_records(), NOTES)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return save(tmp_path / "log.pcapng", log_records(), NOTES)


class RecordSink:
    """Keeps all records of a session."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def receive(self, records: Sequence[Record]) -> None:
        """Keep the records."""
        self.records += records


def read(path: Path) -> tuple[list[Record], dict[int, str]]:
    """Return the records of a file, and its notes."""
    sink = RecordSink()
    session = Session(CaptureSource(path), Pipeline(DEFINITION), [sink])
    asyncio.run(session.run())
    return sink.records, dict(session.notes)


def run(tool: str, *words: str | Path) -> str:
    """Run a tool of Wireshark and return what it prints."""
    command = [need(tool), *map(str, words)]
    with TemporaryDirectory() as home:
        # A dissector that the user has installed would change what tshark shows.
        environment = os.environ | {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def packets(path: Path) -> Iterator[dict[str, list[str]]]:
    """Yield the fields of each packet as tshark prints them."""
    wanted = (
        *("frame.time_epoch", "frame.packet_flags", "frame.packet_flags_direction", "frame.packet_flags_crc_error"),
        *("frame.interface_name", "frame.comment", "rtacser.timestamp", "rtacser.eventtype", "data.data"),
    )
    fields = [word for name in wanted for word in ("-e", name)]
    for packet in json.loads(run("tshark", "-n", "-r", path, "-T", "json", *fields)):
        yield {name: packet["_source"]["layers"].get(name, []) for name in wanted}


def raw(record: Record) -> str:
    item = record.item
    return item.frame.raw.hex() if isinstance(item, Message) else item.raw.hex() if isinstance(item, Noise) else ""


DIRECTIONS = {"com>pwr": 2, "com>ocpp": 2, "pwr>com": 1, "ocpp>com": 1, None: 0}


@pytest.mark.parametrize("records", [line_records(), log_records()], ids=["line", "log"])
def test_tshark_shows_each_packet_as_we_know_its_record(tmp_path: Path, records: list[Record]) -> None:
    found = list(packets(save(tmp_path / "a.pcapng", records, NOTES)))
    assert len(found) == len(records)
    for packet, record in zip(found, records, strict=True):
        item = record.item
        direction = DIRECTIONS[item.direction] if isinstance(item, Message) else 0
        assert record.time is not None
        seconds = f"{record.time // SECOND}.{record.time % SECOND:09}"
        assert packet["frame.time_epoch"] == [seconds]
        assert packet["rtacser.timestamp"] == [f"{seconds[:-3]}000"]
        assert int(packet["frame.packet_flags_direction"][0], 16) == direction
        is_wrong = isinstance(item, Noise) and item.reason is Reason.CRC
        assert packet["frame.packet_flags_crc_error"] == ["1" if is_wrong else "0"]
        event = 5 if item is None else 0 if isinstance(item, TextMessage) else 1 if direction == 2 else 2
        assert int(packet["rtacser.eventtype"][0], 16) == event
        assert "".join(packet["data.data"]).replace(":", "") == raw(record)
        assert NOTES.get(record.number) is None or NOTES[record.number] in packet["frame.comment"]
        if item is None:
            assert any("the port went away" in comment for comment in packet["frame.comment"])


def test_tshark_shows_the_log_line_by_line(log: Path) -> None:
    comments = [
        comment for packet in packets(log) for comment in packet["frame.comment"] if comment.startswith("log: ")
    ]
    lines = [comment for comment in comments if comment.startswith("log: ")]
    assert lines == [f"log: {line}" for line in CAPTURE.read_text("utf-8").splitlines()]


def test_tshark_shows_the_link_of_each_packet(log: Path) -> None:
    for packet, record in zip(packets(log), log_records(), strict=True):
        link = record.item.frame.link.name if isinstance(record.item, Message) else "log"
        assert packet["frame.interface_name"] == [link]


def test_capinfos_shows_the_interface(line: Path) -> None:
    output = run("capinfos", line)
    for expected in (f"Name = {NAME}", "Description = evse-sniff", "Speed = 19200", "Time precision = nanoseconds (9)"):
        assert expected in output
    assert "Capture application: evse-sniff" in output
    assert "rtac-serial" in output


EDITS = [
    ("-F", "pcapng"),
    ("-r", "1-1000"),
    ("--inject-secrets", "tls,keys"),
    ("--capture-comment", "a comment of the whole file"),
]


@pytest.mark.parametrize("words", EDITS, ids=[words[0] for words in EDITS])
@pytest.mark.parametrize("records", [line_records(), log_records()], ids=["line", "log"])
def test_what_editcap_copies_is_the_same_session(tmp_path: Path, records: list[Record], words: tuple[str, ...]) -> None:
    (tmp_path / "keys").write_text("CLIENT_RANDOM 00 00\n")
    words = tuple(word.replace("tls,keys", f"tls,{tmp_path / 'keys'}") for word in words)
    whole = save(tmp_path / "a.pcapng", records, NOTES)
    options, chosen = ((words[0],), words[1:]) if words[0] == "-r" else (words, ())
    run("editcap", *options, whole, tmp_path / "b.pcapng", *chosen)
    assert read(tmp_path / "b.pcapng") == (records, NOTES)


def test_what_editcap_selects_has_the_same_items(tmp_path: Path, line: Path) -> None:
    run("editcap", "-r", line, tmp_path / "b.pcapng", "2-4")
    found, notes = read(tmp_path / "b.pcapng")
    assert [r.item for r in found] == [r.item for r in line_records()[1:4]]
    assert notes == {2: NOTES[3], 3: NOTES[4]}


def test_added_comment_is_a_note(tmp_path: Path, line: Path) -> None:
    run("editcap", "-a", "2:seen in Wireshark", "-a", "6:why?", line, tmp_path / "b.pcapng")
    assert read(tmp_path / "b.pcapng") == (line_records(), NOTES | {2: "seen in Wireshark", 6: "why?"})


def without_comments(capture: bytes) -> bytes:
    """Return the capture as a tool writes it that drops the comments of all packets."""
    out, at = b"", 0
    while at < len(capture):
        kind, total = struct.unpack_from("<II", capture, at)
        whole = capture[at : at + total]
        if kind == ENHANCED_PACKET:
            (kept,) = struct.unpack_from("<I", whole, 20)
            size = 28 + kept + -kept % 4
            packet_options = options_of(whole, size, total - 4, "<")
            whole = pack_block(kind, whole[8:size], [option for option in packet_options if option.code != OPT_COMMENT])
        out += whole
        at += total
    return out


def test_log_without_its_comments_has_the_same_frames(tmp_path: Path, log: Path) -> None:
    (tmp_path / "b.pcapng").write_bytes(without_comments(log.read_bytes()))
    assert not any(packet["frame.comment"] for packet in packets(tmp_path / "b.pcapng"))
    found, notes = read(tmp_path / "b.pcapng")
    assert notes == {}
    assert [(r.number, r.time) for r in found] == [(r.number, r.time) for r in log_records()]
    for record, original in zip(found, log_records(), strict=True):
        if isinstance(original.item, Message):
            assert record.item == original.item


@pytest.mark.parametrize("order", [1, -1])
def test_merged_taps_are_both_read_in_time(tmp_path: Path, line: Path, log: Path, order: int) -> None:
    run("mergecap", "-w", tmp_path / "both.pcapng", *[line, log][::order])
    found, _ = read(tmp_path / "both.pcapng")
    ours = [*line_records(), *log_records()]
    assert sorted(map(raw, found)) == sorted(map(raw, ours))
    assert [r.time for r in found] == sorted(r.time for r in ours if r.time is not None)
    run("mergecap", "-a", "-w", tmp_path / "after.pcapng", line, log)
    assert [r.item for r in read(tmp_path / "after.pcapng")[0]] == [r.item for r in ours]


def test_packed_by_gzip(tmp_path: Path, line: Path) -> None:
    packed = tmp_path / "a.pcapng.gz"
    packed.write_bytes(gzip.compress(line.read_bytes()))
    assert read(packed) == read(line)


def test_shifted_and_coarser_times_are_read(tmp_path: Path, line: Path) -> None:
    run("editcap", "-t", "+3600.5", line, tmp_path / "b.pcapng")
    shifted = [r.time for r in read(tmp_path / "b.pcapng")[0]]
    assert shifted == [r.time + 3600 * SECOND + SECOND // 2 for r in line_records() if r.time is not None]
    run("editcap", "-F", "pcap", line, tmp_path / "micro.pcap")
    run("editcap", "-F", "pcapng", tmp_path / "micro.pcap", tmp_path / "c.pcapng")
    assert [r.time for r in read(tmp_path / "c.pcapng")[0] if r.item] == [
        r.time // 1000 * 1000 for r in line_records() if r.item and r.time is not None
    ]
