"""The fault of the card reader: one condition with a count, a period and an end."""

from collections.abc import Iterable

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.card_reader import CardReader
from sniffer.core.charger.events import CardReaderFault, CardReaderFaultEnded
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Idle
from tests.core.charger.helpers import LINES, Bench

LINE = "##########_HJ CardReader_##########: CardReader ComErr!"
EACH = 8


class Reader(Bench):
    """A bench with a card reader that does not answer. Times are in seconds."""

    def fail(self, seconds: float, *, line: bool = True, frame: bool = True) -> list[object]:
        """Receive a report, printed as a line and as a frame."""
        self.time = round(seconds * SECOND)
        found: list[object] = self.line(LINE) if line else []
        return without_health([*found, *(self.say("card reader fault", 0xFFFF) if frame else [])])

    def traffic(self, seconds: float) -> list[object]:
        """Receive another frame of the communication processor."""
        self.time = round(seconds * SECOND)
        return without_health(self.pwrboard_traffic())

    def print_as(self, process: str, seconds: float) -> list[object]:
        """Receive another line of a process."""
        return without_health(self.take(LINES.read(LogLine(round(seconds * SECOND), process, "anything"))))

    @property
    def reader(self) -> CardReader:
        found: CardReader | None = self.now.card_reader
        assert found
        return found


def without_health(events: Iterable[object]) -> list[object]:
    """Return the events but those of the link, which has one side only here."""
    return [event for event in events if not isinstance(event, LinkHealthChanged)]


def test_it_begins_once_and_is_counted() -> None:
    bench = Reader()
    assert bench.now.card_reader is None
    assert bench.fail(0) == [CardReaderFault(0, 0, 0)]
    assert [bench.fail(EACH * number) for number in range(1, 5)] == [[]] * 4
    assert bench.reader == CardReader(CardReaderFault(0, 0, 32 * SECOND, 5, 8 * SECOND), 5, 1, is_active=True)


@pytest.mark.parametrize(("line", "frame"), [(True, True), (True, False), (False, True)])
def test_a_line_and_its_frame_are_one_report(line: bool, frame: bool) -> None:
    bench = Reader()
    for number in range(6):
        bench.fail(EACH * number, line=line, frame=frame)
    assert (bench.reader.reports, bench.reader.fault.period) == (6, 8 * SECOND)


def test_it_ends_when_three_periods_pass_with_other_traffic() -> None:
    bench = Reader()
    for number in range(5):
        bench.fail(EACH * number)
    last = EACH * 4
    assert [bench.traffic(last + after) for after in (4, 9, 17)] == [[], [], []]
    (ended,) = bench.traffic(last + 25)
    assert ended == CardReaderFaultEnded(57 * SECOND, CardReaderFault(0, 0, 32 * SECOND, 5, 8 * SECOND))
    assert not bench.reader.is_active
    assert bench.fail(100) == [CardReaderFault(100 * SECOND, 100 * SECOND, 100 * SECOND)]
    assert (bench.reader.reports, bench.reader.begun, bench.reader.fault.count) == (6, 2, 1)


def test_neither_silence_nor_missing_pieces_end_it() -> None:
    bench = Reader()
    for number in range(5):
        bench.fail(EACH * number)
    silence = bench.charger.apply_tap(Idle(1000 * SECOND))
    assert not [event for event in silence if isinstance(event, CardReaderFaultEnded)]
    assert [bench.traffic(at) for at in (300, 301, 302)] == [[], [], []]
    assert bench.fail(600) == []
    assert bench.reader.is_active


def test_lines_of_another_process_do_not_end_it() -> None:
    bench = Reader()
    bench.fail(0)
    assert [bench.print_as("ocpp", at) for at in (9, 17, 25, 33)] == [[]] * 4
    assert [len(bench.print_as("comproc", at)) for at in (34, 42, 50)] == [0, 0, 1]


def test_without_times_it_only_begins() -> None:
    bench = Reader()
    assert bench.line(LINE) == [CardReaderFault(None, None, None)]
    assert bench.line(LINE) == []
    assert bench.pwrboard_traffic() == []
    assert (bench.reader.reports, bench.reader.fault.period) == (2, None)


def test_relay_text_raises_nothing() -> None:
    bench = Reader()
    bench.time = SECOND
    assert bench.line(" inside error test : board warnning RelayAdhesion error ") == []
    assert bench.now.card_reader is None
    assert bench.now.faults == ()
