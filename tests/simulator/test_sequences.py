"""The sequences of the power board and of the OCPP module."""

from random import Random

import pytest

from sniffer.simulator.sequences import RandomSequences, SequenceCounter

SPECIAL = {0x0000, 0xDDDD, 0xEEEE, 0xFFFF}


class Scripted(Random):
    """A random number generator that returns these numbers, the first one first."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(0)
        self.numbers = [*numbers]

    def getrandbits(self, k: int) -> int:
        assert k == 16
        return self.numbers.pop(0)


def test_the_counter_of_a_module_that_has_just_started_begins_at_six() -> None:
    counter = SequenceCounter()
    assert [counter.next() for _ in range(3)] == [6, 7, 8]


@pytest.mark.parametrize("start", [0xDDDB, 0xDDDC, 0xDDDD, 0xEEED, 0xEEEE, 0xFFFD, 0xFFFE, 0xFFFF, 0x0000])
def test_a_counter_leaves_out_the_special_ones(start: int) -> None:
    counter = SequenceCounter(start)
    taken = [counter.next() for _ in range(4)]
    assert not SPECIAL & set(taken)
    assert len(set(taken)) == 4


def test_a_counter_goes_all_the_way_round() -> None:
    counter = SequenceCounter()
    taken = [counter.next() for _ in range(0x10000 - len(SPECIAL))]
    assert len(set(taken)) == len(taken)
    assert counter.next() == taken[0]


def test_random_sequences_are_the_random_numbers_without_the_special_ones() -> None:
    sequences = RandomSequences(Scripted(0xDDDD, 0x0000, 0x1234, 0xEEEE, 0xFFFF, 0xABCD))
    assert [sequences.next(), sequences.next()] == [0x1234, 0xABCD]
