"""Line damage: good bytes go in, the bytes that a bad line makes of them come out.

No I/O and no clock; all chance comes from the random numbers that are handed in, so the same ones do the same damage.
Each kind of damage is a function of its own, for any frame (two bytes or more), and always changes it; `LineDamage` deals
them out over a line's traffic.
"""

from collections.abc import Callable, Iterable, Iterator
from random import Random

from sniffer.simulator.line_timing import Step

MOST_FLIPPED = 3
MOST_LOST = 3
LONGEST_BURST = 12


def flip_bits(data: bytes, random: Random) -> bytes:
    """One to three bits turned round; as many bytes as before."""
    hurt = bytearray(data)
    for bit in random.sample(range(8 * len(data)), random.randint(1, MOST_FLIPPED)):
        hurt[bit // 8] ^= 1 << bit % 8
    return bytes(hurt)


def lose_bytes(data: bytes, random: Random) -> bytes:
    """One to three bytes missing, at any places; one is left."""
    lost = set(random.sample(range(len(data)), min(random.randint(1, MOST_LOST), len(data) - 1)))
    return bytes(byte for at, byte in enumerate(data) if at not in lost)


def truncate(data: bytes, random: Random) -> bytes:
    """The beginning only: one byte or more."""
    return data[: random.randrange(1, len(data))]


def make_burst(random: Random) -> bytes:
    """Garbage out of nowhere, 1 to 12 bytes."""
    return random.randbytes(random.randint(1, LONGEST_BURST))


_KINDS: tuple[Callable[[bytes, Random], bytes], ...] = (flip_bits, flip_bits, lose_bytes, truncate)


class LineDamage:
    """A bad line: `hurt` is the share of frames that it damages, `bursts` how many bursts come for each frame."""

    def __init__(self, random: Random, *, hurt: float, bursts: float) -> None:
        self._random = random
        self._hurt = hurt
        self._bursts = bursts

    def frame(self, data: bytes) -> bytes:
        """What arrives of one frame: mostly the frame."""
        if self._random.random() >= self._hurt:
            return data
        return self._random.choice(_KINDS)(data, self._random)

    def steps(self, steps: Iterable[Step]) -> Iterator[Step]:
        """What arrives of a line's traffic; bursts fall into the silence between frames."""
        for step in steps:
            silence = step.silence
            if self._random.random() < self._bursts:
                before = self._random.randint(0, silence)
                yield Step(before, make_burst(self._random))
                silence -= before
            yield Step(silence, self.frame(step.data))
