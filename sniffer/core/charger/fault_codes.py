"""The three codes that can tell of a fault (M4, OCPP, vendor), and what the error table says of them.

Each code is looked up by itself (protocol.md, Error table); a vendor code is compared whole, as 0x100208 and 0x200208
are different faults. The rows that all of the codes name are meant; where they name different ones, all of those rows
can be, and the codes disagree. They also disagree where the table firmly has another code for the row that is meant:
documented, or by the user's own word. What is itself inferred or assumed speaks against nothing, and implies nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sniffer.core.protocol.definition import ErrorRow
from sniffer.core.protocol.enumeration import FIRM, Provenance

Kind = Literal["m4", "ocpp", "vendor"]
KINDS: tuple[Kind, ...] = ("m4", "ocpp", "vendor")


@dataclass(frozen=True, slots=True)
class FaultCodes:
    """The codes as numbers; None where no report gave one, or where it said that all is well."""

    ocpp: int | None = None
    vendor: int | None = None
    m4: int | None = None

    def of(self, kind: Kind) -> int | None:
        """The code of this kind."""
        return self.m4 if kind == "m4" else self.ocpp if kind == "ocpp" else self.vendor

    def merged(self, other: "FaultCodes") -> "FaultCodes | None":
        """Both together; None where they contradict each other."""
        pairs = ((self.ocpp, other.ocpp), (self.vendor, other.vendor), (self.m4, other.m4))
        if any(None not in pair and pair[0] != pair[1] for pair in pairs):
            return None
        ocpp, vendor, m4 = (mine if mine is not None else theirs for mine, theirs in pairs)
        return FaultCodes(ocpp, vendor, m4)


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What one code says by itself: every row of the error table that it names; none where it is unknown."""

    kind: Kind
    code: int
    rows: tuple[ErrorRow, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What codes mean together. `agree` is None where fewer than two name a row, and nothing speaks against the one."""

    rows: tuple[ErrorRow, ...] = ()
    readings: tuple[CodeReading, ...] = ()
    agree: bool | None = None

    @property
    def meanings(self) -> tuple[str, ...]:
        return tuple(row.meaning for row in self.rows)

    @property
    def unknown(self) -> tuple[CodeReading, ...]:
        """The codes that no row of the table names."""
        return tuple(reading for reading in self.readings if not reading.rows)

    @property
    def implied(self) -> FaultCodes:
        """The codes that nobody sent but that the error table firmly has for what was sent."""
        if self.agree is False:
            return FaultCodes()
        named = [rows for reading in self.readings if (rows := _firmly_named(reading))]
        rows = [row for row in (named[0] if named else ()) if all(row in others for others in named)]
        sent = {reading.kind for reading in self.readings}
        return FaultCodes(
            **{kind: _common([_firm_code(row, kind) for row in rows]) for kind in KINDS if kind not in sent}
        )


def diagnose(codes: FaultCodes, table: Sequence[ErrorRow]) -> Diagnosis:
    """What these codes mean by this error table."""
    readings = tuple(
        CodeReading(kind, code, tuple(row for row in table if _names(row, kind, code)))
        for kind in KINDS
        if (code := codes.of(kind)) is not None
    )
    telling = [reading.rows for reading in readings if reading.rows]
    named = tuple(row for row in table if any(row in rows for rows in telling))
    common = tuple(row for row in named if all(row in rows for rows in telling))
    fits = any(all(_allows(row, reading) for reading in readings) for row in common)
    agree = None if not named or (fits and len(telling) < 2) else fits
    return Diagnosis(common or named, readings, agree)


def _names(row: ErrorRow, kind: Kind, code: int) -> bool:
    return code in row.m4 if kind == "m4" else code == (row.ocpp if kind == "ocpp" else row.vendor)


def _allows(row: ErrorRow, reading: CodeReading) -> bool:
    """Whether nothing that is firm speaks against this code in this row."""
    if reading.kind == "m4":
        return reading.code in row.m4 or not any(word in FIRM for word in row.m4.values())
    if reading.kind == "vendor":
        return row.vendor in (None, reading.code)
    return row.ocpp_provenance not in FIRM or row.ocpp == reading.code


def _firmly_named(reading: CodeReading) -> list[ErrorRow]:
    """The rows that this code names by a firm fact."""
    return [row for row in reading.rows if _word(row, reading.kind, reading.code) in FIRM]


def _firm_code(row: ErrorRow, kind: Kind) -> int | None:
    """The only code of this kind that a row has; None where that is not firm."""
    codes = [*row.m4] if kind == "m4" else [row.ocpp if kind == "ocpp" else row.vendor]
    code = codes[0] if len(codes) == 1 else None
    return code if code is not None and _word(row, kind, code) in FIRM else None


def _word(row: ErrorRow, kind: Kind, code: int) -> Provenance | None:
    """How well it is known that this row has this code, which it has."""
    return row.m4[code] if kind == "m4" else row.ocpp_provenance if kind == "ocpp" else row.provenance


def _common(codes: list[int | None]) -> int | None:
    return codes[0] if codes and all(code == codes[0] for code in codes) else None
