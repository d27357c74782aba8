"""Measure a filter over a session: one that the kind of a record decides, and one that examines each record."""

from itertools import islice
from time import perf_counter

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.filter.compiler import compile_filter
from sniffer.filter.vocabulary import Vocabulary
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.filter_scan import FilterScan
from sniffer.tui.state.rows import Rows
from tests.benchmarks.measure import Figure
from tests.benchmarks.measurements.memory import BATCH, FRAME_TIME, TRAFFIC

FRAMES = 500_000
SLICE = 0.03
"""Seconds for which a scan runs at once, as on the screen."""

FILTERS = {"frame": 2, "command 32": 2, "not command 01": 2, "noise": 2, "size > 9": 10}
"""The most microseconds that each filter may need for a frame: 500,000 a second where the kind decides, or 100,000."""


def measure(frames: int = FRAMES) -> list[Figure]:
    """Return the time of each filter for one frame, and the longest slice."""
    definition = packaged_definition()
    rows = Rows(_fill(frames))
    vocabulary = Vocabulary(definition, lambda: None)
    figures = []
    for text, at_most in FILTERS.items():
        scan = FilterScan(rows, compile_filter(text, vocabulary))
        slices = []
        while not scan.is_done:
            began = perf_counter()
            scan.run_for(SLICE)
            slices.append(perf_counter() - began)
        note = f"{scan.match_count:,} match, slices of {1000 * max(slices):.0f} ms at most"
        figures.append(Figure(f"filter `{text}`: one frame", 1e6 * sum(slices) / frames, "us", at_most, note))
    return figures


def _fill(frames: int) -> RecordStore:
    """Return a store with calm traffic."""
    definition, traffic, count = packaged_definition(), TRAFFIC["calm traffic"](), 0
    pipeline, store = Pipeline(definition), RecordStore(definition)
    while count < frames:
        for data in islice(traffic, BATCH):
            store.receive(pipeline.feed(Chunk(data, count * FRAME_TIME)))
            count += 1
    return store
