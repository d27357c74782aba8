"""The report builder: what it adds to the charger's own counts, and its bounds."""

from itertools import pairwise

import pytest

from sniffer.commands.report import builder as module
from sniffer.commands.report.builder import ReportBuilder
from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from tests.commands.report.helpers import DEFINITION, SECOND, report_of
from tests.core.charger.helpers import Bench


def records_of(*chunks: Chunk) -> tuple[list[Record], Pipeline]:
    pipeline = Pipeline(DEFINITION)
    records = [record for chunk in chunks for record in pipeline.feed(chunk)]
    return [*records, *pipeline.flush()], pipeline


def test_nothing_received_is_a_report_of_nothing() -> None:
    builder, pipeline = ReportBuilder(DEFINITION), Pipeline(DEFINITION)
    report = builder.build("empty", None, pipeline.snapshot())
    assert (report.records, report.lanes, report.faults, report.exchanges) == (0, (), (), ())


def test_counts_are_those_of_the_session() -> None:
    report = report_of("mains-sag.pcapng")
    assert report.ledger.waiting == 0
    assert sum(column.frames for column in report.columns) == report.ledger.frames
    assert sum(column.noise for column in report.columns) == report.noise_bytes
    assert report.columns[0].begins <= report.began
    assert report.columns[-1].ends == report.ended
    assert len(report.columns) <= module.MOST_COLUMNS


def test_lanes_cover_the_whole_axis() -> None:
    for name in ("mains-sag.pcapng", "charging.pcapng"):
        report = report_of(name)
        for lane in (*report.lanes, *report.fault_lanes):
            assert lane.spans[0].begins == report.began
            assert lane.spans[-1].ends == report.ended
            assert all(before.ends == after.begins for before, after in pairwise(lane.spans))


def test_every_answer_is_in_a_histogram() -> None:
    report = report_of("charging.pcapng")
    for exchange in report.exchanges:
        assert (exchange.latencies.total if exchange.latencies else 0) == exchange.stats.answered


def test_faults_beyond_the_bound_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EPISODES_KEPT", 2)
    bench, builder = Bench(), ReportBuilder(DEFINITION)
    for number in range(10):
        bench.time = number * SECOND
        events = bench.report(
            "Faulted" if number % 2 == 0 else "Available", "UnderVoltage" if number % 2 == 0 else "NoError"
        )
        builder.receive([Record(number + 1, None, tuple(events))])
    report = builder.build("flapping", None, bench.now)
    assert len([episode for episode in report.faults if episode.is_over]) == 2
    assert report.more_faults == 3
