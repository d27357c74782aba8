"""Fault cards: what a row of the error table means, dangers, what to measure, its codes and names, and similar rows.

In: a row and its definition. Out: a `FaultCard`, and its text, escaped and wrapped. Which rows are confused with each
other follows from their codes, so it holds for the rows of a user's definition as well.
"""

from collections.abc import Collection, Iterator, Sequence
from textwrap import wrap

from msgspec import Struct

from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.text.code_numbers import format_vendor_code
from sniffer.text.faults.advice import PRACTICE, Advice, find_advice, load_handbook
from sniffer.text.faults.fault_vocabularies import ForeignName, find_foreign_names

WIDTH = 80
"""The width of a card in columns of a terminal."""

DANGER = "DANGER:"
"""The beginning of a sentence that says what can hurt somebody."""

UNUSED = '"currently no use"'
"""The document's remark on its stop reasons (protocol.md, Error table)."""


class CodeEntry(Struct, frozen=True):
    """One code of a row. If no source states it, `value` is empty and `provenance` is None."""

    label: str
    value: str
    provenance: Provenance | None
    remark: str = ""


class Confusion(Struct, frozen=True):
    """A row that is easily confused with the row of the card, and the reason."""

    row: ErrorRow
    why: str


class FaultCard(Struct, frozen=True):
    """The card of one row. `advice` is None if there is none for it; `names` are the names in other vocabularies."""

    row: ErrorRow
    codes: tuple[CodeEntry, ...]
    confused_with: tuple[Confusion, ...]
    advice: Advice | None
    names: tuple[ForeignName, ...]


def build_fault_card(row: ErrorRow, definition: Definition) -> FaultCard:
    """Return the card of a row of this definition's error table."""
    others = [other for other in list_fault_rows(definition) if other != row]
    confused_with = tuple(Confusion(other, why) for other in others if (why := _explain_confusion(row, other)))
    codes = tuple(_list_codes(row, definition))
    return FaultCard(row, codes, confused_with, find_advice(row), find_foreign_names(row))


def differ_in_leading_digit(one: int, other: int) -> bool:
    """Return True if two vendor codes differ in the first of six hexadecimal digits, and in no other."""
    mine, theirs = f"{one:06X}", f"{other:06X}"
    return mine[0] != theirs[0] and mine[1:] == theirs[1:]


def format_card(
    card: FaultCard, width: int = WIDTH, values: Sequence[str] = (), received: Sequence[str] = ()
) -> list[str]:
    """Return the whole card in lines of at most `width` columns.

    `values` are lines on what was measured at a fault, and `received` name the codes that were received of it. Parts
    stand in the order in which they are needed: what the fault is, its values, dangers, what to measure, codes, what
    others call it.
    """
    text = wrap_lines(_format_title(card.row), width=width) + _format_details(card.row, width)
    text += _format_advice(card, width, values)
    for codes in received:
        text += wrap_lines(codes, "  ", "  ", width=width)
    for code in card.codes:
        text += _format_code(code.label, code.value or "not known", code.provenance, code.remark, width)
    for name in card.names:
        text += _format_code(name.vocabulary, name.text, name.provenance, name.remark, width)
    if card.confused_with:
        text += wrap_lines("not to be confused with", "  ", width=width)
        for confusion in card.confused_with:
            text += wrap_lines(_format_confusion(confusion), "    ", "  ", width=width)
    return text


def format_short_card(card: FaultCard, beside: Collection[ErrorRow], width: int = WIDTH) -> list[str]:
    """Return the card without details: codes, similar rows that are not in `beside`, dangers, and the first step.

    The safety line stands before the step.
    `beside` are the rows whose cards are shown together with this one.
    """
    codes = ", ".join(_format_short_code(code, card.row) for code in card.codes if code.value)
    text = [*wrap_lines(_format_title(card.row), width=width), *wrap_lines(codes, "  ", width=width)]
    text += _format_details(card.row, width)
    if card.names:
        names = ", ".join(f"{name.vocabulary} {name.text} ({name.provenance})" for name in card.names)
        text += wrap_lines(f"elsewhere {names}", "  ", "  ", width=width)
    for confusion in card.confused_with:
        if confusion.row not in beside:
            text += wrap_lines(f"not {_format_confusion(confusion)}", "  ", "  ", width=width)
    if card.advice:
        text += wrap_lines(f"General advice{_on(card)}: {card.advice.electrical[0]}", "  ", width=width)
        for danger in card.advice.danger:
            text += wrap_lines(f"{DANGER} {danger}", "  ", "  ", width=width)
        text += wrap_lines(load_handbook().safety, "  ", width=width)
        text += wrap_lines(f"First: {card.advice.measure[0]}", "  ", width=width)
    return text


def wrap_lines(text: str, indent: str = "", hanging: str = "", *, width: int = WIDTH) -> list[str]:
    """Return escaped text in lines of at most `width` columns. Lines after the first begin with `hanging` as well."""
    further = indent + hanging
    return wrap(printable(text), width, initial_indent=indent, subsequent_indent=further, break_on_hyphens=False)


