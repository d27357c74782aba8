"""A file that Wireshark's own tools write is read as the capture that it was made from, and as tshark reads it."""

import asyncio
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from sniffer.base.errors import SkippedError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Frame, Noise
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.session import Session
from sniffer.sources.open import open_source
from tests.formats.pcap.helpers import header, record, rtac
from tests.formats.pcapng.test_reader import interface, option, packet, section
from tests.paths import CAPTURES
from tests.tools import need

SAMPLES = ("bad-line", "charging", "mains-sag", "one-side", "pending", "restarts")
ETHERNET = bytes(12) + b"\x08\0" + bytes(46)


class Records:
    """Keeps all records of a session."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def receive(self, records: Sequence[Record]) -> None:
        """Keep the records."""
        self.records += records


def read(path: Path) -> tuple[list[Record], str]:
    """Return the records of a capture, and the notice at its end."""
    kept, notice = Records(), ""
    try:
        asyncio.run(Session(open_source(str(path)), Pipeline(packaged_definition()), [kept]).run())
    except SkippedError as error:
        notice = str(error).removeprefix(f"{path}: ")
    return kept.records, notice


def run(tool: str, *words: str | Path) -> str:
    return subprocess.run([need(tool), *map(str, words)], capture_output=True, text=True, check=True, timeout=60).stdout


def dissect(path: Path) -> list[tuple[int | None, bytes]]:
    """Return the time in nanoseconds and the bytes of each packet with bytes, as tshark reads them."""
    fields = ("-e", "frame.time_epoch", "-e", "data.data")
    lines = run("tshark", "-n", "-r", path, "-T", "fields", *fields).splitlines()
    parts = [line.split("\t") for line in lines]
    return [(int(time.replace(".", "")), bytes.fromhex(data)) for time, data in parts if data]


def pieces_of(records: Sequence[Record]) -> list[tuple[int | None, bytes]]:
    """Return the time and the bytes of each frame and piece of noise."""
    items = (record.item for record in records)
    frames = (item.frame if isinstance(item, Message) else item for item in items)
    return [(one.time, one.raw) for one in frames if isinstance(one, Frame | Noise)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_classic_copy_of_a_capture_is_the_same_session(name: str, tmp_path: Path) -> None:
    source, copy = CAPTURES / f"{name}.pcapng", tmp_path / f"{name}.pcap"
    run("editcap", "-F", "nsecpcap", source, copy)
    (records, notice), (expected, _) = read(copy), read(source)
    assert notice == ""
    assert [(one.item, one.events) for one in records] == [(one.item, one.events) for one in expected]
    assert pieces_of(records) == dissect(copy)


def test_a_classic_copy_with_microseconds_has_the_same_frames(tmp_path: Path) -> None:
    source, copy = CAPTURES / "mains-sag.pcapng", tmp_path / "sag.pcap"
    run("editcap", "-F", "pcap", source, copy)
    ours = pieces_of(read(source)[0])
    assert pieces_of(read(copy)[0]) == [(time and time // 1000 * 1000, raw) for time, raw in ours] == dissect(copy)


def test_a_network_capture_merged_into_one_of_a_line_is_skipped_and_counted_once(tmp_path: Path) -> None:
    ethernet, merged = tmp_path / "ethernet.pcap", tmp_path / "m.pcapng"
    ethernet.write_bytes(header(link_type=1) + record(ETHERNET) * 3)
    run("mergecap", "-w", merged, CAPTURES / "charging.pcapng", ethernet)
    records, notice = read(merged)
    expected = [one for one in read(CAPTURES / "charging.pcapng")[0] if isinstance(one.item, Message)]
    assert expected
    assert [one.item for one in records if isinstance(one.item, Message)] == [one.item for one in expected]
    assert notice == "skipped: 3 packets of link type 1 (Ethernet); all others were read"


def test_two_foreign_captures_merged_are_two_lines(tmp_path: Path) -> None:
    frames = [
        item.frame.raw
        for item in (one.item for one in read(CAPTURES / "charging.pcapng")[0])
        if isinstance(item, Message)
    ]
    one, two, merged = tmp_path / "1.pcap", tmp_path / "2.pcap", tmp_path / "m.pcapng"
    for path, frame, at in ((one, frames[0], 1), (two, frames[1], 2)):
        halves = [rtac(RtacEvent.RECEIVED, half) for half in (frame[:4], frame[4:])]
        path.write_bytes(header() + record(halves[0], at) + record(halves[1], at + 2))
    run("mergecap", "-I", "none", "-w", merged, one, two)
    assert pieces_of(read(merged)[0]) == [(10**9, frames[0]), (2 * 10**9, frames[1])]


def test_lengths_without_padding_and_impossible_sizes_are_read_as_tshark_reads_them(tmp_path: Path) -> None:
    path, data = tmp_path / "a.pcapng", rtac(RtacEvent.RECEIVED, b"\1\2\3\4\5\6")
    whole = packet("<", 1_000_000, data)
    assert len(whole) == 52
    short = struct.pack("<I", 50)
    unpadded = whole[:4] + short + whole[8:-4] + short
    mixed = whole[:4] + short + whole[8:]
    longer = whole[:24] + struct.pack("<I", 4) + whole[28:]
    path.write_bytes(section("<") + interface("<") + unpadded + mixed + longer + whole)
    (noise,) = pieces_of(read(path)[0])
    assert noise == (10**9, data[12:] * 4)
    assert b"".join(raw for _, raw in dissect(path)[:2]) == data[12:] * 2
    assert run("tshark", "-r", path, "-T", "fields", "-e", "frame.cap_len").split() == ["18"] * 4


def test_packets_that_were_dropped_are_losses(tmp_path: Path) -> None:
    path, data = tmp_path / "a.pcapng", rtac(RtacEvent.RECEIVED, b"\1")
    dropped = packet("<", 1_000_000, data, option("<", 4, struct.pack("<Q", 3)))
    path.write_bytes(section("<") + interface("<") + dropped + packet("<", 2_000_000, data))
    run("editcap", path, tmp_path / "b.pcapng")
    reasons = [
        event.reason for one in read(tmp_path / "b.pcapng")[0] for event in one.events if hasattr(event, "reason")
    ]
    assert reasons[:1] == ["3 packets dropped while it was captured"]
