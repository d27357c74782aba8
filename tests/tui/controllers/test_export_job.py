"""One export without a screen: slice by slice, to its end or given up."""

import asyncio
import os
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.formats.registry import format_of
from sniffer.session import Session
from sniffer.tui.controllers import export_job
from sniffer.tui.controllers.export_job import ExportJob
from sniffer.tui.screens.export_dialog import ExportRequest
from sniffer.tui.state.session_view import SessionView
from tests.history.records.test_record_store import DEFINITION
from tests.tui.helpers import FakeSource, parameter

FRAMES = [parameter(number) for number in range(500)]


async def read_session(*items: Chunk | LogLine) -> SessionView:
    """Return the view of a session that is read to its end."""
    session_view = SessionView(
        lambda sink: Session(FakeSource(*items), Pipeline(DEFINITION), [sink]), DEFINITION, lambda: None
    )
    await session_view.session.run()
    return session_view


def request(path: Path, first: int, last: int) -> ExportRequest:
    found, packing = format_of(path)
    return ExportRequest(path, found, packing, "range", first, last, replace=False)


async def test_share_rises_to_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_job, "SLICE", 0)
    session_view, shares = await read_session(Chunk(b"".join(FRAMES))), list[float]()
    await ExportJob(request(tmp_path / "a.bin", 101, 400), session_view, DEFINITION, shares.append).run()
    assert shares == sorted(shares)
    assert len(shares) > 100
    assert 0 < shares[0] < 0.1
    assert shares[-1] == 1
    assert (tmp_path / "a.bin").read_bytes() == b"".join(FRAMES[100:400])


async def test_loop_has_its_turn_between_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_job, "SLICE", 0.001)
    session_view = await read_session(Chunk(b"".join(FRAMES)))
    exporting = asyncio.ensure_future(
        ExportJob(request(tmp_path / "a.jsonl", 1, 500), session_view, DEFINITION, lambda _: None).run()
    )
    turns = 0
    while not exporting.done():
        await asyncio.sleep(0)
        turns += 1
    await exporting
    assert turns > 5


async def test_only_notes_that_were_written_count(tmp_path: Path) -> None:
    session_view = await read_session(Chunk(b"".join(FRAMES)))
    for number in (1, 7, 9):
        session_view.set_note(number, f"note {number}")
    for name, notes in (("a.jsonl", {7: "note 7", 9: "note 9"}), ("a.bin", {})):
        job = ExportJob(request(tmp_path / name, 5, 9), session_view, DEFINITION, lambda _: None)
        await job.run()
        assert job.notes == notes
        assert job.count == 5


async def test_a_format_that_holds_none_of_the_records_leaves_no_file(tmp_path: Path) -> None:
    session_view = await read_session(LogLine(None, None, "hello", 1))
    with pytest.raises(OutputError, match=r"\.bin holds none of the records"):
        await ExportJob(request(tmp_path / "a.bin", 1, 1), session_view, DEFINITION, lambda _: None).run()
    assert os.listdir(tmp_path) == []
    await ExportJob(request(tmp_path / "a.csv", 1, 1), session_view, DEFINITION, lambda _: None).run()
    assert os.listdir(tmp_path) == ["a.csv"]


async def test_cancelled_it_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_job, "SLICE", 0)
    session_view, shares = await read_session(Chunk(b"".join(FRAMES))), list[float]()
    exporting = asyncio.ensure_future(
        ExportJob(request(tmp_path / "a.txt", 1, 500), session_view, DEFINITION, shares.append).run()
    )
    while not shares:
        await asyncio.sleep(0)
    assert len(os.listdir(tmp_path)) == 1
    exporting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await exporting
    assert os.listdir(tmp_path) == []
