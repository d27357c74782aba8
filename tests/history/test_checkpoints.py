"""The session at any record: what was known then, wherever one comes from."""

import gc

from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.history import checkpoints
from sniffer.history.checkpoints import CHECKPOINT_LIMIT, Checkpoints
from sniffer.history.records.record_store import RecordStore
from sniffer.simulator.traffic import generate_reads
from tests.benchmarks.equipment.traffic import charging_frames
from tests.thoroughness import repetitions
from tests.tui.helpers import captured

DEFINITION = packaged_definition()


def read(items: list[Chunk], *, apart: int) -> tuple[Checkpoints, list[Snapshot]]:
    """Return a replay of these items, and what was known after each record: one item gives one record."""
    pipeline, store = Pipeline(DEFINITION), RecordStore(DEFINITION)
    found = Checkpoints(store, lambda: Charger(DEFINITION), pipeline.charger, apart=apart)
    known = [pipeline.snapshot()]
    for item in items:
        records = pipeline.feed(item)
        assert len(records) <= 1
        store.receive(records)
        found.receive(records)
        known += [pipeline.snapshot()] * len(records)
    return found, known


def frames() -> list[Chunk]:
    return [Chunk(frame, number * 1_000_000) for number, frame in enumerate(charging_frames(300))]


@settings(deadline=None, max_examples=repetitions(10, 30))
@given(st.lists(st.integers(0, 300), max_size=12), st.sampled_from([7, 64, 10_000]))
def test_moment_is_what_was_known_then(moments: list[int], apart: int) -> None:
    found, known = read(frames(), apart=apart)
    for moment in moments:
        assert found.at(moment) == known[moment]


def test_capture_is_known_line_by_line() -> None:
    found, known = read(captured(), apart=10)  # type: ignore[arg-type]
    for moment in range(len(known) - 1, -1, -1):
        assert found.at(moment) == known[moment], moment


def test_copies_are_bounded_and_spread_over_the_session() -> None:
    found, known = read(frames(), apart=1)
    assert len(found.copied) <= CHECKPOINT_LIMIT
    apart = [after - before for before, after in zip(found.copied, found.copied[1:], strict=False)]
    assert max(apart) <= 4
    assert found.at(151) == known[151]


def test_copy_goes_on_by_itself() -> None:
    pipeline = Pipeline(DEFINITION)
    pipeline.feed(Chunk(b"".join(charging_frames(100)), 5))
    before = pipeline.snapshot()
    copied = pipeline.charger()
    pipeline.feed(Chunk(b"".join(charging_frames(200)), 9))
    assert copied.snapshot() == before
    assert pipeline.snapshot() != before


def test_noisy_session_ends_as_it_was_read() -> None:
    pipeline, store = Pipeline(DEFINITION), RecordStore(DEFINITION)
    found = Checkpoints(store, lambda: Charger(DEFINITION), pipeline.charger)
    for _, chunk in zip(range(2000), generate_reads("noisy", baud=115200, seed=1, start_time=0), strict=False):
        store.receive(pipeline.feed(chunk))
    store.receive(pipeline.flush())
    assert found.at(len(store)) == pipeline.snapshot()
    assert len(store) / 100 < checkpoints.CHECKPOINT_DISTANCE


def test_bytes_of_an_unfinished_frame_are_counted_once() -> None:
    frame = charging_frames(1)[0]
    data = frame * 40
    pipeline, store = Pipeline(DEFINITION), RecordStore(DEFINITION)
    found = Checkpoints(store, lambda: Charger(DEFINITION), pipeline.charger, apart=3)
    for start in range(0, len(data), len(frame) + 5):
        records = pipeline.feed(Chunk(data[start : start + len(frame) + 5]))
        store.receive(records)
        found.receive(records)
    for moment in (6, 12, 33):
        ledger = found.at(moment).ledger
        assert (ledger.read, ledger.waiting) == (moment * len(frame), 0)


def count_chargers() -> int:
    return sum(type(found) is Charger for found in gc.get_objects())


def test_copy_that_is_dropped_is_gone_at_once() -> None:
    pipeline = Pipeline(DEFINITION)
    for item in frames():
        pipeline.feed(item)
    gc.disable()
    try:
        copied = pipeline.charger()
        copied.snapshot()
        kept = count_chargers()
        del copied
        assert count_chargers() == kept - 1
    finally:
        gc.enable()
