"""The form of a dump, found from its lines.

In: the first lines of a text. Out: a `DumpForm`, or None if they are no dump. The offsets prove it: each is the offset
before it plus the bytes between them. The characters after the bytes of a row prove it as well. If neither shows the
order of the bytes in a number, the frames of the charger do, as only one order has valid ones. A dump without offsets
is known by its frames alone.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice, pairwise
from math import gcd

from msgspec import Struct

from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.formats.text_files.dumps.dump_numbers import BINARY, CHARACTERS, DECIMAL, HEXADECIMAL, OCTAL, NumberForm
from sniffer.formats.text_files.dumps.hex_dump import NO_OFFSET, REPEATED, ROW, DumpForm, DumpReader, parse_dump_row
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line

_WORDS = tuple(NumberForm(size, HEXADECIMAL) for size in (2, 4, 8))
_BIG_WORDS = tuple(NumberForm(size, HEXADECIMAL, is_big=True) for size in (2, 4, 8))
_BYTES = tuple(NumberForm(1, base) for base in (OCTAL, DECIMAL, BINARY, CHARACTERS))
_OTHERS = tuple(
    NumberForm(size, base, is_big) for is_big in (False, True) for base in (OCTAL, DECIMAL) for size in (2, 4, 8)
)

_FORMS = tuple(DumpForm(radix, numbers) for numbers in (*_WORDS, None, *_BYTES, *_OTHERS) for radix in (16, 8, 10))
"""All forms with offsets, the most usual first."""

_FORMS_WITHOUT_OFFSETS = tuple(DumpForm(NO_OFFSET, numbers) for numbers in (*_WORDS, *_BYTES, *_OTHERS, *_BIG_WORDS))

_SAMPLE = 8
"""Rows at the beginning of which a form must fit at least half to be tried with all."""

_MOST_MEASURED = 250
"""Rows with which the forms are compared."""

_WORD_OFFSET_DIGITS = 6
"""The digits of an offset of `hexdump` and `od`, which print words of the machine with the low byte first."""


class _Fit(Struct, frozen=True):
    """The fit of a form: the offsets that prove it, and the rows whose characters agree with their bytes."""

    form: DumpForm
    proofs: int
    characters: int


def find_dump_form(lines: Sequence[str]) -> DumpForm | None:
    """Return the form of the dump that these lines are or contain; None if they contain none."""
    rows = (line for line in lines if ROW.fullmatch(line) or line.strip() == REPEATED)
    shown = list(islice(rows, _MOST_MEASURED))
    fits = [_measure(shown, form) for form in _find_candidates(shown, _FORMS)]
    if not any(fit.proofs for fit in fits):
        # The offsets count nothing, as where each packet is printed from its place in memory.
        fits = [_Fit(fit.form, fit.characters, fit.characters) for fit in fits]
    if best := max((fit.proofs for fit in fits), default=0):
        # The offsets do not show the order of the bytes in a number, and the last number may be filled up.
        alike = [fit for fit in fits if fit.proofs >= max(best - 1, 1)]
        if len(alike) > 1:
            alike.sort(key=partial(_rank, shown), reverse=True)
        return alike[0].form
    alone = [fit.form for fit in fits if _is_alone(shown, fit.form)]
    if alone:
        return max(alone, key=lambda form: _rank(shown, _Fit(form, 0, 0)))
    return _find_without_offsets(lines)


def has_other_rows(lines: Iterable[str]) -> bool:
    """Return True if all lines begin with offsets, whatever they count, so that none of them is plain hex."""
    rows = [found for line in lines if line.strip() and (found := ROW.fullmatch(line))]
    offsets = [int(found["offset"], 16) for found in rows]
    *steps, last = [other - one for one, other in pairwise(offsets)] or [0]
    # The last row may be shorter.
    return bool(steps) and min(steps) > 0 and last > 0 and gcd(*steps) > 1


def _find_candidates(lines: Sequence[str], forms: Iterable[DumpForm]) -> list[DumpForm]:
    """Return the forms that fit at least half of the first rows."""
    sample = [line for line in islice(lines, _SAMPLE) if line.strip() != REPEATED]
    fitting = ((form, sum(parse_dump_row(line, form) is not None for line in sample)) for form in forms)
    return [form for form, count in fitting if count and 2 * count >= len(sample)]


def _measure(lines: Sequence[str], form: DumpForm) -> _Fit:
    """Return how many offsets of these lines count the bytes that stand between them, none if more of them do not, and
    in how many rows the characters agree with the bytes.
    """
    proved, failed, characters, before, is_repeated = 0, 0, 0, None, False
    for line in lines:
        if line.strip() == REPEATED:
            is_repeated = True
            continue
        row = parse_dump_row(line, form)
        if row is None:
            failed += 1
            continue
        agrees = bool(row.data) and row.find_characters() > 0
        characters += agrees
        if before and before.data and row.offset:
            size = row.offset - before.offset
            # Only the last number of a dump may be filled up.
            is_filled = line is lines[-1] and not failed and 0 < len(before.data) - size <= before.filling
            fits = size in before.ends or (is_repeated and size > 0) or is_filled
            proved, failed = proved + fits, failed + (not fits)
        is_repeated, before = False, row
    return _Fit(form, proved if proved > failed or (proved == failed and characters) else 0, characters)


def _rank(shown: Sequence[str], fit: _Fit) -> tuple[int, int, int, bool, int]:
    """Return a value that is greater for a form that is more likely, of those that the offsets allow."""
    found = ROW.fullmatch(shown[0])
    prints_words = found is not None and not found["colon"] and len(found["offset"]) >= _WORD_OFFSET_DIGITS
    is_usual = prints_words or fit.form.numbers is None
    return _count_frames(shown, fit.form), fit.characters, fit.proofs, is_usual, -_FORMS.index(fit.form)


def _count_frames(lines: Iterable[str], form: DumpForm) -> int:
    """Return how many frames the bytes of these lines hold."""
    reader = DumpReader(form)
    rows = [row for line in lines for row in reader.read(line) or []] + reader.finish()
    return count_frames(b"".join(row for row in rows if isinstance(row, bytes)))


def count_frames(data: bytes) -> int:
    """Return how many frames of the charger bytes hold."""
    from sniffer.core.wire.framer import Framer

    framer = Framer(ROUTES_IN_BYTES)
    return sum(isinstance(item, Frame) for item in [*framer.feed(data), *framer.flush()])


def _is_alone(lines: Sequence[str], form: DumpForm) -> bool:
    """Return True if the first row of a dump without a second offset has the offset 0, or one that is no byte."""
    found = ROW.fullmatch(lines[0]) if lines else None
    row = parse_dump_row(lines[0], form) if lines else None
    if found is None or row is None or not row.data:
        return False
    digits = found["offset"]
    if found["colon"]:
        return not row.offset or len(digits) >= _WORD_OFFSET_DIGITS
    return not row.offset and (len(digits) in (6, 7) or lines[0].strip().startswith(f"{digits}  "))


def _find_without_offsets(lines: Sequence[str]) -> DumpForm | None:
    """Return the form of a dump without offsets; None if it holds no more frames than the same lines as hex text."""
    shown = list(islice((line for line in lines if line.strip()), _MOST_MEASURED))
    forms = _find_candidates(shown, _FORMS_WITHOUT_OFFSETS)
    if not forms:
        return None
    counts = {form: _count_frames(shown, form) for form in forms}
    best = max(forms, key=lambda form: counts[form])
    plain = b"".join(parsed.data for line in shown if (parsed := parse_hex_line(line)))
    return best if counts[best] > count_frames(plain) else None
