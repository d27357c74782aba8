"""A quick look at a saved session: late notes, the zone, and the taps of a capture."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk, Tap
from sniffer.formats.charger_log import parse_line
from sniffer.formats.pcapng.packet import Packet
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources import probe
from sniffer.sources.probe import FileProbe, probe_file
from tests.known_frames import STATUS_REPORT
from tests.paths import CAPTURES

AT = 1_700_000_000_000_000_000


def save_capture(path: Path, writer: CaptureWriter, *notes: tuple[int, str]) -> Path:
    records = Pipeline(packaged_definition()).feed(Chunk(STATUS_REPORT.raw * 3, AT))
    packets = [writer.encode_record(record) for record in records]
    path.write_bytes(writer.encode_header() + b"".join(packets) + b"".join(writer.encode_note(*note) for note in notes))
    return path


def test_late_notes_are_found_by_their_numbers(tmp_path: Path) -> None:
    path = save_capture(tmp_path / "a.pcapng", CaptureWriter("/dev/ttyUSB0", 9600), (1, "x"), (3, "y"), (1, ""))
    assert probe_file(path) == FileProbe({1: "", 3: "y"}, None, "/dev/ttyUSB0", 9600)


def test_late_notes_of_json_lines_are_found(tmp_path: Path) -> None:
    frame = f'{{"type": "frame", "time": null, "number": 1, "raw": "{STATUS_REPORT.raw.hex()}"}}\n'
    (tmp_path / "a.jsonl").write_text(f'{frame}{{"type": "note", "time": null, "number": 1, "note": "x"}}\n')
    assert probe_file(tmp_path / "a.jsonl") == FileProbe({1: "x"})
    (tmp_path / "b.jsonl").write_text(frame)
    assert probe_file(tmp_path / "b.jsonl") == FileProbe()


def test_several_taps_are_found(tmp_path: Path) -> None:
    writer = CaptureWriter("a + b")
    described = b"".join(writer.encode_tap(Tap(number, name, None, 9600)) for number, name in ((1, "a"), (2, "b")))
    records = Pipeline(packaged_definition()).feed(Chunk(STATUS_REPORT.raw, AT, (), 1))
    path = tmp_path / "a.pcapng"
    path.write_bytes(writer.encode_header() + described + b"".join(map(writer.encode_record, records)))
    assert [tap.name for tap in probe_file(path).taps] == ["a", "b"]


def test_the_zone_of_a_text_log_is_found() -> None:
    found = probe_file(CAPTURES / "undervoltage.log")
    assert found.zone is not None
    assert (found.notes, found.name, found.speed, found.taps) == ({}, "", None, ())


def test_raw_bytes_have_nothing_to_find(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\1\2\3")
    assert probe_file(tmp_path / "a.bin") == FileProbe()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(SourceError, match="the file is empty"):
        probe_file(tmp_path / "a")


def test_an_error_further_on_ends_the_probe_silently(tmp_path: Path) -> None:
    path = save_capture(tmp_path / "a.pcapng", CaptureWriter("tap", 9600))
    path.write_bytes(path.read_bytes() + b"\xff" * 64)
    assert probe_file(path).name == "tap"


def test_the_zone_of_a_log_in_a_capture_is_found(tmp_path: Path) -> None:
    line = next(line for line in (CAPTURES / "undervoltage.log").read_text("utf-8").splitlines() if line)
    parsed = parse_line(line)
    writer = CaptureWriter("a.log", zone=UTC)
    records = Pipeline(packaged_definition()).feed(parsed)
    path = tmp_path / "a.pcapng"
    path.write_bytes(writer.encode_header() + b"".join(map(writer.encode_record, records)))
    zone = probe_file(path).zone
    assert zone is not None
    assert zone.utcoffset(datetime(2026, 1, 15)) == UTC.utcoffset(None)


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ([b"the mark"], True),
        ([b"the ma", b"rk"], True),
        ([b"the m", b"ark here"], True),
        ([b"no", b"thing"], False),
        ([b"mar", b"xk"], False),
        ([], False),
    ],
)
def test_a_mark_is_found_wherever_the_reads_cut_it(
    pieces: list[bytes], found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "read_chunks", lambda _path: iter(pieces))
    assert probe._contains(tmp_path, b"mark") is found


@pytest.mark.parametrize(("notes", "parsed"), [([], 1), ([(1, "x")], 4)])
def test_packets_are_parsed_only_while_there_is_something_to_find(
    notes: list[tuple[int, str]], parsed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_capture(tmp_path / "a.pcapng", CaptureWriter("tap", 9600), *notes)
    packets: list[Packet] = []
    probe_packet = probe._probe_packet

    def count_packet(packet: Packet, found: probe.FileProbe) -> None:
        packets.append(packet)
        probe_packet(packet, found)

    monkeypatch.setattr(probe, "_probe_packet", count_packet)
    assert probe_file(path).name == "tap"
    assert len(packets) == parsed
