"""A capture as a source: whole, packed, cut off, damaged, and somebody else's."""

import asyncio
import gc
import gzip
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from struct import pack
from time import sleep

import pytest

from sniffer.base.errors import CutOffError, SourceError
from sniffer.base.times import SECOND
from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.decoded_frames import DecodedFrames
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.session import Session
from sniffer.sources import capture_file
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.file_options import FileOptions
from sniffer.sources.open import open_source, share_out
from sniffer.sources.parallel import decoding_helper
from sniffer.sources.parallel.decoding_helper import DecodingHelper, FilePiece
from sniffer.sources.source import Item
from tests.benchmarks.equipment.capture_shapes import SHAPES
from tests.records import records_of
from tests.sources.parallel.test_decoding_helper import has_ended
from tests.tui.helpers import captured, parameter, status_report

DEFINITION = packaged_definition()
RECORDS = records_of(*(Chunk(parameter(number), number * SECOND) for number in range(1, 6)), Chunk(b"\1", 9 * SECOND))


def written(records: Sequence[Record]) -> list[bytes]:
    """Return the head of a capture, and the packet of each record."""
    writer = CaptureWriter("tap")
    return [writer.encode_header(), *map(writer.encode_record, records)]


WHOLE = written(RECORDS)


class Kept:
    """All records of a session."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def receive(self, records: Sequence[Record]) -> None:
        """Keep them."""
        self.records += records


def session_of(path: Path) -> tuple[Session, Kept]:
    kept = Kept()
    return Session(open_source(str(path)), Pipeline(DEFINITION), [kept], idle=0.01), kept


def save(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize("name", ["a.pcapng", "a.bin", "a.log", "a"])
async def test_content_decides_that_it_is_a_capture(tmp_path: Path, name: str) -> None:
    session, kept = session_of(save(tmp_path / name, *WHOLE))
    assert isinstance(session.source, CaptureSource)
    await session.run()
    assert kept.records == RECORDS
    assert (session.source.is_live, session.source.now()) == (False, 9 * SECOND)


async def test_a_packed_capture_has_the_same_records(tmp_path: Path) -> None:
    session, kept = session_of(save(tmp_path / "a.pcapng.gz", gzip.compress(b"".join(WHOLE))))
    await session.run()
    assert kept.records == RECORDS


async def test_log_has_its_zone_again(tmp_path: Path) -> None:
    records = records_of(*captured())
    session, kept = session_of(save(tmp_path / "a.pcapng", *written(records)))
    await session.run()
    assert kept.records == records
    zone = session.source.zone
    assert zone is not None
    assert str(zone) == "UTC"


@pytest.mark.parametrize("missing", [1, 20, len(WHOLE[-1]) - 1])
async def test_capture_that_was_cut_off_is_read_up_to_its_last_whole_packet(tmp_path: Path, missing: int) -> None:
    session, kept = session_of(save(tmp_path / "a.pcapng", b"".join(WHOLE)[:-missing]))
    with pytest.raises(CutOffError, match="cut off after packet 5; all before it was read"):
        await session.run()
    assert kept.records == RECORDS[:-1]


async def test_damage_is_reported_after_all_before_it(tmp_path: Path) -> None:
    session, kept = session_of(save(tmp_path / "a.pcapng", *WHOLE, bytes(16)))
    with pytest.raises(SourceError, match=rf"a\.pcapng: damaged at byte {len(b''.join(WHOLE))}"):
        await session.run()
    assert kept.records[:-1] == RECORDS
    assert kept.records[-1].item is None


def foreign(*packets: bytes, link_type: int = 250) -> bytes:
    """Return a capture of another program: its packets are cut anywhere."""
    capture = WHOLE[0] + pack("<IIHHII", 1, 20, link_type, 0, 0, 20)
    for number, data in enumerate(packets):
        body = pack(">IIBBH", 0, number, 2, 0, 0) + data
        size = 32 + len(body) + -len(body) % 4
        capture += pack("<IIIIIII", 6, size, 0, 0, number, len(body), len(body))
        capture += body + bytes(-len(body) % 4) + pack("<I", size)
    return capture


async def test_capture_of_somebody_else_is_framed_across_its_packets(tmp_path: Path) -> None:
    frames = status_report("Available") + parameter(2)
    packets = (frames[:1], frames[1:9], frames[9:25], frames[25:])
    session, kept = session_of(save(tmp_path / "a.pcapng", foreign(*packets)))
    await session.run()
    assert [r.item.frame.raw for r in kept.records if isinstance(r.item, Message)] == [frames[:18], frames[18:]]
    assert [r.time for r in kept.records] == [0, 2000]


async def test_the_error_of_another_kind_of_capture_names_it(tmp_path: Path) -> None:
    session, kept = session_of(save(tmp_path / "a.pcapng", foreign(b"abc", link_type=1)))
    with pytest.raises(
        SourceError, match=r"a\.pcapng: link type 1 \(Ethernet\) is not a serial line's: .* --dlt 1=raw$"
    ):
        await session.run()
    assert not kept.records


async def test_rate_of_the_line_is_the_captures(tmp_path: Path) -> None:
    writer = CaptureWriter("tap", 19200)
    session, kept = session_of(save(tmp_path / "a.pcapng", writer.encode_header(), *map(writer.encode_record, RECORDS)))
    assert session.source.baud is None
    await session.run()
    assert session.source.baud == 19200
    assert kept.records == RECORDS


async def test_the_share_that_was_read_is_known_of_a_plain_file_only(tmp_path: Path) -> None:
    whole = b"".join(WHOLE)
    packed = tmp_path / "a.pcapng.gz"
    packed.write_bytes(gzip.compress(whole))
    for path, share in ((save(tmp_path / "a.pcapng", *WHOLE), 1.0), (packed, 0.0)):
        source = CaptureSource(path)
        assert source.progress == 0.0
        await source.run(lambda item: None)
        assert source.progress == share


async def test_a_capture_is_read_without_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    path = save(tmp_path / "a.pcapng", *WHOLE)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await CaptureSource(path).run(lambda item: None)
    # The loop gets a turn after each piece of the file.
    assert pauses == [0]


class TestSharedOut:
    """A large capture, of which a second process decodes the frames."""

    @pytest.fixture(autouse=True)
    def everything_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(capture_file, "LARGE", 1)
        monkeypatch.setattr(capture_file, "LARGE_PACKED", 1)
        monkeypatch.setattr(decoding_helper, "has_second_core", lambda: True)
        monkeypatch.setattr(capture_file, "SHARED_SIZE", 2000)
        # On a small file, decoding would be over before the process is ready.
        begin = DecodingHelper.__init__

        def begin_and_wait(helper: DecodingHelper, definition: Definition, file: Path) -> None:
            begin(helper, definition, file)
            while not helper.is_ready:
                sleep(0.01)

        monkeypatch.setattr(DecodingHelper, "__init__", begin_and_wait)

    @pytest.mark.parametrize("name", ["own.pcapng", "two-interfaces.pcapng"])
    async def test_the_records_are_the_same(self, tmp_path: Path, name: str) -> None:
        whole = b"".join(SHAPES[name](200))
        ahead = 0
        for path in (save(tmp_path / name, whole[:-3]), save(tmp_path / "packed.gz", gzip.compress(whole[:-3]))):
            plain, expected = session_of(path)
            with pytest.raises(CutOffError) as first:
                await plain.run()
            shared, kept = session_of(path)
            share_out(shared.source, DEFINITION)
            with pytest.raises(CutOffError) as second:
                await shared.run()
            assert kept.records == expected.records
            assert str(second.value) == str(first.value)
            assert shared.snapshot() == plain.snapshot()
            source = CaptureSource(path)
            source.share_out(DEFINITION)
            items: list[Item] = []
            with pytest.raises(CutOffError):
                await source.run(items.append)
            ahead += sum(len(item.messages) for item in items if isinstance(item, DecodedFrames))
        assert ahead > 200

    async def test_a_process_that_was_killed_is_an_error_after_all_that_was_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        send = DecodingHelper.send_piece

        def send_and_kill(helper: DecodingHelper, piece: FilePiece) -> None:
            send(helper, piece)
            assert helper._process.pid
            # It may be dead since the piece before.
            with suppress(ProcessLookupError):
                os.kill(helper._process.pid, signal.SIGKILL)

        monkeypatch.setattr(DecodingHelper, "send_piece", send_and_kill)
        session, kept = session_of(save(tmp_path / "a.pcapng", *SHAPES["own.pcapng"](200)))
        share_out(session.source, DEFINITION)
        with pytest.raises(SourceError, match=r"a\.pcapng: the process that helps .* enough memory\? All before"):
            await session.run()
        assert 0 < len(kept.records) < 200
        gc.collect()
        assert not caplog.records

    async def test_a_session_that_is_interrupted_ends_the_process(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pids: list[int] = []
        send = DecodingHelper.send_piece

        def send_and_interrupt(helper: DecodingHelper, piece: FilePiece) -> None:
            assert helper._process.pid
            pids.append(helper._process.pid)
            reading.cancel()
            send(helper, piece)

        monkeypatch.setattr(DecodingHelper, "send_piece", send_and_interrupt)
        session, _ = session_of(save(tmp_path / "a.pcapng", *SHAPES["own.pcapng"](200)))
        share_out(session.source, DEFINITION)
        reading = asyncio.create_task(session.run())
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert pids
        assert has_ended(pids[0])

    async def test_damage_is_reported_as_without_it(self, tmp_path: Path) -> None:
        session, kept = session_of(save(tmp_path / "a.pcapng", *WHOLE, bytes(16)))
        share_out(session.source, DEFINITION)
        with pytest.raises(SourceError, match=rf"a\.pcapng: damaged at byte {len(b''.join(WHOLE))}"):
            await session.run()
        assert kept.records[:-1] == RECORDS

    async def test_a_packed_file_that_was_cut_off_is_read_up_to_there(self, tmp_path: Path) -> None:
        packed = gzip.compress(b"".join(SHAPES["own.pcapng"](200)))
        path = save(tmp_path / "a.pcapng.gz", packed[: len(packed) * 2 // 3])
        (plain, expected), (shared, kept) = session_of(path), session_of(path)
        share_out(shared.source, DEFINITION)
        for session in (plain, shared):
            with pytest.raises(CutOffError):
                await session.run()
        assert kept.records == expected.records
        assert len(kept.records) > 50

    async def test_frames_whose_direction_is_reported_by_others_are_not_decoded_ahead(self, tmp_path: Path) -> None:
        source = CaptureSource(save(tmp_path / "a.pcapng", *WHOLE))
        source.share_out(load_definition(["modbus"]))
        assert source._definition is None
        source.share_out(DEFINITION)
        assert source._definition is DEFINITION


@pytest.mark.parametrize(("size", "cores", "is_shared"), [(100, True, True), (100, False, False), (101, True, False)])
def test_only_a_large_file_on_several_cores_is_shared_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, cores: bool, is_shared: bool
) -> None:
    monkeypatch.setattr(capture_file, "LARGE", size)
    monkeypatch.setattr(decoding_helper, "has_second_core", lambda: cores)
    source = CaptureSource(save(tmp_path / "a.pcapng", b"".join(WHOLE)[:100]))
    source.share_out(DEFINITION)
    assert (source._definition is not None) is is_shared


async def test_the_end_is_not_shown_early_if_records_are_not_packets(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(b"".join(written(RECORDS)))
    tails = [
        await CaptureSource(path, FileOptions(definition=definition)).read_tail(3)
        for definition in (None, DEFINITION, load_definition(["modbus"]))
    ]
    assert [tail is None for tail in tails] == [False, False, True]
