"""The clock of a live source: it never steps, and says what happened to the computer."""

import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk, Note, TapGap, TapRestored
from sniffer.sources.source import Item
from sniffer.sources.steady_clock import AWAKE, SUSPENDED, SteadyClock

START = 1_700_000_000 * SECOND


@dataclass
class Computer:
    """A computer with its clocks."""

    time: int = START
    counting: int = 5 * SECOND
    running: int = 5 * SECOND

    def run(self, nanoseconds: int) -> None:
        self.suspend(nanoseconds)
        self.running += nanoseconds

    def suspend(self, nanoseconds: int) -> None:
        self.time += nanoseconds
        self.counting += nanoseconds

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.time, lambda: self.counting, lambda: self.running)


def test_it_shows_the_time() -> None:
    before = time.time_ns()
    assert before - 50_000_000 <= SteadyClock().now() <= time.time_ns() + 50_000_000


def test_it_goes_on_when_the_clock_of_the_computer_is_set() -> None:
    computer = Computer()
    clock = computer.clock()
    computer.time -= 3600 * SECOND
    computer.run(SECOND)
    assert clock.now() == START + SECOND


def test_suspension_is_a_gap_before_what_was_read_after_it() -> None:
    computer, items = Computer(), list[Item]()
    clock = computer.clock()
    take = clock.watch(items.append)
    take(Chunk(b"a", clock.now()))
    computer.run(2 * SECOND)
    computer.suspend(3600 * SECOND)
    computer.run(SECOND // 10)
    take(Chunk(b"b", clock.now()))
    take(Chunk(b"c", clock.now()))
    awake = START + 3602 * SECOND + SECOND // 10
    assert items == [
        Chunk(b"a", START),
        TapGap(START + 2 * SECOND + SECOND // 10, SUSPENDED),
        TapRestored(awake, AWAKE),
        Chunk(b"b", awake),
        Chunk(b"c", awake),
    ]


@pytest.mark.parametrize(("step", "text"), [(3600, "forward by 60 min 00 s"), (-90, "back by 90.00 s")])
def test_clock_that_was_set_is_noted_once(step: int, text: str) -> None:
    computer, items = Computer(), list[Item]()
    clock = computer.clock()
    take = clock.watch(items.append)
    computer.time += step * SECOND
    for _ in range(2):
        computer.run(SECOND)
        take(Chunk(b"a", clock.now()))
    assert items == [
        Note(f"the clock of the computer was set {text}: times go on as they were"),
        Chunk(b"a", START + SECOND),
        Chunk(b"a", START + 2 * SECOND),
    ]


@given(st.lists(st.integers(-SECOND + 1, SECOND - 1), max_size=20))
def test_clock_that_follows_a_time_server_is_not_noted(drifts: list[int]) -> None:
    computer, items = Computer(), list[Item]()
    clock = computer.clock()
    take = clock.watch(items.append)
    for drift in drifts:
        computer.run(SECOND)
        computer.time += drift
        take(Chunk(b"a", clock.now()))
    assert {type(item) for item in items} <= {Chunk}
