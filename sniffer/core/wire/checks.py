"""Checks: what the last bytes of a frame say about the bytes before them.

In: the name or the parameters of a check. Out: a `Check`, which computes it in C: a CRC (by `crcmod`), a sum, or an
exclusive or. The names of CRCs are those of the public catalogue of parametrised CRC algorithms.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache, reduce
from itertools import accumulate
from operator import xor
from typing import Final, Literal, NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.base.package_data import read_package_text

ByteOrder = Literal["big", "little"]
"""The order of the bytes of a number: the high byte first, or the low byte first."""

DigitCase = Literal["upper", "lower"]
"""The letters of a check that is sent as text, in hexadecimal."""

CRCS_CACHED = 256
"""Functions of CRCs that are kept."""

Compute = Callable[[bytes], int]
"""Computes a check over bytes."""


class CrcParameters(NamedTuple):
    """The parameters of a CRC, as the catalogue has them."""

    width: int
    polynomial: int
    initial: int
    is_reflected: bool
    final_xor: int

    @property
    def compute(self) -> Compute:
        """The function that computes this CRC."""
        return _build_crc(self)


@lru_cache(CRCS_CACHED)
def _build_crc(crc: CrcParameters) -> Compute:
    """Return the function that computes a CRC. `crcmod` builds a table for it."""
    from crcmod import mkCrcFun

    # The catalogue states the initial value before the reflection, crcmod after it and after the final xor.
    initial = int(f"{crc.initial:0{crc.width}b}"[::-1], 2) if crc.is_reflected else crc.initial
    found: Compute = mkCrcFun(
        1 << crc.width | crc.polynomial, initCrc=initial ^ crc.final_xor, rev=crc.is_reflected, xorOut=crc.final_xor
    )
    return found


class DigitForm(NamedTuple):
    """The relation of a check and hexadecimal digits on a link that sends text.

    A check that is sent as `digits` stands after the bytes of a `mark` that it does not cover. If it `covers_digits`,
    it is that of the bytes for which the digits before it stand. Where the whole frame is sent as digits, and the check
    is that of their text, `covers_text` is their case.
    """

    digits: DigitCase | None = None
    mark: bytes = b""
    covers_digits: bool = False
    covers_text: DigitCase | None = None


AS_BYTES = DigitForm()
"""The form of a check that is sent as bytes, and covers them as they are."""


class SumConstants(NamedTuple):
    """The number with which a sum or an exclusive or begins, and what its result is combined with by exclusive or."""

    initial: int = 0
    final_xor: int = 0


PLAIN = SumConstants()
"""The constants of a sum or an exclusive or of nothing but the bytes."""


class Check:
    """The check of one link: `size` bytes at the end of a frame in this `order`, over the bytes from `start` on.

    A link without a check has one of `size` 0. `parameters` are those of a CRC that has no name in the catalogue. The
    function that computes a check follows from its name and these; a caller that has built it passes it as `compute`.
    `constants` are those of a sum or an exclusive or. `size` counts the mark and the digits of a check that is sent as
    text; the parts of its `form` and its `constants` are attributes.
    """

    def __init__(
        self,
        name: str,
        size: int,
        start: int,
        order: ByteOrder,
        compute: Compute | None = None,
        parameters: CrcParameters | None = None,
        form: DigitForm = AS_BYTES,
        constants: SumConstants = PLAIN,
    ) -> None:
        self.name: Final = name
        self.size: Final = size
        self.start: Final = start
        self.order: Final = order
        self.parameters: Final = parameters
        self.initial: Final = constants.initial
        self.final_xor: Final = constants.final_xor
        self.digits: Final = form.digits
        self.mark: Final = form.mark
        self.covers_digits: Final = form.covers_digits
        self.covers_text: Final = form.covers_text
        self._form: Final = form
        self._constants: Final = constants
        self._compute = compute

    def __eq__(self, other: object) -> bool:
        """Return True if both have the same name and parameters, and stand at the same place."""
        return isinstance(other, Check) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __reduce__(self) -> tuple[type["Check"], tuple[object, ...]]:
        """Return how another process makes the same check: without the function, which cannot be sent to it."""
        name, size, start, order, *others = self._values()
        return Check, (name, size, start, order, None, *others)

    def __repr__(self) -> str:
        return f"<check {self._values()}>"

    def _values(self) -> tuple[object, ...]:
        """Return the values that are compared: all but the function, which follows from them."""
        return self.name, self.size, self.start, self.order, self.parameters, self._form, self._constants

    @property
    def compute(self) -> Compute:
        """The function that computes it. That of a CRC is built, and its library imported, when it is first used."""
        if self._compute is None:
            self._compute = _build_compute(self)
        return self._compute

    @property
    def number_size(self) -> int:
        """The size in bytes of the number that is sent, as digits or as it is."""
        return (self.size - len(self.mark)) // 2 if self.digits else self.size

    def as_number(self) -> "Check":
        """Return the check that is sent as a number where this one is sent as digits, or is that of digits."""
        return self._copy(self.start, self.number_size, AS_BYTES)

    def in_form(self, size: int, form: DigitForm) -> "Check":
        """Return the same check of bytes where it and digits go together in this form, in so many bytes."""
        return self._copy(self.start, size, form)

    def _copy(self, start: int, size: int, form: DigitForm, compute: Compute | None = None) -> "Check":
        return Check(self.name, size, start, self.order, compute, self.parameters, form, self._constants)

    def with_name(self, name: str) -> "Check":
        """Return the check of this name, without constants of its own, at the same place and in the same form."""
        return Check(name, self.size, self.start, self.order, form=self._form)

    def move(self, start: int) -> "Check":
        """Return the same check over the bytes from another place on."""
        return self._copy(start, self.size, self._form, self._compute)

    def build(self, data: bytes) -> bytes:
        """Return the bytes of the check of a frame that has these bytes before it."""
        compute = self.compute
        return compute(data[self.start :]).to_bytes(self.size, self.order) if self.size else b""

    def is_right(self, data: bytes, end: int) -> bool:
        """Return True if the check that ends at `end` is that of the bytes of this frame before it."""
        at, compute = end - self.size, self._compute or self.compute
        return compute(data[self.start : at]) == int.from_bytes(data[at:end], self.order)


NO_CHECK = "none"
"""The name of the check of a link whose frames have none."""

XORS = ("xor", "xor inverted")
"""The exclusive or of the bytes, and its one's complement, in one byte."""

