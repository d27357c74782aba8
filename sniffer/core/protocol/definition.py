"""The protocol as values: commands and their fields, log lines, statuses, the error table.

These are what the data files become once they are checked (`sniffer.core.protocol.loader`). They hold facts and no
behaviour beyond look-ups; `sniffer.core.protocol.codec` decodes and encodes by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sniffer.core.protocol.conversions import Conversion, Named, Raw, as_number
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.wire.links import Route

Size = int | Literal["rest", "to zero"]
"""Bytes; or all that are left; or those before the first zero byte."""

Role = Literal["boot", "handshake", "handshake answer", "pending", "status", "fault", "voltages", "information"]
"""What a command or a log line tells the charger model, whatever its code is."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a payload or of a log line. Without `provenance` its meaning is not known."""

    name: str
    size: Size
    conversion: Conversion
    numeric: bool
    default: Raw | None
    provenance: Provenance | None
    about: str

    def known(self, raw: Raw) -> Provenance | None:
        """How well a value of this field is known: no better than the name that it is shown by."""
        if self.provenance is None or not isinstance(self.conversion, Named):
            return self.provenance
        name = self.conversion.enumeration.provenance.get(as_number(raw))
        return max(self.provenance, name, key=[*Provenance].index) if name else None


@dataclass(frozen=True, slots=True)
class Command:
    """One command in one direction. `summary` is a line with field names in braces.

    `answers`: it answers the same command from the other side, with its sequence.
    """

    route: Route
    code: int
    name: str
    about: str
    tells: Role | None
    answers: bool
    summary: str
    provenance: Provenance | None
    fields: tuple[Field, ...]
    positions: Mapping[str, int]
    """Where each field stands among `fields`, by name."""

    __hash__ = object.__hash__
    """Tables by command are asked for every frame, and with the very command that they were made for."""

    @property
    def size(self) -> int | None:
        """The payload's size in bytes; None where it varies."""
        sizes = [field.size for field in self.fields if isinstance(field.size, int)]
        return sum(sizes) if len(sizes) == len(self.fields) else None


@dataclass(frozen=True, slots=True)
class LogLinePattern:
    """One kind of line of the charger's text log."""

    pattern: str
    name: str
    tells: Role | None
    provenance: Provenance
    fields: tuple[Field, ...]

    __hash__ = object.__hash__
    """As of a command: what is kept by line is kept by the very line."""


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One row of the error table. Codes are None, and `m4` is empty, where no source gives them.

    `provenance` is that of vendor code, stop reason and meaning together. More than one M4 code can stand for one row.
    """

    vendor: int | None
    stop_reason: str
    meaning: str
    provenance: Provenance
    ocpp: int | None
    ocpp_provenance: Provenance | None
    m4: Mapping[int, Provenance]


@dataclass(frozen=True, slots=True)
class PilotState:
    """One state of the control pilot, in volts; `window` is what is accepted, None where no source says."""

    state: str
    voltage: float
    window: tuple[float, float] | None
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that is known of the protocol. `transitions` lead from each status to those that may follow it."""

    commands: tuple[Command, ...]
    lines: tuple[LogLinePattern, ...]
    enumerations: Mapping[str, Enumeration]
    transitions: Mapping[str, tuple[str, ...]]
    transition_provenance: Mapping[str, Provenance]
    pilot: tuple[PilotState, ...]
    errors: tuple[ErrorRow, ...]

    @property
    def statuses(self) -> Enumeration:
        return self.enumerations["status"]

    @property
    def ocpp_errors(self) -> Enumeration:
        return self.enumerations["ocpp_error"]

    def command(self, name: str) -> Command:
        """The first command of this name. Raises `KeyError` where there is none."""
        for command in self.commands:
            if command.name == name:
                return command
        raise KeyError(name)

    def pilot_state(self, voltage: float) -> PilotState | None:
        """The control pilot state whose window holds this voltage; None between the windows."""
        for state in self.pilot:
            low, high = state.window or (state.voltage, state.voltage)
            if low <= voltage <= high:
                return state
        return None
