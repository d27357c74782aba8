"""The three codes of a fault (M4, OCPP, vendor), and their meaning by the error table.

Each code is looked up by itself (protocol.md, Error table). A vendor code is compared as a whole, as 0x100208 and
0x200208 are different faults. The meaning is the rows that all codes name. If they name different rows, all of those
rows are possible, and the codes disagree. They also disagree if the table has another firm code for the meant row: a
documented one, or one of the user. An inferred or assumed code contradicts nothing and implies nothing.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from sniffer.core.protocol.definition import ErrorRow
from sniffer.core.protocol.enumeration import FIRM, Provenance
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message

CodeKind = Literal["m4", "ocpp", "vendor"]
KINDS: tuple[CodeKind, ...] = ("m4", "ocpp", "vendor")


class FaultCodes(Struct, frozen=True):
    """The codes as numbers; None for a code that no report gave, or that means no fault."""

    ocpp: int | None = None
    vendor: int | None = None
    m4: int | None = None

    def of(self, kind: CodeKind) -> int | None:
        """Return the code of this kind, or None."""
        return self.m4 if kind == "m4" else self.ocpp if kind == "ocpp" else self.vendor

    def merge(self, other: "FaultCodes") -> "FaultCodes | None":
        """Return the codes of both; None if they contradict each other."""
        if self == other:
            return self
        merged = []
        for mine, theirs in ((self.ocpp, other.ocpp), (self.vendor, other.vendor), (self.m4, other.m4)):
            if mine is not None and theirs is not None and mine != theirs:
                return None
            merged.append(theirs if mine is None else mine)
        return FaultCodes(*merged)


NO_CODES = FaultCodes()
"""The codes of a report without a fault."""


def codes_of(message: Message | TextMessage, no_error: int | None) -> FaultCodes:
    """Return the fault codes of a message. NoError (number `no_error`) and zeros of the others are no fault."""
    ocpp, vendor, m4 = message.number("ocpp_error"), message.number("vendor_error"), message.number("m4_error")
    if ocpp == no_error:
        ocpp = None
    return FaultCodes(ocpp, vendor or None, m4 or None) if ocpp is not None or vendor or m4 else NO_CODES


class CodeReading(Struct, frozen=True):
    """The meaning of one code by itself: all rows of the error table that it names; no rows if it is unknown."""

    kind: CodeKind
    code: int
    rows: tuple[ErrorRow, ...]


class Diagnosis(Struct, frozen=True):
    """The meaning of the codes together.

    `agree` is None if fewer than two codes name a row and nothing contradicts the one that does.
    """

    rows: tuple[ErrorRow, ...] = ()
    readings: tuple[CodeReading, ...] = ()
    agree: bool | None = None

    @property
    def meanings(self) -> tuple[str, ...]:
        """The meanings of all rows."""
        return tuple(row.meaning for row in self.rows)

    @property
    def unknown(self) -> tuple[CodeReading, ...]:
        """The codes that no row of the table has."""
        return tuple(reading for reading in self.readings if not reading.rows)

    @property
    def implied(self) -> FaultCodes:
        """The codes that were not sent, but that the row of the sent codes has for certain.

        Empty if the sent codes disagree. Of several possible rows, only a code that all of them have is given.
        """
        if self.agree is False:
            return FaultCodes()
        named = [rows for reading in self.readings if (rows := _list_firm_rows(reading))]
        rows = [row for row in (named[0] if named else ()) if all(row in others for others in named)]
        sent = {reading.kind for reading in self.readings}
        return FaultCodes(
            **{
                kind: _find_common_code([_find_firm_code(row, kind) for row in rows])
                for kind in KINDS
                if kind not in sent
            }
        )


def diagnose(codes: FaultCodes, table: Sequence[ErrorRow]) -> Diagnosis:
    """Return the meaning of these codes by this error table."""
    readings = tuple(
        CodeReading(kind, code, _find_rows(table, kind, code)) for kind in KINDS if (code := codes.of(kind)) is not None
    )
    telling = [reading.rows for reading in readings if reading.rows]
    if not telling:
        return Diagnosis((), readings)
    named = tuple(row for row in table if any(row in rows for rows in telling))
    common = tuple(row for row in named if all(row in rows for rows in telling))
    fits = any(all(_allows(row, reading) for reading in readings) for row in common)
    agree = None if not named or (fits and len(telling) < 2) else fits
    return Diagnosis(common or named, readings, agree)


def _find_rows(table: Sequence[ErrorRow], kind: CodeKind, code: int) -> tuple[ErrorRow, ...]:
    """Return the rows of the table that have this code."""
    if kind == "vendor":
        return tuple([row for row in table if row.vendor == code])
    if kind == "ocpp":
        return tuple([row for row in table if row.ocpp == code])
    return tuple([row for row in table if code in row.m4])


def _allows(row: ErrorRow, reading: CodeReading) -> bool:
    """Return True if no firm code of this row contradicts the code."""
    if reading.kind == "m4":
        return reading.code in row.m4 or not any(word in FIRM for word in row.m4.values())
    if reading.kind == "vendor":
        return row.vendor in (None, reading.code)
    return row.ocpp_provenance not in FIRM or row.ocpp == reading.code


def _list_firm_rows(reading: CodeReading) -> list[ErrorRow]:
    """Return the rows that this code names by a firm fact."""
    return [row for row in reading.rows if _provenance_of(row, reading.kind, reading.code) in FIRM]


def _find_firm_code(row: ErrorRow, kind: CodeKind) -> int | None:
    """Return the only code of this kind that a row has; None if it is not firm."""
    codes = [*row.m4] if kind == "m4" else [row.ocpp if kind == "ocpp" else row.vendor]
    code = codes[0] if len(codes) == 1 else None
    return code if code is not None and _provenance_of(row, kind, code) in FIRM else None


def _provenance_of(row: ErrorRow, kind: CodeKind, code: int) -> Provenance | None:
    """Return the provenance of the fact that this row has this code; None if the table states none."""
    return row.m4[code] if kind == "m4" else row.ocpp_provenance if kind == "ocpp" else row.provenance


def _find_common_code(codes: list[int | None]) -> int | None:
    """Return the code that all of these are, or None."""
    return codes[0] if codes and all(code == codes[0] for code in codes) else None
