"""One conversion as it is run: what is refused, lost, printed and written."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from sniffer.base.errors import OutputError, SourceError
from sniffer.commands.convert.convert import convert
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import BaudChange, Chunk, LineError, LineErrorMark, Segments, TapGap, TapRestored
from sniffer.core.wire.links import DBUS, DBUS_EITHER_WAY
from sniffer.formats.charger_log import parse_line
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.formats.registry import FORMATS
from tests.benchmarks.equipment.traffic import charging_frames
from tests.commands.convert.helpers import DEFINITION, SessionItem, read, seen, write
from tests.core.charger.helpers import SAMPLE
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT
from tests.records import records_of
from tests.thoroughness import repetitions

FRAME = KNOWN_FRAMES[2].raw
AT = 1_700_000_000_000_000_000


def lost(*items: SessionItem, to: str, notes: dict[int, str] | None = None, folder: Path) -> str:
    """Return the losses of a session that is converted into a file with the ending `to`."""
    source = write(folder / "a.pcapng", records_of(*items), notes)
    return convert([str(source)], folder / f"b{to}", DEFINITION).lost


@pytest.mark.parametrize("ending", [format_.ending for format_ in FORMATS])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_every_format_is_written_packed_or_not(ending: str, packing: str, tmp_path: Path) -> None:
    plain, packed = tmp_path / f"a{ending}", tmp_path / f"b{ending}{packing}"
    for path in (plain, packed):
        assert convert([str(SAMPLE)], path, DEFINITION).error is None
    unpackers: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        ".gz": gzip.decompress,
        ".zst": lambda data: zstandard.decompress(data, 1 << 20),
    }
    assert unpackers[packing](packed.read_bytes()) == plain.read_bytes()
    assert sorted(os.listdir(tmp_path)) == sorted({plain.name, packed.name})


class TestWhatIsLost:
    def test_nothing_of_a_log_in_a_capture_or_in_json_lines(self, tmp_path: Path) -> None:
        for ending in (".pcapng", ".jsonl", ".log"):
            assert convert([str(SAMPLE)], tmp_path / f"a{ending}", DEFINITION).lost == ""

    def test_raw_bytes_hold_nothing_but_bytes(self, tmp_path: Path) -> None:
        items: list[SessionItem] = [*map(parse_line, SAMPLE.read_text().splitlines()), TapGap(AT, "unplugged")]
        assert lost(*items, to=".bin", notes={2: "a", 5: "b", 13: "c"}, folder=tmp_path) == (
            "not held by .bin: 12 log texts, 3 notes, 1 gap, all times, "
            "27 log lines' numbers or processes, 9 dbus frames' arrows"
        )

    def test_what_was_not_there_is_not_lost(self, tmp_path: Path) -> None:
        assert lost(Chunk(FRAME), to=".bin", folder=tmp_path) == ""

    @pytest.mark.parametrize("ending", [".jsonl", ".log", ".csv"])
    def test_times_finer_than_a_microsecond_are_lost(self, ending: str, tmp_path: Path) -> None:
        items = [Segments(((FRAME, AT + 1),)), Segments(((FRAME, AT + 1000),))]
        printed = lost(*items, to=ending, folder=tmp_path)
        assert "1 time finer than a microsecond" in printed

    def test_log_has_no_place_for_notes_gaps_and_frames_without_direction(self, tmp_path: Path) -> None:
        unknown = DBUS.build(DBUS_EITHER_WAY.head, 1, 0x7777, b"")
        assert lost(Chunk(unknown, AT), TapGap(AT, "x"), to=".log", notes={1: "a"}, folder=tmp_path) == (
            "not held by .log: 1 note, 1 gap, 1 dbus frame of which no direction is known (written as =>Dbus)"
        )
        ((record,), _) = read(tmp_path / "b.log")
        assert seen(record) == ("frame", AT, unknown, "ocpp>com", None, "tap")

    def test_line_that_reads_back_otherwise_is_counted(self, tmp_path: Path) -> None:
        source = tmp_path / "a.jsonl"
        texts = ["fine", "two\nlines", "=>pwrboard:AA 00"]
        found = [{"type": "text", "time": None, "number": 1, "process": None, "text": text} for text in texts]
        source.write_text("".join(json.dumps(line) + "\n" for line in found))
        done = convert([str(source)], tmp_path / "b.log", DEFINITION)
        assert done.lost == "not held by .log: 2 lines that read back otherwise"
        assert (tmp_path / "b.log").read_text() == "fine\ntwo\\nlines\n=>pwrboard:AA 00\n"

    def test_tables_have_no_events(self, tmp_path: Path) -> None:
        for ending in (".csv", ".parquet"):
            done = convert([str(SAMPLE)], tmp_path / f"a{ending}", DEFINITION)
            assert done.lost == f"not held by {ending}: 5 events"

    def test_plain_lines_are_for_people(self, tmp_path: Path) -> None:
        items = [Segments(((FRAME, AT),)), Segments(((bytes(25), AT),)), Segments(((bytes(24), AT),))]
        assert lost(*items, to=".txt", folder=tmp_path) == (
            "not held by .txt: all dates, 1 frame's bytes, 1 end of long noise"
        )


class TestNotes:
    def test_late_note_reaches_its_record_and_the_last_word_holds(self, tmp_path: Path) -> None:
        writer = CaptureWriter("tap")
        records = records_of(*(Segments(((FRAME, AT + at),)) for at in range(3)))
        packets = [writer.encode_record(record, note) for record, note in zip(records, ["one", "two", ""], strict=True)]
        late = [
            writer.encode_note(1, ""),
            writer.encode_note(2, "2nd"),
            writer.encode_note(3, "late"),
            writer.encode_note(3, "later"),
        ]
        source = tmp_path / "a.pcapng"
        source.write_bytes(b"".join([writer.encode_header(), *packets, *late]))
        convert([str(source)], tmp_path / "b.jsonl", DEFINITION)
        lines = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
        assert [(line["number"], line.get("note")) for line in lines if line["type"] == "frame"] == [
            (1, None),
            (2, "2nd"),
            (3, "later"),
        ]

    def test_name_and_speed_of_the_tap_stay(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pcapng", records_of(Chunk(FRAME, AT)))
        convert([str(source)], tmp_path / "b.pcapng", DEFINITION)
        (packet,) = CaptureReader().feed((tmp_path / "b.pcapng").read_bytes())
        assert (packet.interface.name, packet.interface.speed) == ("/dev/ttyUSB0", 115200)

    def test_zone_of_a_log_is_known_from_its_first_time_on(self, tmp_path: Path) -> None:
        source = tmp_path / "a.log"
        source.write_text("no record\n1 2023-11-30T05:30:00+0530 [a] b\n")
        for ending in (".jsonl", ".csv", ".pcapng"):
            convert([str(source)], tmp_path / f"b{ending}", DEFINITION)
        assert "2023-11-30T05:30:00.000000+05:30" in (tmp_path / "b.jsonl").read_text()
        assert "2023-11-30T05:30:00.000000+05:30" in (tmp_path / "b.csv").read_text()
        convert([str(tmp_path / "b.pcapng")], tmp_path / "c.log", DEFINITION)
        assert (tmp_path / "c.log").read_bytes() == source.read_bytes()


def test_a_log_in_a_pipe_keeps_its_zone(tmp_path: Path) -> None:
    log = b"2023-11-30T05:30:49+0530 [a] b\n"
    os.mkfifo(tmp_path / "pipe")
    keeper = os.open(tmp_path / "pipe", os.O_RDWR)
    os.write(keeper, log)
    # The pipe ends when this process has closed its last writing end.
    writer = os.open(tmp_path / "pipe", os.O_WRONLY)
    reader = threading.Timer(0.2, lambda: [*map(os.close, (keeper, writer))])
    reader.start()
    convert([str(tmp_path / "pipe")], tmp_path / "a.log", DEFINITION)
    reader.join()
    assert (tmp_path / "a.log").read_bytes() == log


def test_plain_lines_show_the_time_since_the_last_record_that_has_one(tmp_path: Path) -> None:
    items: list[SessionItem] = [
        Segments(((FRAME, AT),)),
        LogLine(None, None, "a line without a time", None),
        Segments(((FRAME, AT + 1_250_000_000),)),
        Segments(((FRAME, AT + 1_500_000_000),)),
    ]
    convert([str(write(tmp_path / "a.pcapng", records_of(*items)))], tmp_path / "a.txt", DEFINITION)
    lines = (tmp_path / "a.txt").read_text().splitlines()
    shown = {words[0]: words[2] for line in lines if (words := line.split())[0] in ("3", "4")}
    assert shown == {"3": "1.250", "4": "0.250"}


class TestWhatIsRefused:
    def test_file_that_is_there_is_replaced_by_force_only(self, tmp_path: Path) -> None:
        path = tmp_path / "a.bin"
        path.write_text("mine")
        with pytest.raises(OutputError, match=r"a\.bin: the file exists already: .* --force"):
            convert([str(SAMPLE)], path, DEFINITION)
        assert path.read_text() == "mine"
        convert([str(SAMPLE)], path, DEFINITION, replace=True)
        assert path.read_bytes().startswith(b"\xff\x6a\xa6")

    def test_file_can_take_its_own_place(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.pcapng", records_of(Chunk(FRAME, AT)))
        before = path.read_bytes()
        convert([str(path)], path, DEFINITION, replace=True)
        assert path.read_bytes() == before

    @pytest.mark.parametrize("name", ["a", "a.pcap", "a.gz"])
    def test_ending_that_is_no_format(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="the name has to end in"):
            convert([str(SAMPLE)], tmp_path / name, DEFINITION)

    def test_what_is_no_saved_session(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="demo: convert reads saved sessions"):
            convert(["demo"], tmp_path / "a.bin", DEFINITION)

    @pytest.mark.parametrize("ending", [".csv", ".parquet"])
    def test_table_is_not_read_back(self, ending: str, tmp_path: Path) -> None:
        convert([str(SAMPLE)], tmp_path / f"a{ending}", DEFINITION)
        with pytest.raises(SourceError, match="a table that was written for other tools"):
            convert([str(tmp_path / f"a{ending}")], tmp_path / "b.bin", DEFINITION)

    def test_what_breaks_at_once_leaves_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_text('{"type": "frame"}\n')
        with pytest.raises(SourceError, match=r"no line of it is one of `dump --json` \(line 1: it has no raw"):
            convert([str(tmp_path / "a.jsonl")], tmp_path / "b.parquet", DEFINITION)
        assert os.listdir(tmp_path) == ["a.jsonl"]


MEASURE = """
import resource, sys
from pathlib import Path
from sniffer.commands.convert.convert import convert
from sniffer.core.protocol.loader import packaged_definition
convert([sys.argv[1]], Path(sys.argv[2]), packaged_definition())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_memory_does_not_grow_with_the_session(ending: str, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = tmp_path / f"{count}.bin"
        source.write_bytes(b"".join(charging_frames(count)))
        command = [sys.executable, "-c", MEASURE, str(source), str(tmp_path / f"{count}{ending}")]
        return int(subprocess.run(command, capture_output=True, check=True, timeout=100).stdout)

    count = repetitions(20_000, 40_000)
    assert peak(2 * count) < 1.25 * peak(count)


def test_items_of_a_tap_beside_the_bytes_are_counted_as_lost(tmp_path: Path) -> None:
    pipeline = Pipeline(packaged_definition())
    items = (
        BaudChange(1, 115200, "2 of 2 frames valid"),
        Chunk(STATUS_REPORT.raw, 2, (LineErrorMark(3, LineError.FRAMING),), 2),
        TapRestored(3, "the same port"),
    )
    records = [record for item in items for record in pipeline.feed(item)]
    writer = CaptureWriter("tap")
    (tmp_path / "a.pcapng").write_bytes(writer.encode_header() + b"".join(map(writer.encode_record, records)))
    lost = {
        ending: convert([str(tmp_path / "a.pcapng")], tmp_path / f"a{ending}", packaged_definition()).lost
        for ending in (".log", ".csv", ".jsonl")
    }
    assert "2 returns and rates of taps" in lost[".log"]
    assert "1 line error" in lost[".log"]
    assert "1 record's tap, 1 line error" in lost[".csv"]
    assert "tap" not in lost[".jsonl"]
    rows = (tmp_path / "a.csv").read_text().splitlines()
    assert any(",rate," in row and "115200: 2 of 2 frames valid" in row for row in rows)
    assert any(",back," in row and "the same port" in row for row in rows)
