"""The session ends at the first record that matches, and that record is passed on."""

import pytest

from sniffer.triggers.ending_sink import EndingSink
from tests.triggers.helpers import FAULT, filter_of


class Kept:
    def __init__(self) -> None:
        self.numbers: list[int] = []

    def receive(self, records) -> None:
        self.numbers += [record.number for record in records]


@pytest.mark.parametrize("at_once", [1, 2, 3, 4])
def test_the_record_that_matches_is_the_last(at_once: int) -> None:
    kept = Kept()
    sink = EndingSink(kept, filter_of("status == Faulted"))
    for start in range(0, len(FAULT), at_once):
        sink.receive(FAULT[start : start + at_once])
    assert kept.numbers == [1, 2]
    assert sink.reached.is_set()


def test_without_a_match_all_pass() -> None:
    kept = Kept()
    sink = EndingSink(kept, filter_of("noise"))
    sink.receive(FAULT)
    assert kept.numbers == [1, 2, 3, 4]
    assert not sink.reached.is_set()
