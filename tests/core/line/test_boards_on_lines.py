"""The rate of a line on which a known board speaks is found by the frames of that board."""

from collections.abc import Iterator

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.core.line.baud_finder import BaudFinder
from sniffer.core.line.expected_traffic import expect_traffic
from sniffer.core.protocol.loader import load_board_routes
from sniffer.simulator.line_timing import Step
from tests.core.line.helpers import LineBench
from tests.core.protocol.board_frames import BOARDS
from tests.core.protocol.test_known_boards import lines_of

RATES = {"modbus": 19200, "jbd": 9600, "jbd-up": 9600, "jk": 115200, "ant": 19200, "tuya": 9600}
"""The rates that these boards are used at. Modbus has several."""


def talk(board: str) -> Iterator[Step]:
    """Yield the frames of a board over and over, each after a silence."""
    while True:
        for line in lines_of(board):
            yield Step(60 * MILLISECOND, line.raw)


def bench_for(board: str) -> LineBench:
    return LineBench(BaudFinder(traffic=expect_traffic(load_board_routes()[board])))


@pytest.mark.parametrize("board", BOARDS)
def test_the_rate_of_each_board_is_found(board: str) -> None:
    bench = bench_for(board)
    bench.send(talk(board), RATES[board], 5)
    assert bench.found == RATES[board]
    assert bench.finder.evidence.startswith(f"{RATES[board]}: ")


@pytest.mark.parametrize("baud", [9600, 38400, 115200])
def test_modbus_is_found_at_any_of_its_rates(baud: int) -> None:
    bench = bench_for("modbus")
    bench.send(talk("modbus"), baud, 5)
    assert bench.found == baud


def test_the_frames_of_another_board_give_no_rate() -> None:
    bench = bench_for("tuya")
    bench.send(talk("jbd"), 9600, 3)
    assert bench.found is None
