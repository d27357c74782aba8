"""Tests of the two lines at the top."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.recording.recorder import RecordingState
from sniffer.session import Session
from sniffer.sources.open import open_source, pipeline_for
from sniffer.tui.app import SnifferApp
from sniffer.tui.bars.header import Header, list_fault_texts
from sniffer.tui.state.view_state import SourceState, Status, View
from tests.core.charger.measurements.helpers import MeasuredCharger
from tests.paths import CAPTURES
from tests.tui.helpers import (
    FakeSource,
    parameter,
    part,
    replayed,
    running,
    sees,
    status_report,
)


async def test_glance_is_whole_at_every_size() -> None:
    async with replayed() as pilot:
        for size in ((80, 24), (120, 36), (200, 60)):
            await pilot.resize_terminal(*size)
            for text in ("Faulted 9 V B", "▲ Under voltage", "= frames 256 + noise 0", "pending"):
                await sees(pilot, "glance", text)


async def test_fault_gives_way_before_the_ledger() -> None:
    async with replayed((60, 24)) as pilot:
        shown = part(pilot, "glance")
        assert "▲ U" in shown
        assert "…" in shown
        assert "256 B = 256 + noise 0" in shown


async def test_header_has_the_state_the_baud_rates_and_the_number_of_records() -> None:
    source = FakeSource(live=True, baud=115200, ends=False)
    async with running(source) as pilot:
        source.frames(parameter(1))
        await sees(pilot, "header", "1 record ")
        assert "◐ ONE SIDE ONLY (com>pwr for 0 s)" in part(pilot, "header")
        assert "115200 baud" in part(pilot, "header")
        source.frames(parameter(2))
        await sees(pilot, "header", "2 records")


@pytest.mark.parametrize(("width", "shown"), [(120, "● REC a.pcapng 3.0 MB"), (80, "● REC 3.0 MB")])
async def test_header_names_the_recording_where_there_is_room(width: int, shown: str) -> None:
    async with running(FakeSource(ends=False), (width, 24)) as pilot:
        status = Status("port", (), SourceState.LIVE, recording=RecordingState(Path("/home/a.pcapng"), 3_000_000))
        header = pilot.app.screen.query_one(Header)
        header.show(View(), status)
        assert shown in str(header.render())
        header.show(View(), replace(status, recording=RecordingState(None, 3_000_000)))
        assert "● REC 3.0 MB" in str(header.render())
        header.show(View(), replace(status, recording=RecordingState(failure="the disk is full")))
        assert "REC" not in str(header.render())


async def test_header_shows_whether_the_session_is_published() -> None:
    async with running(FakeSource(ends=False), (80, 24)) as pilot:
        status = Status("port", (), SourceState.LIVE)
        header = pilot.app.screen.query_one(Header)
        header.show(View(), status)
        assert "↑" not in str(header.render())
        header.show(View(), replace(status, publishing=PublishState(is_connected=True)))
        assert "↑ PUB" in str(header.render())
        header.show(View(), replace(status, publishing=PublishState(failure="no broker")))
        assert "↑ not published" in str(header.render())


async def test_narrow_header_leaves_out_facts_before_the_name() -> None:
    source = FakeSource(live=True, baud=115200, ends=False, name="workbench")
    async with running(source, (34, 24)) as pilot:
        await sees(pilot, "header", "workb")
        assert "baud" not in part(pilot, "header")


async def test_summary_before_the_first_status_report() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await sees(pilot, "glance", "state unknown │ faults unknown │ 0 bytes = frames 0 + noise 0")


async def test_summary_names_the_connector_by_the_width() -> None:
    async with replayed((102, 24)) as pilot:
        await sees(pilot, "glance", "connector 1 Faulted")
    async with replayed((101, 24)) as pilot:
        await sees(pilot, "glance", "C1 Faulted")


async def test_summary_of_the_station_and_of_a_second_fault() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        for number in (1, 2):
            report = status_report("Faulted", connector=number, ocpp_error="UnderVoltage", m4_error=4, sequence=number)
            source.frames(report)
        await sees(pilot, "glance", "(M4 4) +1 │")
    async with running(FakeSource(Chunk(status_report("Available", connector=0), 1))) as pilot:
        await sees(pilot, "glance", "station Available │")


async def test_summary_says_for_how_long_registration_is_pending_where_there_is_room() -> None:
    for width, text in (
        (122, "│ registration pending for 5 s"),
        (121, "│ pending for 5 s"),
        (102, "│ pending for 5 s"),
        (101, "│ pending"),
    ):
        async with replayed((width, 24)) as pilot:
            await sees(pilot, "glance", text)
            assert part(pilot, "glance").rstrip().endswith(text)


async def test_restarts_and_boot_loops_are_counted_in_the_summary() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 24)) as pilot:
        source.frames(parameter(0x9700), parameter(6))
        await sees(pilot, "glance", "│ 1 restart")
        source.frames(*(parameter(counter) for counter in (0x9700, 7, 0x9700, 8)))
        await sees(pilot, "glance", "│ ∞ 3 restarts")


def test_an_implausible_value_is_no_all_clear() -> None:
    charger = MeasuredCharger()
    for second in (0, 30, 60):
        charger.at(second).status("Preparing")
        charger.meter(current=12.0)
    snapshot = charger.bench.now
    assert list_fault_texts(snapshot, None) == ["no active fault · 1 implausible", "no fault · 1 implausible"]


async def test_that_it_is_registered_gives_way_to_an_earlier_fault() -> None:
    path = CAPTURES / "mains-sag.pcapng"
    source = open_source(str(path))
    known = packaged_definition()
    app = SnifferApp(lambda sink: Session(source, pipeline_for(source, known), [sink]), known)
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "glance", "no fault · 1 earlier (a)")
        assert "registered" not in part(pilot, "glance")
        await pilot.resize_terminal(120, 24)
        await sees(
            pilot, "glance", "no active fault · 1 earlier (a) │ 1,851 bytes = frames 1,851 + noise 0 │ registered"
        )
