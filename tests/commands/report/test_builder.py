"""The report builder: what it adds to the charger's own counts, and its bounds."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.commands.report import builder as module
from sniffer.commands.report.builder import ReportBuilder
from sniffer.commands.report.model import RegistrationEpisode, RestartEpisode
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import RegistrationChanged, RegistrationState, Restarted
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from tests.commands.report.helpers import DEFINITION, report_of
from tests.core.charger.helpers import READER_LINK, Bench


def read_session(*chunks: Chunk) -> tuple[list[Record], Pipeline]:
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


def test_every_answer_is_in_a_histogram() -> None:
    report = report_of("charging.pcapng")
    for exchange in report.exchanges:
        assert (exchange.latencies.total if exchange.latencies else 0) == exchange.stats.answered


ANSWERS = READER_LINK + "".join(
    f"""
[[command]]
direction = "reader>host"
code = {code}
name = "{name}"
answers = 0x60
summary = ""
fields = []
"""
    for code, name in ((0x40, "nothing new"), (0x50, "card"))
)


def test_answers_with_a_code_of_their_own_are_in_the_histogram_of_their_request() -> None:
    definition = load(packaged_files(), [("reader.toml", ANSWERS)])
    pipeline, builder = Pipeline(definition), ReportBuilder(definition)
    for number, code in enumerate((0x40, 0x40, 0x50)):
        for after, body in enumerate((bytes([0xC1, 0x60, number]), bytes([0xC2, code, number]))):
            raw = body + bytes([sum(body) % 256])
            builder.receive(pipeline.feed(Chunk(raw, number * SECOND + after * 1_000_000 + 1)))
    exchange = builder.build("reader", None, pipeline.snapshot()).exchanges[0]
    assert exchange.latencies
    assert (exchange.stats.answered, exchange.latencies.total) == (3, 3)


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


def changed(state: RegistrationState, since: int, at: int, announcements: int) -> Record:
    evidence = "it says so" if state == "accepted" else None
    event = RegistrationChanged(at * SECOND, state, since * SECOND, announcements, 5 * SECOND, evidence)
    return Record(at, None, (event,), line=700 + at)


def test_registrations_are_listed_in_order_with_their_outcome() -> None:
    builder = ReportBuilder(DEFINITION)
    builder.receive([changed("pending", 1, 1, 1), changed("accepted", 1, 12, 3), changed("pending", 20, 20, 1)])
    snapshot = replace(Pipeline(DEFINITION).snapshot(), registration=Registration("pending", 2, 18 * SECOND, 2))
    assert builder.build("x", None, snapshot).registrations == (
        RegistrationEpisode(SECOND, 3, 5 * SECOND, 11 * SECOND, "it says so"),
        RegistrationEpisode(18 * SECOND, 2, None, 2 * SECOND),
    )


def test_restarts_are_listed_with_what_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EPISODES_KEPT", 2)
    builder = ReportBuilder(DEFINITION)
    for number in (1, 2, 3):
        restarted = Restarted(number * SECOND, "ocpp module", f"sign {number}")
        builder.receive([Record(number, None, (restarted,), line=700 + number)])
    report = builder.build("x", None, Pipeline(DEFINITION).snapshot())
    assert report.restart_episodes == tuple(
        RestartEpisode("ocpp module", f"sign {number}", Evidence(number, 700 + number, number * SECOND))
        for number in (1, 2)
    )
    assert [mark.text for mark in report.restart_marks] == [
        f"restart of the OCPP module: sign {number}" for number in (1, 2, 3)
    ]
