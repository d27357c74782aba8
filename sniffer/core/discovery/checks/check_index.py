"""Find all places of bytes between which a check is right, without trying each pair of places.

In: bytes, and a kind of check. Out: a `CheckIndex`, with a number for each place where the cover of a check may begin
and one for each place where it may end. The check of the bytes between two places is right if their numbers are equal.

Theory of operation. The sum of the bytes between two places is the difference of two sums from the first byte on, so
the check is right if the sum up to the end, less the check that stands there, is the sum up to the begin. A CRC is the
same with polynomials: one more byte multiplies the register by x to the 8. Divided by the power of the place, the
registers of all places can be compared. An index is built in a time that grows with the bytes, not with their square.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from operator import xor

from msgspec import Struct

from sniffer.core.discovery.checks.crc_algebra import reverse_bits
from sniffer.core.wire.checks import PLAIN, XORS, ByteOrder, Check, CrcParameters, SumConstants, build_sum, list_crcs

WEAK_BITS = {1: 8, 2: 10, 4: 11}
"""Bits that a sum of so many bytes proves. Its high bytes hardly change, so that they prove little."""

Numbers = Sequence[int]


class CheckKind(Struct, frozen=True):
    """A check without the place where its cover begins. `crc` is None for a sum and for an exclusive or."""

    name: str
    size: int
    order: ByteOrder
    crc: CrcParameters | None = None
    constants: SumConstants = PLAIN

    @property
    def bits(self) -> int:
        """The bits that one right check proves."""
        return 8 * self.size if self.crc else WEAK_BITS[self.size]

    def build(self, start: int) -> Check:
        """Return the check whose cover begins at an offset of a frame."""
        compute = self.crc.compute if self.crc else build_sum(self.name, self.size, self.constants)
        return Check(self.name, self.size, start, self.order, compute, constants=self.constants)


def kind_of(check: Check) -> CheckKind:
    """Return the kind of a check: the same one, wherever its cover begins."""
    crc = check.parameters or list_crcs().get(check.name)
    return CheckKind(check.name, check.size, check.order, crc, SumConstants(check.initial, check.final_xor))


class CheckIndex(Struct, frozen=True):
    """The numbers of all places of some bytes for one kind of check.

    `begins` has one for each offset where a cover may begin, `ends` one for each offset where the check may stand.
    """

    begins: Numbers
    ends: Numbers


class CheckIndexer:
    """Builds the indexes of some bytes. What kinds of checks need that follow one another is computed once."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sums = [*accumulate(data, initial=0)]
        self._xors = [*accumulate(data, xor, initial=0)]
        self._latest: tuple[tuple[int, int, bool], _CrcPlaces] | None = None

    def build(self, kind: CheckKind) -> CheckIndex:
        """Return the index of a kind of check."""
        wanted = _read_numbers(self._data, kind.size, kind.order)
        if kind.crc:
            return self._build_crc(kind.crc, wanted)
        if kind.name in XORS:
            inverted = 0xFF if kind.name == "xor inverted" else 0
            ends = [total ^ check ^ inverted for total, check in zip(self._xors, wanted, strict=False)]
            return CheckIndex(self._xors, ends)
        modulus = 256**kind.size
        sums = self._sums
        solve: dict[str, Callable[[int, int], int]] = {
            "sum": lambda total, check: (total - check) % modulus,
            "sum inverted": lambda total, check: (total + check + 1) % modulus,
            "sum negated": lambda total, check: (total + check) % modulus,
        }
        begins = sums if sums[-1] < modulus else [total % modulus for total in sums]
        return CheckIndex(begins, [*map(solve[kind.name], sums, wanted)])

    def _build_crc(self, crc: CrcParameters, wanted: Numbers) -> CheckIndex:
        key = crc.width, crc.polynomial, crc.is_reflected
        if self._latest is None or self._latest[0] != key:
            self._latest = key, _CrcPlaces(self._data, *key)
        places = self._latest[1]
        initial = reverse_bits(crc.initial, crc.width) if crc.is_reflected else crc.initial
        return CheckIndex(places.list_begins(initial), places.list_ends(crc.final_xor, wanted))


class _CrcPlaces:
    """The contributions of the places of some bytes to all CRCs of one polynomial.

    `_powers` are, for each place, the images of single bits, from which the image of any register follows.
    `_registers` is the register of the bytes up to each place, seen from there.
    """

    def __init__(self, data: bytes, width: int, polynomial: int, is_reflected: bool) -> None:
        back = _build_step_back(width, polynomial, is_reflected)
        shift = 0 if is_reflected else width - 8
        images = [1 << bit for bit in range(width)]
        self._powers, self._registers, register = [images], [0], 0
        for byte in data:
            # A byte enters the register at its near end, before the register is multiplied.
            register ^= _find_image(images, byte << shift)
            images = [back(image) for image in images]
            self._powers.append(images)
            self._registers.append(register)

    def list_begins(self, initial: int) -> Numbers:
        """Return the numbers of the places where a cover may begin, for an initial value of the register."""
        return [
            register ^ _find_image(images, initial)
            for register, images in zip(self._registers, self._powers, strict=True)
        ]

    def list_ends(self, final_xor: int, wanted: Numbers) -> Numbers:
        """Return the numbers of the places where a check may stand, of which the numbers there are `wanted`."""
        rows = zip(self._registers, self._powers, wanted, strict=False)
        return [register ^ _find_image(images, final_xor ^ check) for register, images, check in rows]


def _find_image(images: Numbers, register: int) -> int:
    """Return the image of a register from those of its bits."""
    found = 0
    while register:
        low = register & -register
        found ^= images[low.bit_length() - 1]
        register ^= low
    return found


@cache
def _build_step_back(width: int, polynomial: int, is_reflected: bool) -> Callable[[int], int]:
    """Return the function that divides a register by x to the 8: it undoes the step of one byte."""
    low, high, mask = 1, 1 << width - 1, (1 << width) - 1
    # The polynomial without its constant term, with the highest bit: what a division by x brings back.
    factor = (polynomial >> 1) | high
    if is_reflected:
        factor = reverse_bits(factor, width)

    def divide(register: int) -> int:
        for _ in range(8):
            if is_reflected:
                register = (register << 1 & mask) ^ factor if register & high else register << 1
            else:
                register = (register >> 1) ^ factor if register & low else register >> 1
        return register

    # Only the eight bits that fall out change more than their place: a table has their images.
    if is_reflected:
        table = [divide(byte << width - 8) for byte in range(256)]
        return lambda register: table[register >> width - 8] ^ (register << 8 & mask)
    table = [divide(byte) for byte in range(256)]
    return lambda register: table[register & 255] ^ register >> 8


def _read_numbers(data: bytes, size: int, order: ByteOrder) -> Numbers:
    """Return the number of `size` bytes at each offset."""
    if size == 1:
        return data
    return [int.from_bytes(data[at : at + size], order) for at in range(len(data) - size + 1)]
