"""Compute how likely each received byte is when a line of one rate is read at another, as natural logarithms.

In: the rate of the receiver and a possible rate of the line. Out: the probability of each byte value, with and without
a line error, and the least number of bytes that a whole frame is read as. The probabilities are not measured. Synthetic
frames go through the model of the line (`sniffer.core.line.uart_model`), also at slightly lower and higher rates,
because no two clocks agree exactly.

A receiver that is too fast sees every run of low bits stretched. A few values then make up nearly all bytes that it
reads, and these values reveal how much too fast it is. A receiver that is too slow reads almost any value, but few
bytes. Reading too fast is therefore far more informative.
"""

from functools import lru_cache
from math import inf, log
from typing import NamedTuple

from sniffer.core.line.expected_traffic import PACKAGED_TRAFFIC
from sniffer.core.line.uart_model import simulate_reception

_SKEWS = (985, 1000, 1015)
"""The simulated rates of the line, in thousandths of its nominal rate."""

_UNEXPECTED_SHARE = 0.3
"""The assumed share of bytes that may have any value: other contents than the synthetic ones, and damage."""

_UNEXPECTED_SHARE_TOO_SLOW = 0.8
"""The same share for a receiver that is not faster than the line: its bytes depend on the contents."""

_ERROR_SHARE_FLOOR = 0.02
"""The least assumed share of bytes with a line error, and of bytes without one."""


class SymbolExpectation(NamedTuple):
    """The logarithms of the probabilities of received bytes.

    `marked[value + 256 * error]` is for a source that reports line errors, `plain[value]` for one that does not.
    `fewest` is the least number of bytes that a whole frame is read as.
    """

    marked: tuple[float, ...]
    plain: tuple[float, ...]
    fewest: int


@lru_cache(maxsize=1024)
def expect_symbols(read_at: int, sent_at: int, sent: tuple[bytes, ...] = PACKAGED_TRAFFIC.frames) -> SymbolExpectation:
    """Return the expected bytes of these frames if they are sent at one rate and read at the other."""
    counts = [0] * 512
    fewest: float = inf
    # Clock errors matter only near the line's rate. Few frames suffice except for a receiver that is too slow.
    near = 2 * sent_at > read_at and 2 * read_at > sent_at
    frames = sent if sent_at > read_at else sent[: 8 if near else 5]
    for skew in _SKEWS if near else (1000,):
        for characters in simulate_reception(frames, sent_at=sent_at * skew // 1000, read_at=read_at):
            fewest = min(fewest, len(characters))
            for value, error, _ in characters:
                counts[value + 256 * bool(error)] += 1
    if not any(counts):
        # The receiver is far too slow: it reads nothing from most frames, and any value from the others.
        counts = [1] * 512
    total = sum(counts)
    wrong = (1 - 2 * _ERROR_SHARE_FLOOR) * sum(counts[256:]) / total + _ERROR_SHARE_FLOOR
    shares = (1 - wrong, wrong)
    other = _UNEXPECTED_SHARE if 100 * sent_at < 95 * read_at else _UNEXPECTED_SHARE_TOO_SLOW
    marked = [(1 - other) * count / total + other * shares[at >= 256] / 256 for at, count in enumerate(counts)]
    plain = [right + wrong for right, wrong in zip(marked[:256], marked[256:], strict=True)]
    return SymbolExpectation(tuple(map(log, marked)), tuple(map(log, plain)), int(fewest))
