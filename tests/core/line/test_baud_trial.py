"""A trial of one rate: what it counts, when its frames are believed, and what it says about other rates."""

from math import log

import pytest

from sniffer.core.line.baud_likelihood import expect_symbols
from sniffer.core.line.baud_trial import BaudTrial
from sniffer.core.wire.items import LineError, LineErrorMark
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT

GOOD = STATUS_REPORT.raw
OTHER = KNOWN_FRAMES[2].raw
DAMAGED = GOOD[:-1] + b"\x00"
INVERTED = b"\x00\x95\x57\xa7"
FIRST_MARKED = (LineErrorMark(0, LineError.FRAMING),)


def trial_of(*bursts: bytes, after_silence: bool = True, ended: bool = True, baud: int = 115200) -> BaudTrial:
    """Return a trial that received these bursts; the last one has ended unless `ended` is False."""
    trial = BaudTrial(baud)
    for number, burst in enumerate(bursts):
        trial.feed(burst, (), after_silence=after_silence or number > 0)
        if ended or number + 1 < len(bursts):
            trial.end_burst()
    return trial


# Counts


def test_bytes_bursts_line_errors_and_frames_are_counted() -> None:
    trial = trial_of(GOOD, DAMAGED)
    trial.feed(b"\x00\x01", FIRST_MARKED, after_silence=True)
    assert (trial.bytes, trial.bursts, trial.errors) == (2 * len(GOOD) + 2, 2, 1)
    assert (trial.valid, trial.damaged) == (1, 1)


def test_garbage_and_a_frame_that_is_cut_short_are_not_damaged_frames() -> None:
    trial = trial_of(b"\x01\x02", GOOD[:9])
    assert (trial.valid, trial.damaged) == (0, 0)


def test_a_frame_may_come_in_two_reads() -> None:
    trial = trial_of(GOOD[:4], ended=False)
    trial.feed(GOOD[4:], (), after_silence=False)
    assert trial.valid == 1


def test_clear_forgets_the_counts_and_keeps_an_incomplete_frame() -> None:
    trial = trial_of(GOOD, DAMAGED, GOOD[:4], ended=False)
    trial.clear()
    assert (trial.bytes, trial.bursts, trial.errors, trial.valid, trial.damaged) == (0, 0, 0, 0, 0)
    trial.feed(GOOD[4:], (), after_silence=False)
    assert trial.valid == 1


def test_restarting_the_framing_forgets_an_incomplete_frame() -> None:
    trial = trial_of(GOOD[:4], ended=False)
    trial.restart_framing()
    trial.feed(GOOD[4:], (), after_silence=False)
    trial.end_burst()
    assert trial.valid == 0


@pytest.mark.parametrize(
    ("bursts", "marks", "text"),
    [
        ((GOOD,), (), "9600: 1 of 1 frames valid"),
        ((GOOD, DAMAGED), (), "9600: 1 of 2 frames valid"),
        ((b"\x01\x02",), (), "9600: none in 2 bytes"),
        ((b"\x01",), (), "9600: none in 1 byte"),
        ((b"\x01",), FIRST_MARKED, "9600: none, 1 line error in 2 bytes"),
        ((GOOD,), FIRST_MARKED * 2, f"9600: 1 of 1 frames valid, 2 line errors in {len(GOOD) + 1} bytes"),
    ],
)
def test_the_description_is_one_line(bursts: tuple[bytes, ...], marks: tuple[LineErrorMark, ...], text: str) -> None:
    trial = trial_of(*bursts, baud=9600)
    if marks:
        trial.feed(b"\x00", marks, after_silence=True)
    assert trial.describe() == text


# Belief


def test_no_frame_is_not_believed() -> None:
    assert not trial_of().believed
    assert not trial_of(b"\x01\x02").believed


def test_a_single_frame_is_believed_when_its_burst_has_ended() -> None:
    assert not trial_of(GOOD, ended=False).believed
    assert trial_of(GOOD).believed


@pytest.mark.parametrize("noise", [b"\x01", b"\xaa"])
def test_a_single_frame_with_other_bytes_is_not_believed(noise: bytes) -> None:
    assert not trial_of(GOOD + noise).believed
    assert not trial_of(noise + GOOD).believed
    assert not trial_of(noise, GOOD).believed


def test_noise_in_a_burst_whose_start_was_missed_does_not_count() -> None:
    assert trial_of(b"\x01\x02" + GOOD, after_silence=False).believed
    assert not trial_of(b"\x01\x02", GOOD, b"\x01").believed


