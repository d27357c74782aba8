"""The sequences of the simulated charger's frames (protocol.md, Commands on `pwrboard`, Sequences).

The power board's own sequences look random; those of the OCPP module are a counter that begins again when the module
restarts. Both leave out the sequences with a special meaning.
"""

from random import Random

from sniffer.core.wire.links import SPECIAL_SEQUENCES

FIRST_COUNT = 6
"""The counter of the first message that is seen of an OCPP module that has just started, in the real log."""


class SequenceCounter:
    """The counter of an OCPP module that has just started."""

    def __init__(self, first: int = FIRST_COUNT) -> None:
        self._next = first

    def next(self) -> int:
        """Return the sequence of the next message."""
        while self._next in SPECIAL_SEQUENCES:
            self._next = (self._next + 1) & 0xFFFF
        sequence = self._next
        self._next = (sequence + 1) & 0xFFFF
        return sequence


class RandomSequences:
    """The sequences of the power board."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def next(self) -> int:
        """Return the sequence of the next message."""
        sequence = self._random.getrandbits(16)
        while sequence in SPECIAL_SEQUENCES:
            sequence = self._random.getrandbits(16)
        return sequence
