"""A scenario as dated reads: as fast as the line, as often as an adapter, the same for the same seed."""

from itertools import islice

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.simulator.traffic import generate_reads, generate_steps
from tests.simulator.helpers import CYCLE, first, joined, tapped

every_scenario = pytest.mark.parametrize("name", SCENARIOS)


@every_scenario
def test_the_same_seed_gives_the_same_bytes_at_the_same_times(name: str) -> None:
    assert first(CYCLE, name, seed=7) == first(CYCLE, name, seed=7)


@every_scenario
def test_another_seed_gives_other_bytes(name: str) -> None:
    assert joined(first(CYCLE, name, seed=7)) != joined(first(CYCLE, name, seed=8))


@every_scenario
def test_without_a_seed_no_two_plays_are_alike(name: str) -> None:
    one, other = (joined(islice(generate_reads(name, baud=9600), 100)) for _ in range(2))
    assert one != other


@every_scenario
@pytest.mark.parametrize("baud", [300, 9600, 115200, 921600])
def test_reads_come_no_faster_than_the_line(name: str, baud: int) -> None:
    before = 0
    for chunk in islice(generate_reads(name, baud=baud, seed=1), 500):
        assert chunk.time is not None
        assert chunk.time - before >= len(chunk.data) * (10 * SECOND // baud)
        before = chunk.time


@pytest.mark.parametrize(("baud", "longest"), [(300, 1), (9600, 3), (115200, 46)])
def test_one_read_covers_a_few_milliseconds_of_the_line(baud: int, longest: int) -> None:
    assert max(len(chunk.data) for chunk in first(CYCLE, "charging", baud=baud)) == longest


@every_scenario
def test_reads_joined_are_what_was_sent(name: str) -> None:
    sent = b"".join(step.data for step in islice(generate_steps(name, baud=9600, seed=3), 200))
    assert joined(islice(generate_reads(name, baud=9600, seed=3), len(sent))).startswith(sent)


def test_times_count_from_the_start_time() -> None:
    early, late = (
        islice(generate_reads("charging", baud=9600, seed=1, start_time=start), 100) for start in (0, 10**18)
    )
    assert [(chunk.time or 0) + 10**18 for chunk in early] == [chunk.time for chunk in late]


def test_the_first_byte_of_a_frame_is_dated_back_over_its_reads() -> None:
    boot = tapped(first(CYCLE, "charging", baud=9600), baud=9600).messages[0]
    assert (boot.frame.time or 0) < SECOND // 100


@pytest.mark.parametrize("call", [generate_steps, generate_reads])
def test_what_cannot_be_played_is_refused_at_the_call(call: type) -> None:
    with pytest.raises(SourceError, match="no scenario"):
        call("storm", baud=9600)
    with pytest.raises(SourceError, match="baud"):
        call("charging", baud=0)
