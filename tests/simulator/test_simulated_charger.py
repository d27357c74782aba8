"""The frames on the simulated line: which side sends them, when, and with which sequence."""

from itertools import islice, pairwise
from random import Random

import pytest

from sniffer.simulator.scenarios import SCENARIOS
from sniffer.simulator.simulated_charger import SequenceCounter, SimulatedCharger
from tests.known_frames import BOOT_PAYLOAD, KNOWN_FRAMES
from tests.simulator.helpers import BAUD, CYCLE, SECOND, first, tapped

some_seeds = pytest.mark.parametrize("seed", range(5))


class Always(Random):
    """A random number generator that always returns this number."""

    def __init__(self, number: int) -> None:
        super().__init__(0)
        self.number = number

    def getrandbits(self, k: int) -> int:
        return self.number


# The content of the frames


def test_the_first_frame_is_the_known_boot_announcement() -> None:
    boot = tapped(first(CYCLE, "charging")).messages[0]
    assert (boot.name, boot.frame.direction, boot.frame.payload) == ("announcement answer", "com>pwr", BOOT_PAYLOAD)


def test_the_parameter_word_follows_the_boot() -> None:
    boot, parameter = tapped(first(CYCLE, "charging")).messages[:2]
    assert (parameter.name, parameter.frame.direction) == ("acceptance", "com>pwr")
    assert parameter.frame.payload == bytes.fromhex("00 00 02 00")
    assert parameter.frame.sequence == boot.frame.sequence + 1


def test_an_undervoltage_report_is_the_known_one_but_for_its_sequence() -> None:
    known = next(frame for frame in KNOWN_FRAMES if frame.arrow == "<=pwrboard" and frame.command == 0x01)
    reports = tapped(first(CYCLE, "undervoltage")).named("status report")
    assert known.payload in [report.frame.payload for report in reports]


@some_seeds
@pytest.mark.parametrize("baud", [1200, 9600, 115200])
@pytest.mark.parametrize("name", ["charging", "undervoltage", "bootloop"])
def test_every_report_is_answered_once_with_its_sequence_and_at_once(name: str, baud: int, seed: int) -> None:
    seen = tapped(first(2 * CYCLE, name, baud=baud, seed=seed), baud=baud)
    reports, answers = seen.named("status report"), seen.named("status answer")

    assert [answer.frame.sequence for answer in answers] == [report.frame.sequence for report in reports][
        : len(answers)
    ]
    assert len(reports) - len(answers) <= 1
    # The report itself, a few milliseconds, and at most one frame in between.
    longest = (18 + 41) * 10 * SECOND // baud + SECOND // 50
    for report, answer in zip(reports, answers, strict=False):
        assert 0 < (answer.frame.time or 0) - (report.frame.time or 0) < longest


def test_a_report_comes_every_few_seconds_even_where_nothing_changes() -> None:
    times = [report.frame.time or 0 for report in tapped(first(2 * CYCLE, "charging")).named("status report")]
    assert max(after - before for before, after in pairwise(times)) < 5.5 * SECOND


def test_voltages_are_sent_about_once_a_second() -> None:
    voltages = tapped(first(CYCLE, "charging")).named("phase voltages")
    assert {message.frame.sequence for message in voltages} == {0xDDDD}
    assert {message.frame.direction for message in voltages} == {"pwr>com"}
    assert 55 < len(voltages) < 65


# Sequences


@pytest.mark.parametrize("start", [0xDDDB, 0xDDDC, 0xDDDD, 0xFFFD, 0xFFFE, 0xFFFF])
def test_a_sequence_counter_leaves_out_the_special_ones(start: int) -> None:
    counter = SequenceCounter(Always(start))
    taken = [counter.next() for _ in range(4)]
    assert not {0xDDDD, 0xFFFF} & set(taken)
    assert len(set(taken)) == 4


def test_a_sequence_counter_goes_all_the_way_round() -> None:
    counter = SequenceCounter(Random(0))
    taken = [counter.next() for _ in range(0x10000 - 2)]
    assert len(set(taken)) == len(taken)
    assert counter.next() == taken[0]


@some_seeds
@pytest.mark.parametrize("name", SCENARIOS)
def test_only_voltages_have_a_special_sequence(name: str, seed: int) -> None:
    for message in tapped(first(2 * CYCLE, name, seed=seed)).messages:
        assert (message.frame.sequence in (0xDDDD, 0xFFFF)) == (message.name == "phase voltages")


def test_the_power_board_counts_its_reports() -> None:
    sequences = [report.frame.sequence for report in tapped(first(2 * CYCLE, "undervoltage")).named("status report")]
    assert sequences == [(sequences[0] + count) & 0xFFFF for count in range(len(sequences))]


def test_boots_have_sequences_of_their_own() -> None:
    boots = tapped(first(CYCLE, "bootloop")).named("announcement answer")
    assert len({boot.frame.sequence for boot in boots}) == len(boots)


# The line


@pytest.mark.parametrize("baud", [300, 9600, 1_000_000])
def test_the_line_is_silent_for_a_moment_between_frames(baud: int) -> None:
    steps = islice(SimulatedCharger(SCENARIOS["undervoltage"], baud=baud, random=Random(1)).steps(), 500)
    assert all(step.silence >= SECOND // 1000 for step in list(steps)[1:])


def test_the_same_random_numbers_say_the_same() -> None:
    def steps_of(seed: int) -> list[object]:
        return list(islice(SimulatedCharger(SCENARIOS["charging"], baud=BAUD, random=Random(seed)).steps(), 300))

    assert steps_of(1) == steps_of(1)
    assert steps_of(1) != steps_of(2)
