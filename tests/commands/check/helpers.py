"""Reports of the simulated charger, whose sessions differ as those of good units do."""

from collections.abc import Callable
from functools import cache

from sniffer.base.times import SECOND
from sniffer.commands.report.builder import ReportBuilder
from sniffer.commands.report.model import SessionReport
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk
from sniffer.simulator.traffic import generate_reads
from tests.core.protocol.helpers import DEFINITION

BAUD = 115200
T0 = 1_800_000_000 * SECOND

Change = Callable[[Chunk], Chunk | None]


def keep(chunk: Chunk) -> Chunk:
    """Return a read as it is."""
    return chunk


def simulate(seed: int, scenario: str = "charging", *, seconds: int = 110, change: Change = keep) -> SessionReport:
    """Return the report of a simulated session.

    `change` returns what is received in place of a read; None for nothing.
    """
    pipeline, builder = Pipeline(DEFINITION, baud=BAUD), ReportBuilder(DEFINITION)
    for chunk in generate_reads(scenario, baud=BAUD, start_time=T0, seed=seed):
        if (chunk.time or 0) > T0 + seconds * SECOND:
            break
        if received := change(chunk):
            builder.receive(pipeline.feed(received))
    builder.receive(pipeline.flush())
    return builder.build(f"unit-{seed}.pcapng", None, pipeline.snapshot())


@cache
def good_sessions(count: int = 3) -> tuple[SessionReport, ...]:
    """Return the reports of good units."""
    return tuple(simulate(seed) for seed in range(count))
