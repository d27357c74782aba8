"""The evidence for each candidate: what one trial says, what failed tries leave, and which rate is tried next."""

from itertools import pairwise

from sniffer.core.line.baud_belief import FAILURES_SHOWN, MARGIN, BaudBelief
from sniffer.core.line.baud_trial import BaudTrial
from sniffer.core.line.uart_model import simulate_reception
from tests.known_frames import STATUS_REPORT

RATES = (115200, 57600, 9600)


def trial_at(baud: int, sent_at: int) -> BaudTrial:
    """Return the trial of a rate on a line of another one, on which three frames were sent."""
    trial = BaudTrial(baud)
    for received in simulate_reception([STATUS_REPORT.raw] * 3, sent_at=sent_at, read_at=baud):
        trial.feed(bytes(one.value for one in received), (), after_silence=True)
        trial.end_burst()
    return trial


def test_the_likeliest_rate_of_a_trial_is_tried_next() -> None:
    belief, trial = BaudBelief(RATES), trial_at(115200, 57600)
    assert belief.compute_lead(trial) > MARGIN
    assert belief.choose_rate(trial) == belief.choose_other_rate(trial) == 57600


def test_a_trial_with_frames_keeps_its_rate() -> None:
    belief, trial = BaudBelief(RATES), trial_at(57600, 57600)
    assert belief.compute_lead(trial) == 0
    assert belief.choose_rate(trial) == 57600 != belief.choose_other_rate(trial)


def test_without_bytes_the_first_other_candidate_is_tried() -> None:
    assert BaudBelief(RATES).choose_other_rate(BaudTrial(115200)) == 57600
    assert BaudBelief((9600,)).choose_other_rate(BaudTrial(9600)) == 9600


def test_each_candidate_has_its_turn() -> None:
    belief, baud, tried = BaudBelief(RATES), RATES[0], [RATES[0]]
    for _ in RATES:
        trial = BaudTrial(baud)
        belief.add_failure(trial)
        baud = belief.choose_other_rate(trial)
        tried.append(baud)
    assert tried[:3] == [*RATES]
    assert all(before != after for before, after in pairwise(tried))


def test_all_candidates_failed_once_or_were_left_out() -> None:
    belief = BaudBelief(RATES)
    belief.add_failure(BaudTrial(115200))
    belief.add_failure(BaudTrial(9600))
    assert (belief.is_exhausted, belief.rounds) == (False, 0)
    assert belief.exclude(57600)
    assert (belief.is_exhausted, belief.rounds, belief.candidates) == (True, 1, (115200, 9600))


def test_the_only_candidate_is_not_left_out() -> None:
    belief = BaudBelief((9600, 9600))
    assert not belief.exclude(9600)
    assert belief.candidates == (9600,)


def test_what_was_forgotten_counts_no_more() -> None:
    belief, trial = BaudBelief(RATES), BaudTrial(115200)
    for _ in range(3):
        belief.add_failure(BaudTrial(57600))
    assert belief.choose_other_rate(trial) == 9600
    belief.clear()
    assert belief.choose_other_rate(trial) == 57600
    assert (belief.rounds, belief.format_failures()) == (0, "")


def test_the_last_failed_tries_are_described_newest_first() -> None:
    belief = BaudBelief((*RATES, 19200))
    for baud in (*RATES, 19200, 57600):
        belief.add_failure(BaudTrial(baud))
    texts = [f"{baud}: none in 0 bytes" for baud in (57600, 19200, 9600)]
    assert belief.format_failures() == "; ".join(texts[:FAILURES_SHOWN])
    belief.forget_failure(19200)
    assert belief.format_failures() == "; ".join([texts[0], texts[2], "115200: none in 0 bytes"])
