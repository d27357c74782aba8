"""The finder on simulated lines: each common rate is found in time, noise never gives a rate, a change is noticed.

The lines come from the model (`sniffer.core.line.uart_model`), which has golden cases of its own. The receivers differ
from what the finder expects in their clock, in the line errors that they report, and in when a new rate takes effect.
"""

from collections.abc import Callable, Iterator
from itertools import repeat
from random import Random

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.core.line.baud_finder import CANDIDATES, BaudFinder
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.simulator.line_damage import LineDamage, make_burst
from sniffer.simulator.line_timing import Step
from sniffer.simulator.traffic import generate_steps
from tests.core.line.helpers import LineBench
from tests.known_frames import KNOWN_FRAMES

COMMON = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
LESS_COMMON = tuple(baud for baud in CANDIDATES if baud not in COMMON and baud <= 2_000_000)
VOLTAGES = next(known.raw for known in KNOWN_FRAMES if known.name == "phase voltages")

with_and_without_marks = pytest.mark.parametrize("marked", [True, False], ids=["marks", "no marks"])
Read = tuple[bytes, tuple[LineErrorMark, ...]]


def slow_sender(milliseconds: int) -> Iterator[Step]:
    return repeat(Step(milliseconds * MILLISECOND, VOLTAGES))


@with_and_without_marks
@pytest.mark.parametrize("baud", COMMON)
@pytest.mark.parametrize("seed", range(3))
def test_a_session_s_rate_is_found_within_five_seconds(baud: int, marked: bool, seed: int) -> None:
    bench = LineBench(marked=marked)
    bench.send(generate_steps("charging", baud=baud, seed=seed), baud, 8)
    assert bench.found == baud
    assert bench.found_after() < 5
    assert bench.finder.evidence.startswith(f"{baud}: ")


@with_and_without_marks
@pytest.mark.parametrize("baud", LESS_COMMON)
def test_a_less_common_rate_is_found_as_well(baud: int, marked: bool) -> None:
    bench = LineBench(marked=marked)
    bench.send(generate_steps("charging", baud=baud, seed=1), baud, 12)
    assert bench.found == baud


@with_and_without_marks
@pytest.mark.parametrize("baud", COMMON)
def test_a_short_frame_each_300_ms_is_enough(baud: int, marked: bool) -> None:
    bench = LineBench(marked=marked)
    bench.send(slow_sender(300), baud, 5)
    assert bench.found == baud


