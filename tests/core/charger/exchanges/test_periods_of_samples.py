"""The samples: no command of theirs is overdue, but on the line that damages frames, and never in a text log."""

from collections.abc import Iterator

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import CardReaderFault, Event, Overdue
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Note
from sniffer.formats.charger_log import parse_line
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT
from tests.paths import CAPTURES

LOG = CAPTURES / "starcharge-idle.log"


def events_of_capture(name: str) -> Iterator[Event]:
    pipeline = Pipeline(DEFINITION)
    for item in items_of(CaptureReader().feed((CAPTURES / name).read_bytes())):
        for record in [] if isinstance(item, Note) else pipeline.feed(item):
            yield from record.events


def run_log(lines: list[str]) -> tuple[Pipeline, list[Event]]:
    pipeline = Pipeline(DEFINITION)
    return pipeline, [event for line in lines for record in pipeline.feed(parse_line(line)) for event in record.events]


@pytest.mark.parametrize("name", sorted(path.name for path in CAPTURES.glob("*.pcapng")))
def test_nothing_is_overdue_in_a_capture(name: str) -> None:
    found = [event.name for event in events_of_capture(name) if isinstance(event, Overdue)]
    # Two voltages in a row were damaged.
    assert found == (["phase voltages"] if name == "bad-line.pcapng" else [])


def test_the_log_of_a_real_charger_has_one_fault_of_its_card_reader_and_nothing_overdue() -> None:
    pipeline, events = run_log(LOG.read_text("utf-8", "replace").splitlines())
    assert not [event for event in events if isinstance(event, Overdue)]
    assert sum(isinstance(event, CardReaderFault) for event in events) == 1
    reader = pipeline.snapshot().card_reader
    assert reader
    assert reader.fault.period == pytest.approx(8.19 * SECOND, abs=0.05 * SECOND)
    assert reader.reports == 16


def test_frames_that_a_log_printed_are_never_overdue() -> None:
    text = STATUS_REPORT.raw.hex(" ").upper()
    times = [f"2024-04-03T16:{minute:02}:{second:02}.123+0900" for minute in range(10) for second in (0, 30)]
    lines = [f"{time} [comproc] <=pwrboard:{text}" for time in times]
    pipeline, events = run_log([*lines, f"2024-04-03T19:00:00.123+0900 [comproc] <=pwrboard:{text}"])
    assert not [event for event in events if isinstance(event, Overdue)]
    assert [period.period for period in pipeline.snapshot().periods] == [30 * SECOND]
