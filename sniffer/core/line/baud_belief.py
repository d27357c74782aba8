"""Weigh the candidates for the rate of a line by the evidence of all tries, and choose the rate to try next.

In: the current trial, and which tries have failed. Out: the rate that the evidence speaks for. All evidence is a
natural logarithm.
"""

from collections.abc import Sequence

from sniffer.core.line.baud_trial import BaudTrial

PRIOR_STEP = 0.15
"""The prior odds of each candidate against the one before it."""
FAILURE_PENALTY = 4.0
"""The evidence against a rate from each failed try, beside the bytes that were received in it."""
PENALTY_PER_BYTE = 0.1
PENALTY_PER_BURST = 1.0
"""The evidence against the current rate from each byte and from each burst without a valid frame; the larger sum
counts.
"""
PLAUSIBLE_BONUS = 7.0
"""The evidence for the current rate from one valid frame, or from bursts that begin like inverted frames: wait for
more.
"""
MARGIN = 2.0
"""The least lead of another rate that makes the finder try it."""
EVIDENCE_LIMIT = 15.0
"""The bound of all evidence. It keeps the evidence small enough to be overcome when the line changes."""
DECAY = 0.8
"""The share of older evidence that remains after each try."""
HIGHEST_STEP = 8.5
"""The largest ratio of the next rate to the current one, if the line's rate is only known to be higher. Beyond this
ratio, all bytes look like breaks.
"""

FAILURES_SHOWN = 3
"""The number of failed rates that a text names."""


class BaudBelief:
    """The evidence for each candidate from the tries so far, the more likely candidates first."""

    def __init__(self, candidates: Sequence[int]) -> None:
        self.candidates = tuple(dict.fromkeys(candidates))
        self._evidence: dict[int, float] = {}
        self._failed: dict[int, int] = {}
        self._failures: dict[int, str] = {}
        self._tries = 0
        self._has_marks = False
        self.clear()

    def clear(self) -> None:
        """Forget all tries. Before any, each candidate has a little less evidence than the one before it."""
        self._evidence = {baud: -PRIOR_STEP * place for place, baud in enumerate(self.candidates)}
        self._failed = dict.fromkeys(self.candidates, 0)
        self._failures = {}
        self._tries = 0

    @property
    def rounds(self) -> int:
        """The number of times that all candidates could have been tried since the last `clear`."""
        return self._tries // len(self.candidates)

    @property
    def is_exhausted(self) -> bool:
        """True if a try of each candidate has failed."""
        return self._failures.keys() >= set(self.candidates)

    def note_marks(self) -> None:
        """Note that the source reports line errors: that a byte has none is evidence from now on."""
        self._has_marks = True

    def exclude(self, baud: int) -> bool:
        """Leave out a candidate from now on, unless it is the only one. Return True if others remain."""
        others = tuple(rate for rate in self.candidates if rate != baud)
        self.candidates = others or self.candidates
        return bool(others)

    def compute_lead(self, trial: BaudTrial) -> float:
        """Return by how much the likeliest rate leads the one of this trial, by the bytes of the trial alone."""
        likelihoods = self._compute_likelihoods(trial)
        return max(likelihoods.values()) - likelihoods[trial.baud]

    def choose_rate(self, trial: BaudTrial) -> int:
        """Return the rate to try now: that of the trial unless another leads by `MARGIN`."""
        scores = self._compute_scores(trial)
        if max(scores.values()) - scores[trial.baud] < MARGIN:
            return trial.baud
        return _choose_other(scores, trial.baud)

    def choose_other_rate(self, trial: BaudTrial) -> int:
        """Return the best rate other than that of the trial, or the only candidate."""
        return _choose_other(self._compute_scores(trial), trial.baud)

    def add_failure(self, trial: BaudTrial) -> None:
        """Add a try that has failed: the evidence of its bytes, and the text on it."""
        likelihoods = self._compute_likelihoods(trial)
        best = max(likelihoods.values())
        for baud, likely in likelihoods.items():
            self._evidence[baud] = max(DECAY * self._evidence[baud] + likely - best, -EVIDENCE_LIMIT)
        top = max(self._evidence.values())
        self._evidence = {baud: max(belief - top, -EVIDENCE_LIMIT) for baud, belief in self._evidence.items()}
        self._failed[trial.baud] += 1
        self.forget_failure(trial.baud)
        self._failures[trial.baud] = trial.describe()
        self._tries += 1

    def forget_failure(self, baud: int) -> None:
        """Forget the text on the last failed try of a rate."""
        self._failures.pop(baud, None)

    def format_failures(self) -> str:
        """Return a text on the bytes that the last failed tries received, newest first; empty if none has failed."""
        return "; ".join([*self._failures.values()][: -FAILURES_SHOWN - 1 : -1])

    def _compute_likelihoods(self, trial: BaudTrial) -> dict[int, float]:
        """Return the logarithm of the likelihood of a trial's bytes for each candidate."""
        return {baud: trial.likelihood(baud, marked=self._has_marks) for baud in self.candidates}

    def _compute_scores(self, trial: BaudTrial) -> dict[int, float]:
        """Return the evidence for each candidate from this try and all earlier ones."""
        likelihoods = self._compute_likelihoods(trial)
        best = max(likelihoods.values())
        scores = {
            baud: self._evidence[baud] + max(likely - best, -EVIDENCE_LIMIT) - FAILURE_PENALTY * self._failed[baud]
            for baud, likely in likelihoods.items()
        }
        if trial.baud in scores:
            against = max(PENALTY_PER_BYTE * trial.bytes, PENALTY_PER_BURST * trial.bursts)
            scores[trial.baud] += PLAUSIBLE_BONUS if trial.plausible else -against
        return scores


def _choose_other(scores: dict[int, float], current: int) -> int:
    """Return the rate with the best score other than the current one, or the only one.

    If several higher rates are about equally likely, return the highest of them within `HIGHEST_STEP`.
    """
    others = {baud: score for baud, score in scores.items() if baud != current} or scores
    best = max(others, key=others.__getitem__)
    likely = [baud for baud, score in others.items() if score > others[best] - 2 * MARGIN]
    if len(likely) > 1:
        reached = [baud for baud in likely if current < baud <= HIGHEST_STEP * current]
        if best > current and reached:
            return max(reached)
    return best
