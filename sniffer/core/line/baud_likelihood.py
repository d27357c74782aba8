"""What traffic of one rate looks like to a receiver of another, as the logarithms of probabilities.

In: the rate that is read at and the rate that may be the line's. Out: how likely each byte is there, with and without
a line error, and how few bytes a whole frame can be read as. Nothing is measured for this: made-up frames go through
the model of the line (`sniffer.core.line.uart_model`), a little faster and slower than the rates say, as no two clocks agree.

A receiver that is too fast sees every run of low bits stretched, so that a few values make up nearly all of what it
reads, and which ones they are tells how much too fast it is. One that is too slow reads almost anything, but few
bytes. So reading too fast tells far more.
"""

from functools import lru_cache
from math import inf, log
from random import Random
from typing import NamedTuple

from sniffer.core.line.uart_model import simulate_reception
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD

_SKEWS = (985, 1000, 1015)
"""Thousandths of its rate at which a line may really run."""

_UNEXPECTED_SHARE = 0.3
"""The share of bytes that is taken to be no matter what: other contents than the made-up ones, and damage."""

_UNEXPECTED_SHARE_TOO_SLOW = 0.8
"""The same for a receiver that is not faster than the line: what it reads depends on the contents."""

_ERROR_SHARE_FLOOR = 0.02
"""The share of line errors, and of bytes without one, that is always possible."""


class SymbolExpectation(NamedTuple):
    """`marked[value + 256 * error]` with line errors known, `plain[value]` without; `fewest` bytes a frame gives."""

    marked: tuple[float, ...]
    plain: tuple[float, ...]
    fewest: int


def _frames() -> tuple[bytes, ...]:
    random = Random(6)
    frames = []
    for number, size in enumerate((0, 4, 6, 11, 24, 6, 8, 34, 6, 4, 16, 6, 11, 2)):
        head = (COM_TO_PWR, PWR_TO_COM)[number % 2].head
        of = ((0,), range(16), range(256))
        payload = bytes(random.choice(of[number % 3 if size > 8 else random.randrange(3)]) for _ in range(size))
        frames.append(PWRBOARD.build(head, random.randrange(0x10000), random.randrange(0x40), payload))
    return tuple(frames)


_FRAMES = _frames()


@lru_cache(maxsize=1024)
def expect_symbols(read_at: int, sent_at: int) -> SymbolExpectation:
    """How traffic that is sent at one rate looks when it is read at the other."""
    counts = [0] * 512
    fewest: float = inf
    # No clock's error matters far from the line's rate, and a receiver that is too fast reads few values.
    near = 2 * sent_at > read_at and 2 * read_at > sent_at
    frames = _FRAMES if sent_at > read_at else _FRAMES[: 8 if near else 5]
    for skew in _SKEWS if near else (1000,):
        for characters in simulate_reception(frames, sent_at=sent_at * skew // 1000, read_at=read_at):
            fewest = min(fewest, len(characters))
            for value, error, _ in characters:
                counts[value + 256 * bool(error)] += 1
    if not any(counts):
        # Far too slow: nothing at all is heard of most frames, and what is may be anything.
        counts = [1] * 512
    total = sum(counts)
    wrong = (1 - 2 * _ERROR_SHARE_FLOOR) * sum(counts[256:]) / total + _ERROR_SHARE_FLOOR
    shares = (1 - wrong, wrong)
    other = _UNEXPECTED_SHARE if 100 * sent_at < 95 * read_at else _UNEXPECTED_SHARE_TOO_SLOW
    marked = [(1 - other) * count / total + other * shares[at >= 256] / 256 for at, count in enumerate(counts)]
    plain = [right + wrong for right, wrong in zip(marked[:256], marked[256:], strict=True)]
    return SymbolExpectation(tuple(map(log, marked)), tuple(map(log, plain)), int(fewest))