XOR_SIZE = 1

SUMS = ("sum", "sum inverted", "sum negated", *XORS)
"""The checks that are no CRC: the sum of the bytes, its one's and its two's complement, and the exclusive or."""

FLETCHERS: Mapping[str, int] = {"Fletcher-16": 255, "Fletcher-16/256": 256}
"""The checks of Fletcher with two sums of one byte, and the modulus of the sums.

The second sum, that of all values of the first, is the high byte. RFC 1145 has 255; the UBX protocol of u-blox has 256.
"""

FLETCHER_SIZE = 2

NO_NUMBER = -1
"""The result of a check over bytes that it cannot cover: no bytes of a check are equal to it."""

_DIGITS = compile_late(rb"(?:[0-9A-Fa-f]{2})*")

LARGEST = 8
"""The size of the largest check in bytes."""


@cache
def list_crcs() -> dict[str, CrcParameters]:
    """Return the parameters of the named CRCs whose width is a whole number of bytes, by name."""
    table = read_package_text("sniffer.core.wire", "data/crcs.csv")
    return {name: _read_parameters(*cells) for name, *cells in (row.split(",") for row in table.splitlines()[1:])}


def list_names(size: int) -> Iterator[str]:
    """Yield the names of the checks of so many bytes."""
    yield from (name for name in SUMS if name not in XORS or size == XOR_SIZE)
    yield from (name for name in FLETCHERS if size == FLETCHER_SIZE)
    yield from (name for name, crc in list_crcs().items() if crc.width == 8 * size)


