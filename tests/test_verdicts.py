"""Every view of a session has the same verdict on the link and on faults: screen, `dump`, `status` and reports.

Each sample and each scenario of the simulated charger goes through all of them.
"""

import json
import re
from pathlib import Path

import pytest

from sniffer.base.times import SECOND
from sniffer.commands.report.render import format_report, read_report
from sniffer.commands.status import format_status, read_status
from sniffer.core.charger.health.link_health import Health
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Idle
from sniffer.formats.jsonl.writer import objects_of
from sniffer.session import Session
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.sources.open import open_source, pipeline_for
from sniffer.text.link_health import HEALTH_WORDS
from sniffer.tui.app import SnifferApp
from tests.core.protocol.helpers import DEFINITION
from tests.helpers import Collector
from tests.paths import CAPTURES
from tests.sample_sessions import BEGAN, played, recorded, written
from tests.tui.helpers import part, until

SAMPLES = sorted(path.name for path in CAPTURES.iterdir() if path.suffix in (".pcapng", ".log"))


@pytest.fixture(params=[*SAMPLES, *SCENARIOS])
def session_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a sample, or the recording of a scenario."""
    if request.param in SAMPLES:
        return CAPTURES / str(request.param)
    path: Path = tmp_path / f"{request.param}.pcapng"
    path.write_bytes(written(recorded(played(request.param, 38))))
    return path


async def test_every_view_says_the_same(session_file: Path) -> None:
    name = str(session_file)
    source = open_source(name)
    collector = Collector()
    status, _ = await read_status(Session(source, pipeline_for(source, DEFINITION), [collector]), None)
    words, snapshot = HEALTH_WORDS[status.link.health], status.snapshot
    has_fault = bool(snapshot.faults)
    assert format_status(status, DEFINITION).startswith(words)

    printed = [found for record in collector.records for found in objects_of(record, DEFINITION, source.zone)]
    changes = [found["health"] for found in printed if found.get("event") == "link_health"]
    assert changes[-1] == status.link.health.value
    raised = [found["event"] for found in printed if str(found.get("event")).startswith("fault_")]
    assert (bool(raised) and raised[-1] != "fault_cleared") == has_fault

    header, glance = await _read_screen(name)
    assert words in header
    assert ("▲" in glance) == has_fault
    assert ("unknown" in glance) == (not snapshot.connectors)


def test_every_report_says_the_same(session_file: Path) -> None:
    report, _ = read_report(open_source(str(session_file)), DEFINITION, None)
    text, page = format_report([report], "text"), format_report([report], "html")
    found = json.loads(format_report([report], "json"))
    is_alive = report.health.health is Health.ALIVE
    assert found["health"] == report.health.health.value
    for shown in (text, re.sub(r"<[^>]*>", "", page)):
        assert ("the link is alive at the end" in shown) == is_alive
        assert ("was heard: state and faults unknown" in shown) == (not report.has_board_frames)
        assert ("no fault was seen in" in shown) == (not report.faults and bool(report.lanes))
        assert ("active at the end" in shown) == bool(report.active_faults)


async def _read_screen(name: str) -> tuple[str, str]:
    """Return the two lines at the top of the screen when the whole file is read."""
    source = open_source(name)
    app = SnifferApp(lambda sink: Session(source, pipeline_for(source, DEFINITION), [sink]), DEFINITION)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "all read" in part(pilot, "header"))
        await pilot.pause()
        return part(pilot, "header"), part(pilot, "glance")


async def test_a_file_that_ends_in_silence_is_judged_at_its_last_bytes_by_each_view(tmp_path: Path) -> None:
    path = tmp_path / "quiet.pcapng"
    pipeline = Pipeline(DEFINITION)
    records = [record for chunk in played("charging", 20) for record in pipeline.feed(chunk)]
    records += [*pipeline.flush(), *pipeline.feed(Idle(BEGAN + 90 * SECOND))]
    path.write_bytes(written(records))
    source = open_source(str(path))
    status, _ = await read_status(Session(source, pipeline_for(source, DEFINITION)), None)
    assert format_status(status, DEFINITION) == "ALIVE · connector 1 Charging · no active fault"
    header, glance = await _read_screen(str(path))
    assert "ALIVE" in header
    assert "no active fault" in glance
    assert "ago" not in glance


async def test_a_replay_shows_the_verdict_of_its_moment(tmp_path: Path) -> None:
    path = tmp_path / "pause.pcapng"
    pipeline = Pipeline(DEFINITION)
    reads = [*played("charging", 50)]
    before = [record for chunk in reads if (chunk.time or 0) < BEGAN + 20 * SECOND for record in pipeline.feed(chunk)]
    before += [*pipeline.flush(), *pipeline.feed(Idle(BEGAN + 40 * SECOND))]
    after = [record for chunk in reads if (chunk.time or 0) > BEGAN + 45 * SECOND for record in pipeline.feed(chunk)]
    path.write_bytes(written([*before, *after, *pipeline.flush()]))
    source = open_source(str(path))
    app = SnifferApp(lambda sink: Session(source, pipeline_for(source, DEFINITION), [sink]), DEFINITION)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "ALIVE" in part(pilot, "header") and "all read" in part(pilot, "header"))
        await pilot.press("colon", *str(len(before)), "enter", "right", "left")
        await until(pilot, lambda: "REPLAY SILENT" in part(pilot, "header"))
