"""What a session concludes from what was said: the events, and the values that they carry.

All are frozen. Times are nanoseconds since the Unix epoch, or None where the source has none. Codes are numbers as
the wire has them; names for them are in the definition.
"""

from dataclasses import dataclass

from sniffer.protocol.definition import ErrorRow
from sniffer.protocol.enumeration import Provenance


@dataclass(frozen=True, slots=True)
class FaultCodes:
    """The three codes that can tell of a fault; None where no report gave it, or where it said that all is well."""

    ocpp: int | None = None
    vendor: int | None = None
    m4: int | None = None

    def merged(self, other: "FaultCodes") -> "FaultCodes | None":
        """Both together; None where they contradict each other."""
        pairs = ((self.ocpp, other.ocpp), (self.vendor, other.vendor), (self.m4, other.m4))
        if any(None not in pair and pair[0] != pair[1] for pair in pairs):
            return None
        ocpp, vendor, m4 = (mine if mine is not None else theirs for mine, theirs in pairs)
        return FaultCodes(ocpp, vendor, m4)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one connector; `connector` is None while only log lines, which do not name it, told of it.

    `codes` were all seen. `rows` are what they can mean; a code that was not seen but that all rows agree on is
    `implied`.
    """

    connector: int | None
    codes: FaultCodes
    rows: tuple[ErrorRow, ...]
    since: int | None
    last: int | None
    reports: int = 1

    @property
    def meanings(self) -> tuple[str, ...]:
        return tuple(row.meaning for row in self.rows)

    @property
    def implied(self) -> FaultCodes:
        """The codes that nobody sent but that the error table documents for what was sent."""
        if any(row.ocpp_provenance is not Provenance.DOCUMENTED for row in self.rows):
            return FaultCodes()
        only_m4 = [next(iter(row.m4)) if len(row.m4) == 1 else None for row in self.rows]
        return FaultCodes(
            ocpp=None if self.codes.ocpp is not None else _common([row.ocpp for row in self.rows]),
            vendor=None if self.codes.vendor is not None else _common([row.vendor for row in self.rows]),
            m4=None if self.codes.m4 is not None else _common(only_m4),
        )


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A connector's first status (`before` is None) or a move; `legal` as OCPP 1.6, section 4.9, has it."""

    time: int | None
    connector: int
    before: str | None
    after: str
    legal: bool


@dataclass(frozen=True, slots=True)
class FaultRaised:
    """A fault that was not active before."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """A fault that is over, or that another one has taken the place of."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Booted:
    """The communication processor started; `count` is how often it did in this session."""

    time: int | None
    count: int


@dataclass(frozen=True, slots=True)
class SourceLost:
    """The source ended before its time; `reason` says how."""

    time: int | None
    reason: str


Event = StatusChanged | FaultRaised | FaultCleared | Booted | SourceLost


def _common(codes: list[int | None]) -> int | None:
    return codes[0] if codes and all(code == codes[0] for code in codes) else None
