"""The faults that are found in the wiring of the taps, and when a finding ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base import times
from sniffer.core.line.uart_model import TICKS_PER_SECOND, Parity, Receiver, Waveform, parity_bit
from sniffer.core.line.wiring import SAFELY, Wiring, WiringFault, WiringFinding
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.simulator.traffic import generate_steps
from tests.core.line.helpers import ticks
from tests.known_frames import STATUS_REPORT

FROM_COM = PWRBOARD.build(COM_TO_PWR.head, 7, 1, b"\x01\x03\xe7\x00")
FROM_PWR = PWRBOARD.build(PWR_TO_COM.head, 7, 1, b"\x01\x08\x0e")
BREAK = (LineErrorMark(0, LineError.BREAK),)
INVERTED = b"\x00\x95\x57\xa7\xf7\xff\xff\xfb\xff\xc3\x24"


class Bench:
    """The wiring of this many taps; each frame or piece of noise comes a second after the one before it."""

    def __init__(self, taps: int = 1) -> None:
        self.wiring = Wiring([f"tap {number}" for number in range(1, taps + 1)])
        self.time = 0

    def frames(self, tap: int, raw: bytes, count: int = 1, marks: tuple[LineErrorMark, ...] = ()) -> None:
        for _ in range(count):
            self.time += times.SECOND
            frame = Frame(COM_TO_PWR if raw[:1] == COM_TO_PWR.head else PWR_TO_COM, self.time, raw)
            if marks:
                self.wiring.add_marked_frame(tap, frame, marks)
            else:
                self.wiring.add_frames(tap, [frame])

    def noise(self, tap: int, raw: bytes, count: int = 1, marks: tuple[LineErrorMark, ...] = ()) -> None:
        for _ in range(count):
            self.time += times.SECOND
            self.wiring.add_noise(tap, raw, marks, self.time)

    def find(self) -> list[tuple[WiringFault, tuple[int, ...]]]:
        return [(finding.kind, finding.taps) for finding in self.wiring.findings]


def wrong_bits(raw: bytes, parity: Parity) -> tuple[LineErrorMark, ...]:
    assert parity != "N"
    return tuple(LineErrorMark(at, LineError.FRAMING) for at, value in enumerate(raw) if not parity_bit(value, parity))


def test_nothing_is_found_where_nothing_was_received() -> None:
    assert Bench(1).find() == Bench(2).find() == []


def test_a_finding_is_one_line_that_names_the_tap() -> None:
    bench = Bench()
    bench.noise(0, INVERTED, 3)
    (finding,) = bench.wiring.findings
    assert isinstance(finding, WiringFinding)
    assert finding.text.startswith("tap 1: ")
    assert "assumed" in finding.text
    assert "\n" not in finding.text


# Directions


def test_advice_to_change_wires_says_to_do_so_only_when_all_is_dead() -> None:
    assert "only when all is dead" in SAFELY
    wiring = Wiring(["a"])
    for _ in range(40):
        wiring.add_noise(0, b"\0" * 32, (), None)
    (found,) = wiring.findings
    assert found.kind is WiringFault.LOW
    assert found.text.endswith(SAFELY)


def test_a_tap_that_receives_both_sides_is_fine() -> None:
    bench = Bench()
    for _ in range(60):
        bench.frames(0, FROM_PWR, 5)
        bench.frames(0, FROM_COM)
    assert bench.find() == []


def test_a_tap_that_receives_one_side_is_reported_until_it_receives_the_other() -> None:
    bench = Bench()
    bench.frames(0, FROM_PWR, 39)
    assert bench.find() == []
    bench.frames(0, FROM_PWR)
    assert bench.find() == [(WiringFault.ONE_SIDE, (0,))]
    assert "only the power board is received, 40 frames in a row" in bench.wiring.findings[0].text
    bench.frames(0, FROM_COM)
    assert bench.find() == []


def test_one_side_in_a_short_time_is_no_finding() -> None:
    bench = Bench()
    bench.wiring.add_frames(0, [Frame(PWR_TO_COM, number * 1_000_000, FROM_PWR) for number in range(200)])
    assert bench.find() == []


def test_without_times_one_side_is_no_finding() -> None:
    bench = Bench()
    bench.wiring.add_frames(0, [Frame(PWR_TO_COM, None, FROM_PWR)] * 200)
    assert bench.find() == []


def test_two_taps_on_their_wires_are_fine() -> None:
    bench = Bench(2)
    for _ in range(60):
        bench.frames(0, FROM_PWR, 5)
        bench.frames(1, FROM_COM)
    assert bench.find() == []


def test_two_taps_on_one_wire_are_named_until_one_is_moved() -> None:
    bench = Bench(2)
    for _ in range(12):
        assert bench.find() == []
        bench.frames(0, FROM_PWR)
        bench.frames(1, FROM_PWR)
    assert bench.find() == [(WiringFault.SAME_DIRECTION, (0, 1))]
    assert "both receive only the power board" in bench.wiring.findings[0].text
    bench.frames(1, FROM_COM)
    assert bench.find() == []


def test_two_taps_that_both_received_both_sides_are_not_named_too_soon() -> None:
    bench = Bench(2)
    for tap in (0, 1):
        bench.frames(tap, FROM_COM)
        bench.frames(tap, FROM_PWR, 59)
    assert bench.find() == []


def test_frames_without_a_direction_do_not_end_a_run() -> None:
    bench = Bench(2)
    for _ in range(12):
        for tap in (0, 1):
            bench.frames(tap, FROM_PWR)
            bench.wiring.add_frames(tap, [Frame(Route(PWRBOARD, b""), bench.time, FROM_PWR)])
    assert bench.find() == [(WiringFault.SAME_DIRECTION, (0, 1))]


STEPS = st.sampled_from(
    [
        *(Frame(route, 7, FROM_PWR) for route in (COM_TO_PWR, PWR_TO_COM, Route(PWRBOARD, b""))),
        *(b"\0", INVERTED, b"\1"),
        wrong_bits(FROM_PWR, "E"),
    ]
)


@given(st.lists(st.tuples(STEPS, st.integers(1, 30)), max_size=12))
def test_frames_that_are_evaluated_together_count_as_one_by_one(
    steps: list[tuple[Frame | bytes | tuple[LineErrorMark, ...], int]],
) -> None:
    together, single = Wiring(), Wiring()
    time = 0
    for step, count in steps:
        if isinstance(step, Frame):
            frames = [Frame(step.route, time + number * times.SECOND, step.raw) for number in range(count)]
            together.add_frames(0, frames)
            for frame in frames:
                single.add_frames(0, [frame])
        for wiring in (together, single):
            if isinstance(step, bytes):
                wiring.add_noise(0, step, (), time)
            elif isinstance(step, tuple):
                wiring.add_marked_frame(0, Frame(PWR_TO_COM, time, FROM_PWR), step)
        time += count * times.SECOND
        assert together.findings == single.findings


def test_the_silent_one_of_two_taps_is_named_until_it_is_received() -> None:
    bench = Bench(2)
    bench.frames(0, FROM_PWR, 19)
    assert bench.find() == []
    bench.frames(0, FROM_PWR)
    assert bench.find() == [(WiringFault.SILENT, (1,))]
    bench.noise(1, b"\x17")
    assert bench.find() == []


# The levels


def test_three_inverted_bursts_are_found_and_frames_end_it() -> None:
    bench = Bench()
    bench.noise(0, INVERTED, 2)
    assert bench.find() == []
    bench.noise(0, INVERTED)
    assert bench.find() == [(WiringFault.INVERTED, (0,))]
    bench.frames(0, FROM_PWR, 2)
    assert bench.find() == [(WiringFault.INVERTED, (0,))]
    bench.frames(0, FROM_COM)
    assert bench.find() == []


def test_the_pieces_of_one_burst_count_once() -> None:
    bench = Bench()
    for number in range(6):
        bench.wiring.add_noise(0, INVERTED, (), number * 1_000_000)
    assert bench.find() == []


def test_noise_is_not_inverted() -> None:
    bench = Bench()
    for value in range(256):
        bench.noise(0, bytes((value, 0x95, 0x22)))
        assert bench.find() == []


@pytest.mark.parametrize("inverted", [True, False])
def test_a_session_through_the_model_shows_whether_it_is_inverted(inverted: bool) -> None:
    line, bench, framer = Waveform(), Bench(), Framer()
    for step, _ in zip(generate_steps("charging", baud=38400, seed=1), range(30), strict=False):
        line.send(step.data, 38400, at=line.end + ticks(step.silence))
    receiver = Receiver(line.inverted_edges() if inverted else line.edges, 38400)
    until = 0
    while until < line.end + TICKS_PER_SECOND:
        until += TICKS_PER_SECOND // 100
        data, marks = receiver.read(until)
        time = until * times.SECOND // TICKS_PER_SECOND
        items = framer.feed(data, time) if data else framer.flush()
        for item in items:
            if isinstance(item, Frame):
                bench.wiring.add_frames(0, [item])
            else:
                bench.wiring.add_noise(0, item.raw, marks, item.time)
    assert (WiringFault.INVERTED in [kind for kind, _ in bench.find()]) is inverted


def test_only_a_break_was_received() -> None:
    bench = Bench()
    bench.noise(0, b"\x00", marks=BREAK)
    assert bench.find() == [(WiringFault.LOW, (0,))]
    bench.frames(0, STATUS_REPORT.raw)
    assert bench.find() == []


def test_a_break_on_a_line_that_was_received_is_nothing_and_many_are_a_line_held_low() -> None:
    bench = Bench()
    bench.frames(0, STATUS_REPORT.raw)
    bench.noise(0, b"\x00", 31, marks=BREAK)
    assert bench.find() == []
    bench.noise(0, b"\x00", marks=BREAK)
    assert bench.find() == [(WiringFault.LOW, (0,))]


def test_all_zero_without_marks_is_found_and_other_bytes_end_it() -> None:
    bench = Bench()
    bench.noise(0, bytes(40))
    assert bench.find() == [(WiringFault.LOW, (0,))]
    bench.noise(0, b"\x00\x80")
    assert bench.find() == []


# Parity


@pytest.mark.parametrize(("parity", "word"), [("E", "even"), ("O", "odd")])
def test_framing_errors_where_the_parity_bit_is_0_are_parity(parity: Parity, word: str) -> None:
    bench = Bench()
    raw = STATUS_REPORT.raw
    bench.frames(0, raw, 2, wrong_bits(raw, parity))
    assert bench.find() == []
    bench.frames(0, FROM_COM, 1, wrong_bits(FROM_COM, parity))
    assert bench.find() == [(WiringFault.PARITY, (0,))]
    assert f"{word} parity (8{parity}1)" in bench.wiring.findings[0].text


def test_parity_that_is_set_right_is_found_no_longer() -> None:
    bench = Bench()
    raw = STATUS_REPORT.raw
    bench.frames(0, raw, 20, wrong_bits(raw, "E"))
    bench.frames(0, raw, 5)
    assert bench.find() == [(WiringFault.PARITY, (0,))]
    bench.frames(0, raw)
    assert bench.find() == []


def test_other_framing_errors_are_no_parity() -> None:
    bench = Bench()
    raw = STATUS_REPORT.raw
    bench.frames(0, raw, 15, wrong_bits(raw, "E")[1:])
    bench.frames(0, raw, 15, (LineErrorMark(0, LineError.FRAMING),))
    assert bench.find() == []