@with_and_without_marks
@pytest.mark.parametrize("baud", COMMON)
@pytest.mark.parametrize("skew", [985, 1015])
def test_the_line_s_clock_may_be_off(baud: int, skew: int, marked: bool) -> None:
    bench = LineBench(marked=marked)
    bench.send(generate_steps("charging", baud=baud, seed=5), baud * skew // 1000, 8)
    assert bench.found == baud


@with_and_without_marks
@pytest.mark.parametrize("baud", COMMON)
def test_a_bad_line_only_takes_longer(baud: int, marked: bool) -> None:
    bench = LineBench(marked=marked)
    bench.send(generate_steps("noisy", baud=baud, seed=2), baud, 15)
    assert bench.found == baud


@pytest.mark.parametrize("baud", COMMON)
@pytest.mark.parametrize("parity", ["E", "O"])
def test_a_line_with_parity_has_its_rate_found(baud: int, parity: str) -> None:
    bench = LineBench()
    bench.send(generate_steps("charging", baud=baud, seed=4), baud, 12, parity="E" if parity == "E" else "O")
    assert bench.found == baud


# No traffic


def noise(random: Random) -> Read:
    return random.randbytes(random.randint(1, 12)), ()


def marked_noise(random: Random) -> Read:
    data = random.randbytes(random.randint(1, 12))
    return data, tuple(LineErrorMark(at, LineError.FRAMING) for at in range(len(data)) if random.random() < 0.5)


def break_after_break(_: Random) -> Read:
    return b"\x00", (LineErrorMark(0, LineError.BREAK),)


def zeros(_: Random) -> Read:
    return bytes(30), ()


def heads(_: Random) -> Read:
    return b"\xaa" * 30, ()


@pytest.mark.parametrize("make_read", [noise, marked_noise, break_after_break, zeros, heads])
def test_without_traffic_it_stays_undetermined_and_goes_on_trying(make_read: Callable[[Random], Read]) -> None:
    bench, random, tried, evidence = LineBench(), Random(3), set(), set()
    for number in range(6000):
        bench.time += 20 * MILLISECOND
        bench.hand_on(*(make_read(random) if number % 4 == 0 else (b"", ())))
        assert bench.found is None
        tried.add(bench.finder.baud)
        if number > 5000:
            evidence.add(bench.finder.evidence)
    assert tried == set(CANDIDATES)
    assert evidence == {f"undetermined: no valid frames at any of {len(CANDIDATES)} rates, still trying"}
    # Later rounds last longer, so there is less than one change per second in the long run.
    assert sum(at > 60 for at, *_ in bench.changes) <= 60


def test_noise_without_a_pause_stays_undetermined() -> None:
    bench, random = LineBench(), Random(3)
    for _ in range(6000):
        bench.time += 5 * MILLISECOND
        bench.hand_on(random.randbytes(460), ())
        assert bench.found is None


def test_a_silent_line_stays_undetermined_and_nothing_changes() -> None:
    bench = LineBench()
    bench.send((), 115200, 600)
    assert (bench.found, bench.changes) == (None, [])


@pytest.mark.parametrize("baud", COMMON)
def test_traffic_after_a_minute_of_noise_is_found(baud: int) -> None:
    bench, random = LineBench(), Random(8)
    while bench.time < 60_000 * MILLISECOND:
        bench.time += 100 * MILLISECOND
        bench.hand_on(*noise(random))
    bench.line.end = 0
    bench.send(generate_steps("charging", baud=baud, seed=6), baud, 25)
    assert bench.found == baud


# A change of rate

CHANGES = [(115200, 9600), (9600, 115200), (115200, 921600), (460800, 57600), (115200, 230400), (38400, 115200)]


@with_and_without_marks
@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_change_in_mid_session_is_noticed_and_the_new_rate_found(before: int, after: int, marked: bool) -> None:
    bench = LineBench(marked=marked)
    bench.send(generate_steps("charging", baud=before, seed=4), before, 12)
    assert bench.found == before
    bench.send(generate_steps("charging", baud=after, seed=9), after, 10)
    lost_at = next(at for at, _, found, _ in bench.changes if at > 12 and found is None)
    assert lost_at < 12 + 5
    assert bench.found == after
    assert bench.found_after() < 12 + 8


@with_and_without_marks
@pytest.mark.parametrize("damage_rate", [0.1, 0.3, 0.5])
def test_a_bad_line_keeps_its_rate(damage_rate: float, marked: bool) -> None:
    losses = 0
    for seed in range(4):
        bench, random = LineBench(marked=marked), Random(seed)
        bad = LineDamage(random, damage_rate=damage_rate, burst_rate=0.1)
        bench.send(bad.damage_steps(generate_steps("charging", baud=115200, seed=seed)), 115200, 90)
        found = [rate for _, _, rate, _ in bench.changes if rate]
        assert set(found) == {115200}
        assert bench.found == 115200
        losses += len(found) - 1
    # With a frame a second, several damaged ones in a row can look like another rate. It is found again at once.
    assert losses <= 1


@with_and_without_marks
def test_bursts_of_noise_that_begin_later_do_not_lose_the_rate(marked: bool) -> None:
    bench, random = LineBench(marked=marked), Random(1)

    def noisy_steps() -> Iterator[Step]:
        for step in generate_steps("charging", baud=115200, seed=1):
            silence = step.silence
            while bench.line.end and silence > 60 * MILLISECOND:
                silence -= 50 * MILLISECOND
                yield Step(50 * MILLISECOND, make_burst(random))
            yield Step(silence, step.data)

    bench.send(generate_steps("charging", baud=115200, seed=2), 115200, 10)
    bench.send(noisy_steps(), 115200, 60)
    assert [found for _, _, found, _ in bench.changes] == [115200]


def test_the_same_line_gives_the_same_answers() -> None:
    def changes() -> list[tuple[float, int, int | None, str]]:
        bench = LineBench(BaudFinder())
        bench.send(generate_steps("noisy", baud=57600, seed=7), 57600, 10)
        return bench.changes

    assert changes() == changes()
