"""The recorder of `record --until`: when the session ends, what is said, and that a simulated fault is kept exactly."""

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised
from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapState
from sniffer.recording.black_box import BlackBoxRecorder
from sniffer.recording.black_box_files import BlackBoxLimits
from sniffer.recording.event_files import EventFiles, OneEventFile
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.simulator.traffic import generate_reads
from sniffer.sources.source import Take
from tests.known_frames import STATUS_REPORT
from tests.recording.black_box_helpers import START, contents, expected_files, kept, timed_records
from tests.recording.helpers import DEFINITION
from tests.waiting import until

BAUD = 115200


class Clocked:
    """A source whose clock is set by the test."""

    name = "tap"
    baud: int | None = BAUD
    zone: tzinfo | None = None
    taps: tuple[TapState, ...] = ()
    times_are_first_bytes = False
    about = "a made-up session"
    needs_merging = False

    def __init__(self, *, is_live: bool = True, seconds: float = 0) -> None:
        self.is_live = is_live
        self.time: int | None = START + round(seconds * SECOND)

    def now(self) -> int | None:
        return self.time

    def close(self) -> None:
        """Do nothing."""

    async def run(self, take: Take) -> None:
        """Do nothing: the test gives the records to the recorder."""


def recorder_of(
    folder: Path,
    matches: Callable[[Record], bool],
    *,
    before: float = 30,
    after: float = 30,
    again: bool = False,
    source: Clocked | None = None,
    said: list[str] | None = None,
) -> BlackBoxRecorder:
    path = folder / "a.pcapng"
    return BlackBoxRecorder(
        EventFiles(path) if again else OneEventFile(path),
        BlackBoxLimits(round(before * SECOND), round(after * SECOND), is_repeated=again),
        matches,
        source or Clocked(is_live=False),
        lambda failure: None,
        (said if said is not None else []).append,
    )


def has_fault(record: Record) -> bool:
    return any(isinstance(event, FaultRaised) for event in record.events)


def simulated(scenario: str, seconds: int, seed: int) -> list[Record]:
    """Return the records of a simulated charger."""
    pipeline, records = Pipeline(DEFINITION, baud=BAUD), list[Record]()
    for chunk in generate_reads(scenario, baud=BAUD, start_time=START, seed=seed):
        if (chunk.time or 0) > START + seconds * SECOND:
            return records + pipeline.flush()
        records += pipeline.feed(chunk)
    raise AssertionError("the traffic has no end")


@pytest.mark.parametrize(("before", "after"), [(30, 30), (7.25, 3.5), (0, 10), (10, 0), (1000, 1000)])
async def test_a_simulated_fault_is_kept_with_exactly_the_seconds_around_it(
    tmp_path: Path, before: float, after: float
) -> None:
    records = simulated("undervoltage", 100, 1)
    faults = [record for record in records if has_fault(record)]
    assert faults
    recorder = recorder_of(tmp_path, has_fault, before=before, after=after)
    await recorder.open()
    for start in range(0, len(records), 17):
        recorder.receive(records[start : start + 17])
        await asyncio.sleep(0)
    await recorder.close()
    (expected,) = expected_files(records, faults[:1], before, after, again=False)
    assert kept(tmp_path / "a.pcapng") == contents(expected)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pcapng"]


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
async def test_each_event_of_each_scenario_has_its_seconds(tmp_path: Path, scenario: str) -> None:
    records = simulated(scenario, 240, 2)
    matching = [record for record in records if record.events]
    recorder = recorder_of(tmp_path, lambda record: bool(record.events), before=4, after=2, again=True)
    await recorder.open()
    for start in range(0, len(records), 40):
        recorder.receive(records[start : start + 40])
        await asyncio.sleep(0)
    await recorder.close()
    expected = expected_files(records, matching, 4, 2, again=True)
    assert len(expected) > 1
    assert [kept(path) for path in sorted(tmp_path.iterdir())] == [contents(some) for some in expected]


async def test_the_session_ends_when_a_record_is_later_than_the_event(tmp_path: Path) -> None:
    records = timed_records([0, 50, 79.9, 80.5, 81.1, 90])
    recorder = recorder_of(tmp_path, lambda record: record.number == 2)
    await recorder.open()
    recorder.receive(records[:4])
    assert not recorder.reached.is_set()
    recorder.receive(records[4:])
    assert recorder.reached.is_set()
    await recorder.close()
    assert kept(tmp_path / "a.pcapng") == contents(records[1:3])


async def test_a_silent_line_ends_the_session_as_well(tmp_path: Path) -> None:
    source = Clocked(seconds=80.98)
    recorder = recorder_of(tmp_path, lambda record: record.number == 2, source=source)
    await recorder.open()
    recorder.receive(timed_records([0, 50]))
    assert not recorder.reached.is_set()
    await asyncio.wait_for(recorder.reached.wait(), 30)
    await recorder.close()


@pytest.mark.parametrize("again", [False, True])
async def test_with_again_nothing_but_the_user_ends_it(tmp_path: Path, again: bool) -> None:
    recorder = recorder_of(tmp_path, lambda record: record.number == 1, after=1, again=again, source=Clocked())
    await recorder.open()
    recorder.receive(timed_records([0, 100]))
    assert recorder.reached.is_set() != again
    await recorder.close()


async def test_what_it_waits_for_and_what_it_kept_is_reported(tmp_path: Path) -> None:
    said: list[str] = []
    recorder = recorder_of(tmp_path, lambda record: record.number == 2, before=12.5, after=7, said=said)
    assert recorder.summary == ""
    await recorder.open()
    assert recorder.announcement == "waiting in tap: 12.5 s before and 7 s after the event are kept; Ctrl-C ends it"
    assert recorder.summary == "no record matched: nothing was kept"
    recorder.receive(timed_records([0, 50, 51]))
    await recorder.close()
    await until(lambda: bool(said))
    (event,) = said
    assert event.startswith("event at ")
    assert event.endswith(f", record 2: kept in {tmp_path / 'a.pcapng'}")
    assert recorder.summary == f"kept 2 records around 1 event, into {tmp_path / 'a.pcapng'}"


async def test_a_record_without_a_time_has_that_of_the_one_before(tmp_path: Path) -> None:
    records = timed_records([0, 1])
    recorder = recorder_of(tmp_path, lambda record: record.number == 3, before=0.5)
    await recorder.open()
    recorder.receive([*records, Record(3, None)])
    await recorder.close()
    assert kept(tmp_path / "a.pcapng") == contents(records[1:])


async def test_a_session_without_times_is_refused(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path, lambda record: True)
    await recorder.open()
    with pytest.raises(SourceError, match="tap: it has no times"):
        recorder.receive(Pipeline(DEFINITION).feed(Chunk(STATUS_REPORT.raw)))
    await recorder.close()
    assert list(tmp_path.iterdir()) == []
