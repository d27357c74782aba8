"""The damage that a bad line does to frames: good bytes go in, damaged bytes come out.

There is no I/O and no clock. All chance comes from the given random numbers, so the same seed does the same damage.
Each kind of damage is a function that takes a frame of two bytes or more and always changes it. `LineDamage` applies
them to the traffic of a line.
"""

from collections.abc import Callable, Iterable, Iterator
from random import Random

from sniffer.simulator.line_timing import Step

MAX_FLIPPED_BITS = 3
MAX_LOST_BYTES = 3
MAX_BURST = 12


def flip_bits(data: bytes, random: Random) -> bytes:
    """Return the frame with one to three bits inverted."""
    damaged = bytearray(data)
    for bit in random.sample(range(8 * len(data)), random.randint(1, MAX_FLIPPED_BITS)):
        damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def lose_bytes(data: bytes, random: Random) -> bytes:
    """Return the frame without one to three of its bytes, anywhere; at least one byte is left."""
    lost = set(random.sample(range(len(data)), min(random.randint(1, MAX_LOST_BYTES), len(data) - 1)))
    return bytes(byte for at, byte in enumerate(data) if at not in lost)


def truncate(data: bytes, random: Random) -> bytes:
    """Return the beginning of the frame: at least one byte, but not all."""
    return data[: random.randrange(1, len(data))]


def make_burst(random: Random) -> bytes:
    """Return 1 to 12 random bytes."""
    return random.randbytes(random.randint(1, MAX_BURST))


_KINDS: tuple[Callable[[bytes, Random], bytes], ...] = (flip_bits, flip_bits, lose_bytes, truncate)


class LineDamage:
    """A bad line. `damage_rate` is the share of damaged frames, `burst_rate` the number of bursts per frame."""

    def __init__(self, random: Random, *, damage_rate: float, burst_rate: float) -> None:
        self._random = random
        self._damage_rate = damage_rate
        self._burst_rate = burst_rate

    def damage_frame(self, data: bytes) -> bytes:
        """Return the bytes that arrive of one frame: most frames arrive unchanged."""
        if self._random.random() >= self._damage_rate:
            return data
        return self._random.choice(_KINDS)(data, self._random)

    def damage_steps(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Yield the traffic as it arrives. Bursts fall into the silence between frames."""
        for step in steps:
            silence = step.silence
            if self._random.random() < self._burst_rate:
                before = self._random.randint(0, silence)
                yield Step(before, make_burst(self._random))
                silence -= before
            yield Step(silence, self.damage_frame(step.data))