def _list_codes(row: ErrorRow, definition: Definition) -> Iterator[CodeEntry]:
    """Yield the codes of a row: each kind once, with an empty value if the row has none of it.

    Where only links of other boards are looked for, codes of the charger that the row has not are left out.
    """
    is_charger = definition.is_charger
    if row.vendor is None:
        yield CodeEntry("vendor error code", "", None)
    else:
        decimal, code = f"{row.vendor}", format_vendor_code(row.vendor)
        number = f"{code} = {decimal}" if is_charger else f"{decimal} = 0x{row.vendor:X}"
        yield CodeEntry("vendor error code" if is_charger else "fault code", number, row.provenance)
    if row.ocpp is None and is_charger:
        yield CodeEntry("OCPP error code", "", None)
    elif row.ocpp is not None:
        name = definition.ocpp_errors.names.get(row.ocpp, "(unknown)")
        yield CodeEntry("OCPP error code", f"{row.ocpp} {name}", row.ocpp_provenance)
    if not row.m4 and is_charger:
        yield CodeEntry("M4 error code", "", None)
    for m4, provenance in row.m4.items():
        yield CodeEntry("M4 error code", str(m4), provenance)
    if not row.stop_reason and is_charger:
        yield CodeEntry("stop reason", "", None)
    elif row.stop_reason:
        remark = UNUSED if row.provenance is Provenance.DOCUMENTED else ""
        yield CodeEntry("stop reason", row.stop_reason, row.provenance, remark)


def _explain_confusion(row: ErrorRow, other: ErrorRow) -> str:
    """Return why two rows are easily confused; the text is empty if they are not."""
    shared = [f"M4 {m4}" for m4 in row.m4 if m4 in other.m4]
    if row.ocpp is not None and row.ocpp == other.ocpp:
        shared.insert(0, f"OCPP {row.ocpp}")
    reasons = []
    if row.vendor is not None and other.vendor is not None:
        if row.vendor == other.vendor:
            shared.insert(0, "vendor code")
        elif differ_in_leading_digit(row.vendor, other.vendor):
            reasons.append("differs in the leading digit only")
    if shared:
        reasons.append(f"{' and '.join(shared)} {'alone does' if len(shared) == 1 else 'do'} not tell them apart")
    return "; ".join(reasons)


def _format_title(row: ErrorRow) -> str:
    return f"{row.meaning}  ({row.provenance})"


def _format_details(row: ErrorRow, width: int) -> list[str]:
    """Return the further text of the definition for a row: severity, meaning, and what to measure."""
    measure = f"What to measure: {row.measure}" if row.measure else ""
    texts = (row.severity, row.about, measure)
    return [line for text in texts if text for line in wrap_lines(text, "  ", "  ", width=width)]


def _format_code(label: str, value: str, provenance: Provenance | None, remark: str, width: int) -> list[str]:
    """Return the lines on a code or a name, with how well it is known."""
    origin = ", ".join(filter(None, (provenance, remark)))
    return wrap_lines(f"{label:<18}  {value:<22}  {origin}", "  ", "    ", width=width)


def _format_short_code(code: CodeEntry, row: ErrorRow) -> str:
    """Return the code with its kind, and with its provenance if that differs from the provenance of the row."""
    provenance = "" if code.provenance is row.provenance else f" ({code.provenance})"
    return f"{code.label.removesuffix(' error code')} {code.value}{provenance}"


def _format_confusion(confusion: Confusion) -> str:
    code = "" if confusion.row.vendor is None else f"{format_vendor_code(confusion.row.vendor)} "
    return f"{code}{confusion.row.meaning}: {confusion.why}"


def _format_advice(card: FaultCard, width: int, values: Sequence[str]) -> list[str]:
    """Return the lines of advice on a card: what it means electrically, its dangers, and what to measure."""
    if card.advice is None:
        return [f"  {line}" for line in values] + wrap_lines("no general advice for this row", "  ", width=width)
    text = wrap_lines(f"electrically: {card.advice.electrical[0]}", "  ", width=width)
    text += [f"  {line}" for line in values]
    for danger in card.advice.danger:
        text += wrap_lines(f"{DANGER} {danger}", "  ", "  ", width=width)
    text += wrap_lines(f"measure first  (general advice{_on(card)}, not the charger's document)", "  ", width=width)
    text += wrap_lines(load_handbook().safety, "  ", width=width)
    for number, step in enumerate(card.advice.measure, 1):
        text += wrap_lines(f"{number}. {step}", "    ", "   ", width=width)
    text += wrap_lines(load_handbook().afterwards, "  ", width=width)
    for background in card.advice.electrical[1:]:
        text += wrap_lines(background, "  ", width=width)
    if card.advice.uses_practice:
        text += wrap_lines(PRACTICE, "  ", width=width)
    return text


def _on(card: FaultCard) -> str:
    """Return the document's name of the fault if the row has another; otherwise the text is empty."""
    return "" if card.advice is None or card.advice.meaning == card.row.meaning else f" on {card.advice.meaning}"


def format_cards(cards: Sequence[FaultCard]) -> list[list[str]]:
    """Return the texts of cards: a full one if there is one card only."""
    if len(cards) == 1:
        return [format_card(cards[0])]
    rows = [card.row for card in cards]
    short = [format_short_card(card, rows) for card in cards]
    return [*short, [f"A full card: {_format_command(rows[0])}"] if rows else []]


def _format_command(row: ErrorRow) -> str:
    """Return the line of a command that shows the full card of a row."""
    import shlex

    return f"evse-sniff explain {shlex.quote(row.meaning)}"