def load_crc(name: str) -> Compute:
    """Return the function of the CRC that the catalogue has under this name."""
    from sniffer.core.wire.crc import MODBUS, crc16

    return crc16 if name == MODBUS else list_crcs()[name].compute


def build_sum(name: str, size: int, constants: SumConstants = PLAIN) -> Compute:
    """Return the function of one of `SUMS` with `size` bytes and these constants."""
    modulus, (initial, final_xor) = 256**size, constants
    functions: dict[str, Compute] = {
        "sum": lambda data: sum(data, initial) % modulus,
        "sum inverted": lambda data: ~sum(data, initial) % modulus,
        "sum negated": lambda data: -sum(data, initial) % modulus,
        "xor": lambda data: reduce(xor, data, initial),
        "xor inverted": lambda data: reduce(xor, data, initial ^ 0xFF),
    }
    compute = functions[name]
    return (lambda data: compute(data) ^ final_xor) if final_xor else compute


def build_fletcher(name: str) -> Compute:
    """Return the function of one of `FLETCHERS`."""
    modulus = FLETCHERS[name]
    return lambda data: sum(accumulate(data)) % modulus << 8 | sum(data) % modulus


def build_text_check(check: Check, digits: DigitCase, mark: bytes = b"", *, covers_digits: bool = False) -> Check:
    """Return a check that is sent as text: the mark, and two digits for each byte.

    If it `covers_digits`, it is computed over the bytes for which the text stands; that of other text is never right.
    """
    return check.in_form(len(mark) + 2 * check.size, DigitForm(digits, mark, covers_digits))


def build_check_of_text(check: Check, digits: DigitCase) -> Check:
    """Return a check that is computed over the digits in hexadecimal as which bytes are sent, in letters of a case."""
    return check.in_form(check.size, DigitForm(covers_text=digits))


def write_digits(data: bytes, digits: DigitCase) -> bytes:
    """Return bytes as a text of two digits in hexadecimal for each."""
    text = data.hex().encode()
    return text.upper() if digits == "upper" else text


def no_check(start: int = 0) -> Check:
    """Return the check of a link whose frames have none."""
    return Check(NO_CHECK, 0, start, "big")


def _build_compute(check: Check) -> Compute:
    """Return the function that computes a check."""
    if check.digits:
        return _compute_text(check.as_number(), check.digits, check.mark, covers_digits=check.covers_digits)
    if check.covers_text:
        return _compute_of_text(check.as_number().compute, check.covers_text)
    if check.parameters:
        return check.parameters.compute
    if check.name == NO_CHECK:
        return lambda _: 0
    if check.name in SUMS:
        return build_sum(check.name, check.size, SumConstants(check.initial, check.final_xor))
    return build_fletcher(check.name) if check.name in FLETCHERS else load_crc(check.name)


def _compute_text(check: Check, digits: DigitCase, mark: bytes, *, covers_digits: bool) -> Compute:
    """Return the function that computes the text as which a check is sent, as a number."""
    compute_number, size, order = check.compute, check.size, check.order

    def compute(data: bytes) -> int:
        if covers_digits:
            if not _DIGITS.fullmatch(data):
                return NO_NUMBER
            data = bytes.fromhex(data.decode())
        return int.from_bytes(mark + write_digits(compute_number(data).to_bytes(size, order), digits), order)

    return compute


def _compute_of_text(compute_number: Compute, digits: DigitCase) -> Compute:
    """Return the function that computes the check of the digits for bytes."""
    return lambda data: compute_number(write_digits(data, digits))


def _read_parameters(
    width: str, polynomial: str, initial: str, reflected: str, final_xor: str, _check: str
) -> CrcParameters:
    return CrcParameters(int(width), int(polynomial, 0), int(initial, 0), reflected == "1", int(final_xor, 0))
