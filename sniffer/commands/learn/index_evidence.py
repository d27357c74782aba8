"""Judge what the index of an M4 error code says of its row: counts of (M4, index, vendor) in, a row of each code out.

The log prints `icomCode = 4,index=3`. The index is assumed to be the row of the packaged error table, counted from 1,
with 0 for no fault (protocol.md, Error table). So each episode with an index counts for one row of its M4 code. It
counts for or against the assumption itself where something firmer says which row it is:

- a vendor code in the same episode, which the row has or has not;
- without a vendor code, a row that the definition has for the M4 code, and not by assumption;
- a code of 0 beside an index other than 0, or the reverse, and an index beyond the table: against.

An episode against the assumption counts against the row of its M4 code too. A row is concluded if it is clearly the
most frequent (`DOMINANCE`), and only as long as the assumption holds clearly.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from sniffer.base.phrasing import format_times
from sniffer.commands.learn.code_cooccurrence import IndexedCode
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import find_indexed_row, is_same_row

DOMINANCE = 4
"""A conclusion must be seen this many times as often as everything against it."""

MOST_CODES_SHOWN = 40
"""The largest number of M4 codes that are listed: the first ones."""


class IndexEvidence:
    """The evidence of all indexes, beside a definition.

    `fits` and `against` count the episodes for and against the assumption. `idle` counts those with code 0 and index 0.
    """

    def __init__(self, indexed: Mapping[IndexedCode, int], definition: Definition) -> None:
        self.fits = self.against = self.idle = 0
        self._rows: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._against: Counter[int] = Counter()
        for code, count in indexed.items():
            verdict = _judge(code, definition)
            if code.m4 == code.place == 0:
                self.idle += count
            elif verdict is False:
                self.against += count
                self._against[code.m4] += count
            else:
                self.fits += count if verdict else 0
                self._rows[code.m4][code.place] += count

    @property
    def codes(self) -> list[int]:
        """The M4 codes that came with the index of a row, in order."""
        return sorted(self._rows)

    @property
    def holds(self) -> bool:
        """True unless the assumption is contradicted more often than one time in `DOMINANCE` + 1."""
        return self.fits >= DOMINANCE * self.against

    def find_row(self, m4: int) -> ErrorRow | None:
        """Return the row of an M4 code; None if there is no clear one, or if the assumption does not hold."""
        rows = self._rows.get(m4, Counter[int]())
        for index, count in rows.most_common(1):
            others = rows.total() - count + self._against[m4]
            if self.holds and count >= DOMINANCE * others:
                return find_indexed_row(index)
        return None

    def format_code(self, m4: int) -> str:
        """Return the counts for each row of an M4 code, and those against it; empty if it came with no index."""
        parts = [
            f"index {index} ({row.meaning}): {format_times(count)}"
            for index, count in self._rows.get(m4, Counter[int]()).most_common()
            if (row := find_indexed_row(index))
        ]
        if against := self._against[m4]:
            parts.append(f"an index that contradicts other codes: {format_times(against)}")
        return ", ".join(parts)

    def format_lines(self) -> Iterator[str]:
        """Yield the lines on the assumption, and on each M4 code; none if no index was seen."""
        codes = [code for code in sorted(self._rows.keys() | self._against.keys()) if self.format_code(code)]
        if not codes and not self.idle:
            return
        yield "The index beside an M4 code, as the row of the packaged error table counted from 1 (assumed):"
        confirmed, against = _format_often(self.fits), _format_often(self.against)
        yield f"  confirmed by a vendor code or the table: {confirmed}; against: {against}"
        if self.idle:
            yield f"  code 0 with index 0, no fault: {format_times(self.idle)}"
        yield from (f"  code {code} with {self.format_code(code)}" for code in codes[:MOST_CODES_SHOWN])
        if len(codes) > MOST_CODES_SHOWN:
            yield f"  and {len(codes) - MOST_CODES_SHOWN} further codes"
        if not self.holds:
            yield "  The assumption does not hold here: nothing is proposed from it."


def _judge(code: IndexedCode, definition: Definition) -> bool | None:
    """Return True if the row that an index names is confirmed by the vendor code sent with it, or else by its M4 code.

    Returns False if they name another row, or none; None if there is no vendor code and no fact about the M4 code.
    """
    row = find_indexed_row(code.place)
    if code.m4 == 0 or row is None:
        return False
    if code.vendor is not None:
        return row.vendor == code.vendor
    known = [one for one in definition.errors if one.m4.get(code.m4, Provenance.ASSUMED) != Provenance.ASSUMED]
    return any(is_same_row(row, one) for one in known) if known else None


def _format_often(count: int) -> str:
    return format_times(count) if count else "never"