def test_two_frames_are_believed_among_few_heads() -> None:
    assert trial_of(GOOD + b"\x00\xaa\x00\xbb" + OTHER).believed
    assert not trial_of(GOOD + b"\x00\xaa\x00\xbb\x00" * 20 + OTHER).believed


@pytest.mark.parametrize(("heads", "believed"), [(2, True), (3, False)])
def test_two_frames_are_believed_with_up_to_two_other_heads(heads: int, believed: bool) -> None:
    trial = trial_of(GOOD + OTHER)
    trial._heads = heads
    assert trial.believed is believed


@pytest.mark.parametrize(("heads", "believed"), [(146, True), (166, False)])
def test_three_frames_are_believed_with_some_hundred_other_heads(heads: int, believed: bool) -> None:
    trial = trial_of(GOOD + OTHER + GOOD)
    trial._heads = heads
    assert trial.believed is believed


def test_many_frames_are_believed_among_many_heads() -> None:
    trial = trial_of(GOOD * 100)
    trial._heads = 3000
    assert trial.believed


# Plausible rates


def test_a_valid_frame_makes_the_rate_plausible() -> None:
    assert trial_of(GOOD + b"\x01", ended=False).plausible
    assert not trial_of(DAMAGED).plausible
    assert not trial_of().plausible


@pytest.mark.parametrize(
    ("bursts", "plausible"),
    [((INVERTED,), True), ((INVERTED, b"\x01\x02"), False), ((INVERTED, b"\x01", INVERTED), True), ((b"\x01",), False)],
)
def test_most_bursts_begin_like_inverted_frames(bursts: tuple[bytes, ...], plausible: bool) -> None:
    assert trial_of(*bursts).plausible is plausible


def test_the_start_of_a_burst_may_come_in_several_reads() -> None:
    trial = BaudTrial(115200)
    for value in INVERTED:
        trial.feed(bytes([value]), (), after_silence=False)
    trial.end_burst()
    assert trial.plausible


# Likelihood


def test_the_likelihood_is_the_sum_over_the_bytes() -> None:
    trial = trial_of(b"\x00\x80", ended=False)
    plain = expect_symbols(115200, 19200).plain
    assert trial.likelihood(19200, marked=False) == pytest.approx(plain[0x00] + plain[0x80])


def test_with_line_errors_known_a_marked_byte_is_another_symbol() -> None:
    trial = BaudTrial(115200)
    trial.feed(b"\x00\x80", FIRST_MARKED, after_silence=True)
    marked = expect_symbols(115200, 19200).marked
    assert trial.likelihood(19200, marked=True) == pytest.approx(marked[256] + marked[0x80])


def test_at_most_six_equal_bytes_count() -> None:
    many, six = trial_of(bytes(20), ended=False), trial_of(bytes(6), ended=False)
    assert many.likelihood(9600, marked=False) == six.likelihood(9600, marked=False)
    assert many.likelihood(9600, marked=False) != trial_of(bytes(5), ended=False).likelihood(9600, marked=False)


def test_at_most_64_bytes_of_a_read_count() -> None:
    values = bytes(range(128))
    assert trial_of(values, ended=False).likelihood(9600, marked=False) == trial_of(
        values[:64], ended=False
    ).likelihood(9600, marked=False)


def test_no_more_reads_are_compared_after_64_bytes() -> None:
    trial = trial_of(bytes(range(64)), ended=False)
    before = trial.likelihood(9600, marked=False)
    trial.feed(b"\xfe", (), after_silence=False)
    assert trial.likelihood(9600, marked=False) == before


@pytest.mark.parametrize(("size", "times"), [(7, 0), (6, 1), (4, 1), (3, 2), (1, 2)])
def test_bursts_shorter_than_a_frame_count_against_the_rate(size: int, times: int) -> None:
    values = bytes(range(1, size + 1))
    open_burst, ended = trial_of(values, ended=False), trial_of(values)
    penalty = open_burst.likelihood(115200, marked=False) - ended.likelihood(115200, marked=False)
    assert penalty == pytest.approx(times * log(10), abs=0.01)


def test_the_last_three_short_bursts_count() -> None:
    three, many = trial_of(*[b"\x01"] * 3), trial_of(*[b"\x01"] * 5)
    symbols = expect_symbols(115200, 115200).plain[1]
    assert three.likelihood(115200, marked=False) - 3 * symbols == pytest.approx(-6 * 2.3)
    assert many.likelihood(115200, marked=False) - 5 * symbols == pytest.approx(-6 * 2.3)


def test_a_burst_whose_start_was_missed_is_not_short() -> None:
    missed = trial_of(b"\x01", after_silence=False)
    assert missed.likelihood(115200, marked=False) == expect_symbols(115200, 115200).plain[1]
