"""The monitor of the wiring: which events a session reports, with which records, and for which taps."""

from sniffer.base.times import SECOND
from sniffer.core.charger.tap_events import Miswired, MiswiringEnded
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.items import Chunk, LineError, LineErrorMark
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.core.wiring_monitor import CHECK_EVERY, WiringMonitor
from tests.core.protocol.helpers import DEFINITION

CODEC = Codec(DEFINITION)
INVERTED = b"\x00\x95\x57\xa7"
MARK = (LineErrorMark(0, LineError.FRAMING),)
Events = list[Miswired | MiswiringEnded]


def message(time: int, route: Route) -> Message:
    return CODEC.decode(Frame(route, time, PWRBOARD.build(route.head, 7, 1, b"\x01\x08\x0e")))


class MonitorBench:
    """A monitor whose records come a second after each other; `number` is that of the last record."""

    def __init__(self) -> None:
        self.monitor = WiringMonitor()
        self.number = 0

    def receive_noise(self, raw: bytes, tap: int = 0) -> Events:
        self.number += 1
        return self.monitor.check(self.number, tap, Noise(Reason.GARBAGE, self.number * SECOND, raw), ())

    def receive_frame(self, tap: int = 0, route: Route = PWR_TO_COM, marks: tuple[LineErrorMark, ...] = ()) -> Events:
        self.number += 1
        return self.monitor.check(self.number, tap, message(self.number * SECOND, route), marks)

    def receive_inverted(self, tap: int = 0) -> Events:
        """Receive what makes the monitor report an inverted line."""
        assert self.receive_noise(INVERTED, tap) == self.receive_noise(INVERTED, tap) == []
        return self.receive_noise(INVERTED, tap)


def test_a_fault_is_reported_once_and_with_its_time() -> None:
    bench = MonitorBench()
    (event,) = bench.receive_inverted()
    assert isinstance(event, Miswired)
    assert (event.time, event.kind, event.taps) == (3 * SECOND, "inverted", ())
    assert event.about.startswith("the tap: the line is inverted")
    assert bench.receive_noise(INVERTED) == []


def test_the_end_of_a_fault_is_reported_once() -> None:
    bench = MonitorBench()
    bench.receive_inverted()
    while bench.number < CHECK_EVERY - 1:
        assert bench.receive_frame() == []
    assert bench.receive_frame() == [MiswiringEnded(CHECK_EVERY * SECOND, "inverted", ())]
    while bench.number < 2 * CHECK_EVERY:
        assert bench.receive_frame() == []


def test_many_frames_are_added_at_once_only_where_no_fault_begins_or_ends() -> None:
    both = [message(second * SECOND, (PWR_TO_COM, COM_TO_PWR)[second % 2]) for second in range(40)]
    one_side = [message(second * SECOND, PWR_TO_COM) for second in range(40)]
    bench = MonitorBench()
    assert bench.monitor.add_ordinary(both)
    assert not bench.monitor.add_ordinary(one_side)
    bench.receive_inverted()
    assert not bench.monitor.add_ordinary(both)


def test_good_records_are_evaluated_every_16_and_marked_ones_at_once() -> None:
    assert CHECK_EVERY == 16
    bench = MonitorBench()
    bench.receive_inverted()
    for _ in range(4):
        assert bench.receive_frame() == []
    assert bench.receive_frame(marks=MARK) == [MiswiringEnded(8 * SECOND, "inverted", ())]


def test_without_a_fault_nothing_is_reported() -> None:
    bench = MonitorBench()
    for number in range(60):
        assert bench.receive_frame(route=(PWR_TO_COM, COM_TO_PWR)[number % 2]) == []
    assert bench.receive_noise(b"\x17\x18") == []


def test_empty_noise_is_no_evidence() -> None:
    bench = MonitorBench()
    for _ in range(5):
        assert bench.receive_noise(b"") == []


def test_a_fault_of_several_taps_names_their_numbers() -> None:
    bench = MonitorBench()
    bench.monitor.add_tap(1, "com")
    bench.monitor.add_tap(2, "pwr")
    (event,) = bench.receive_inverted(tap=2)
    assert isinstance(event, Miswired)
    assert event.taps == (2,)
    assert event.about.startswith("pwr: ")


def test_both_taps_on_one_wire_are_named() -> None:
    bench = MonitorBench()
    bench.monitor.add_tap(1, "com")
    bench.monitor.add_tap(2, "pwr")
    events = [event for _ in range(20) for tap in (1, 2) for event in bench.receive_frame(tap)]
    (event,) = events
    assert isinstance(event, Miswired)
    assert (event.kind, event.taps) == ("same direction", (1, 2))


def test_a_tap_that_was_not_added_is_ignored() -> None:
    bench = MonitorBench()
    bench.monitor.add_tap(1, "com")
    for tap in (0, 2):
        for _ in range(5):
            assert bench.receive_noise(INVERTED, tap) == []


def test_a_new_tap_starts_the_evaluation_anew() -> None:
    bench = MonitorBench()
    bench.receive_inverted()
    bench.monitor.add_tap(1, "com")
    assert len(bench.receive_inverted(tap=1)) == 1
    bench.monitor.add_tap(2, "pwr")
    assert len(bench.receive_inverted(tap=1)) == 1


def run_board(direction: str, other: str) -> list[str]:
    """Return what is reported of a board of another maker whose frames go one way only, a second after each other."""
    heads = f'"{direction}" = "A9"' + (f', "{other}" = "AA"' if other else "")
    rest = 'sizes = [{ size = 2 }]\npayload = 1\ncheck = { name = "sum" }'
    text = f'[[link]]\nname = "b"\nheads = {{ {heads} }}\n{rest}'
    pipeline = Pipeline(load(packaged_files(), [("b.toml", text)]))
    records = [one for second in range(64) for one in pipeline.feed(Chunk(b"\xa9\xa9", second * SECOND))]
    return [event.about for record in records for event in record.events if isinstance(event, Miswired)]


def test_a_board_with_one_direction_is_wired_right_and_another_one_is_named_by_its_direction() -> None:
    assert run_board("board>panel", "") == []
    (about,) = run_board("board>panel", "panel>board")
    assert about.startswith("the tap: only board>panel is received, 48 frames in a row:")
