"""Proposals for the error table from codes that occur together: blocks of text, each a proposal or why there is none.

An M4 code is proposed for the vendor code with which it occurred, and an OCPP code for its vendor code. An M4 code that
never occurred with a vendor code is proposed for its OCPP code alone. A pair is proposed only if it occurred at least
`DOMINANCE` times as often as all other pairs of that code together; contradicting pairs are listed with their counts.
Several M4 codes may belong to one vendor code. An M4 code without a vendor code is proposed for the row that its index
names (`sniffer.commands.learn.index_evidence`), and of several rows with one vendor code, the index decides. Codes that
the table has are confirmed or contradicted in a comment. A proposal may replace an OCPP code that the table merely
infers, and nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sniffer.base.phrasing import format_times
from sniffer.commands.learn.code_cooccurrence import CooccurrenceCounts
from sniffer.commands.learn.index_evidence import DOMINANCE, IndexEvidence
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import FIRM, Provenance
from sniffer.core.wire.link_writer import format_hex
from sniffer.formats.proposal_toml import ASSUMED, format_block
from sniffer.text.code_numbers import VENDOR_DIGITS, format_vendor_code
from sniffer.text.describe import format_fault_codes

MOST_COMBINATIONS_SHOWN = 40
"""The largest number of combinations of codes that are listed: the most frequent ones."""


def find_dominant(counter: Counter[int]) -> int | None:
    """Return the number that occurred at least `DOMINANCE` times as often as all others together.

    Returns None if there is none.
    """
    for found, count in counter.most_common(1):
        if count >= DOMINANCE * (counter.total() - count):
            return found
    return None


def format_error_blocks(cooccurrences: CooccurrenceCounts, definition: Definition) -> Iterator[str]:
    """Yield blocks with all counts, one for each vendor code, and one for each M4 code without a vendor code."""
    index = IndexEvidence(cooccurrences.indexed, definition)
    rows = _Pairings(cooccurrences, index, definition)
    yield format_block(_format_counts(cooccurrences, definition))
    if lines := [*index.format_lines()]:
        yield format_block(lines)
    for vendor in sorted(rows.ocpp_of_vendor.keys() | rows.m4_of_vendor.keys() | rows.m4_by_index.keys()):
        yield from rows.format_vendor(vendor)
    by_index = {m4 for codes in rows.m4_by_index.values() for m4 in codes}
    for m4 in sorted(rows.ocpp_of_m4.keys() - rows.vendor_of_m4.keys() - by_index):
        yield rows.format_m4(m4)


def _format_counts(cooccurrences: CooccurrenceCounts, definition: Definition) -> Iterator[str]:
    """Yield the comments on how often codes came together, and on what was not counted."""
    yield "Error codes that came together, and how often. A fault that is reported again is counted again."
    ranked = sorted(cooccurrences.counts.items(), key=lambda item: -item[1])
    for codes, count in ranked[:MOST_COMBINATIONS_SHOWN]:
        shown = format_fault_codes(FaultCodes(codes.ocpp, codes.vendor, codes.m4), definition)
        yield f"  {shown}: {format_times(count)}"
    if not ranked:
        yield "  none"
    if len(ranked) > MOST_COMBINATIONS_SHOWN:
        yield f"  and {len(ranked) - MOST_COMBINATIONS_SHOWN} rarer combinations"
    if cooccurrences.single:
        yield f"  one code alone, which pairs nothing: {format_times(cooccurrences.single)}"
    if cooccurrences.disagreeing:
        yield f"  report and lines disagree on a code, so they pair nothing: {format_times(cooccurrences.disagreeing)}"
    if cooccurrences.left_out:
        yield f"  too many different combinations, not counted: {format_times(cooccurrences.left_out)}"


class _Pairings:
    """The pairs of codes that occurred together, beside the error table of the definition.

    `m4_by_index` has, by vendor code, the M4 codes of which only the index says whose they are.
    """

    def __init__(self, cooccurrences: CooccurrenceCounts, index: IndexEvidence, definition: Definition) -> None:
        self._definition = definition
        self._index = index
        self.vendor_of_m4: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.m4_of_vendor: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.ocpp_of_m4: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.ocpp_of_vendor: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for (m4, ocpp, vendor), count in cooccurrences.counts.items():
            if m4 is not None and vendor is not None:
                self.vendor_of_m4[m4][vendor] += count
                self.m4_of_vendor[vendor][m4] += count
            if m4 is not None and ocpp is not None:
                self.ocpp_of_m4[m4][ocpp] += count
            if vendor is not None and ocpp is not None:
                self.ocpp_of_vendor[vendor][ocpp] += count
        self.m4_by_index: defaultdict[int, list[int]] = defaultdict(list)
        for m4 in index.codes:
            row = index.find_row(m4)
            if row and row.vendor is not None and self._is_known_by_index_only(m4, row):
                self.m4_by_index[row.vendor].append(m4)

    def _is_known_by_index_only(self, m4: int, row: ErrorRow) -> bool:
        """Return True if the table has no row for this M4 code, and no code that occurred with it is of another row."""
        if m4 in self.vendor_of_m4 or any(m4 in known.m4 for known in self._definition.errors):
            return False
        return row.ocpp_provenance not in FIRM or {*self.ocpp_of_m4.get(m4, ())} <= {row.ocpp}

    def format_vendor(self, vendor: int) -> Iterator[str]:
        """Yield the block of a vendor code, and one for each of its rows that an index distinguishes."""
        known = [row for row in self._definition.errors if row.vendor == vendor]
        meanings = " or ".join(row.meaning for row in known)
        comments = [f"Vendor {format_vendor_code(vendor)}: {meanings or 'not in the table'}"]
        if len(known) > 1:
            comments.append("  More than one row has this vendor code: which of them is meant, only an index can say.")
        m4_comments, codes_of_row = self._judge_m4_codes(vendor, known)
        ocpp_comments, ocpp = self._judge_ocpp_codes(self.ocpp_of_vendor.get(vendor, Counter()), known)
        comments += [*m4_comments, *ocpp_comments]
        key = {"vendor": format_hex(vendor, VENDOR_DIGITS)}
        entry = _build_codes_entry(codes_of_row.pop(None, []), ocpp)
        if entry and not known:
            entry |= _build_new_row_entry(f"seen{self._format_companion(ocpp)}")
        yield format_block(comments, "error", key | entry) if entry else format_block(comments)
        for row in known:
            if codes := codes_of_row.get(row.stop_reason):
                about = f"Of vendor {format_vendor_code(vendor)}, the index says: {row.meaning}"
                yield format_block(
                    [about], "error", key | {"stop_reason": row.stop_reason} | _build_codes_entry(codes, None)
                )

    def format_m4(self, m4: int) -> str:
        """Return the block of an M4 code that never occurred with a vendor code."""
        known = [row for row in self._definition.errors if m4 in row.m4]
        ocpp_comments, ocpp = self._judge_ocpp_codes(self.ocpp_of_m4[m4], known, may_replace=not known)
        comments = [f"M4 {m4}: never seen with a vendor code", *ocpp_comments]
        if ocpp is None:
            return format_block(comments)
        # Rows without a vendor code are distinguished by their meaning.
        new_row = _build_new_row_entry(f"M4 {m4}, seen{self._format_companion(ocpp)}")
        return format_block(comments, "error", _build_codes_entry([m4], ocpp) | new_row)

    def _judge_m4_codes(self, vendor: int, known: list[ErrorRow]) -> tuple[list[str], dict[str | None, list[int]]]:
        """Return the comments on the M4 codes of a vendor code, and those that are proposed, by the row they are for.

        A row is named by its stop reason; None stands for a code of which no index says the row.
        """
        comments: list[str] = []
        codes_of_row: defaultdict[str | None, list[int]] = defaultdict(list)
        for m4 in sorted({*self.m4_of_vendor.get(vendor, ()), *self.m4_by_index.get(vendor, ())}):
            line, is_proposed = self._judge_m4(m4, vendor)
            comments.append(line)
            if indexes := self._index.format_code(m4):
                comments.append(f"    {indexes}")
            row = self._index.find_row(m4) if len(known) > 1 else None
            if is_proposed:
                codes_of_row[row.stop_reason if row and row.vendor == vendor else None].append(m4)
        return comments, codes_of_row

    def _judge_ocpp_codes(
        self, counter: Counter[int], known: list[ErrorRow], *, may_replace: bool = True
    ) -> tuple[list[str], int | None]:
        """Return the comments on the OCPP codes of `counter`, and the code that is proposed; None if none is."""
        judged = [(ocpp, *self._judge_ocpp(ocpp, counter, known, may_replace=may_replace)) for ocpp in sorted(counter)]
        proposed = [ocpp for ocpp, _, is_proposed in judged if is_proposed]
        return [line for _, line, _ in judged], proposed[-1] if proposed else None

    def _judge_m4(self, m4: int, vendor: int) -> tuple[str, bool]:
        """Return the comment on an M4 code with this vendor code, and True if the pair is proposed."""
        counter = self.vendor_of_m4.get(m4, Counter())
        others = sorted((code, count) for code, count in counter.items() if code != vendor)
        against = "".join(
            f"; contradicted: {format_times(count)} with {format_vendor_code(code)}" for code, count in others
        )
        seen = format_times(counter[vendor]) if counter else "never with a vendor code"
        line = f"  M4 {m4}: {seen}{against}"
        rows = [row for row in self._definition.errors if m4 in row.m4]
        for row in rows:
            if row.vendor == vendor:
                return f"{line}; {_format_confirmation(row.m4[m4])}", False
        if rows:
            return f"{line}; contradicts the table, which has it for {_format_rows(rows)}: not proposed", False
        if not counter:
            return f"{line}; proposed by its index", True
        if find_dominant(counter) != vendor:
            return f"{line}; not clearly this one: not proposed", False
        return f"{line}; proposed", True

    def _judge_ocpp(
        self, ocpp: int, counter: Counter[int], known: list[ErrorRow], *, may_replace: bool
    ) -> tuple[str, bool]:
        """Return the comment on an OCPP code of `counter` beside the rows of the table, and True if it is proposed."""
        name = self._definition.ocpp_errors.names.get(ocpp, "(unknown)")
        line = f"  OCPP {ocpp} {name}: {format_times(counter[ocpp])}"
        has = {row.ocpp: row.ocpp_provenance for row in known if row.ocpp is not None}
        if ocpp in has:
            return f"{line}; {_format_confirmation(has[ocpp])}", False
        instead = ", ".join(f"OCPP {code} ({provenance})" for code, provenance in has.items())
        if any(provenance in FIRM for provenance in has.values()):
            return f"{line}; contradicts the table, which has {instead}: not proposed", False
        if not may_replace:
            return f"{line}; the table has a row for this M4 code: not proposed", False
        if find_dominant(counter) != ocpp:
            return f"{line} of {counter.total()}; not clearly this one: not proposed", False
        return f"{line}; proposed" + (f" in place of {instead}" if instead else ""), True

    def _format_companion(self, ocpp: int | None) -> str:
        """Return the words on the OCPP code that was seen with a code; the text is empty if it is None."""
        return "" if ocpp is None else f" with {self._definition.ocpp_errors.name_of(ocpp)}"


def _build_new_row_entry(seen: str) -> dict[str, Any]:
    """Return the keys that a row needs if the table does not have it yet."""
    return {"meaning": f"{seen}; meaning not known", "provenance": ASSUMED}


def _build_codes_entry(m4: list[int], ocpp: int | None) -> dict[str, Any]:
    """Return the keys of the proposed codes; the result is empty if none is proposed."""
    entry: dict[str, Any] = {}
    if m4:
        entry |= {"m4": m4[0] if len(m4) == 1 else m4, "m4_provenance": ASSUMED}
    if ocpp is not None:
        entry |= {"ocpp": ocpp, "ocpp_provenance": ASSUMED}
    return entry


def _format_confirmation(known: Provenance | None) -> str:
    """Return the comment on a code that the table has. A proposal does not confirm itself when it is loaded again."""
    if known is Provenance.ASSUMED:
        return "as the definition assumes, which may rest on the same sessions"
    return f"confirms the table ({known})"


def _format_rows(rows: list[ErrorRow]) -> str:
    """Return the rows as text, each by its vendor code, or by its meaning if it has none."""
    return ", ".join(row.meaning if row.vendor is None else format_vendor_code(row.vendor) for row in rows)
