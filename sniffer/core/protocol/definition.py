"""The protocol as values: commands and their fields, log lines, statuses, the error table.

`sniffer.core.protocol.loader` makes them from the data files and checks them. They hold facts, and no behaviour except
look-ups; `sniffer.core.protocol.codec` decodes and encodes by them.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import astuple

from sniffer.core.protocol.conversions import Conversion, Float, Named, Raw, as_number
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.protocol.digit_conversions import DecimalNamed, DecimalText, read_digits
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.protocol.layout.parts import FieldPart, FramePart, PayloadPart, Size, find_size
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link import Route
from sniffer.core.wire.link_set import LinkSet
from sniffer.core.wire.links import PACKAGED

Role = Literal[
    "boot",
    "boot answer",
    "handshake",
    "handshake answer",
    "pending",
    "status",
    "fault",
    "voltages",
    "meter",
    "temperatures",
    "uptime",
    "availability request",
    "availability",
    "card reader fault",
    "information",
]
"""The role of a command or log line in the charger model, whatever its code is; `tells` in data files."""

FieldType = Literal[
    "uint",
    "int",
    "sign magnitude",
    "bcd",
    "float",
    "decimal",
    "ascii",
    "utf-8",
    "latin-1",
    "gbk",
    "text",
    "time",
    "bytes",
    "unknown",
]
"""The type of a field: those of `NUMERIC_TYPES` are numbers, and `unknown` are bytes without a meaning."""

NUMERIC_TYPES = ("uint", "int", "sign magnitude", "bcd", "float", "decimal")
"""The types of fields that are numbers."""

UNSURE_TYPES = ("bcd", "float", "decimal")
"""The types of numbers whose bytes may be none, as other digits than decimal ones, or NaN: the value is a text then."""


class Field(Struct, frozen=True):
    """One field of a payload or of a log line. `provenance` is None if its meaning is unknown.

    `order` is the order of the bytes of a number in a payload.
    """

    name: str
    size: Size
    type: FieldType
    conversion: Conversion
    default: Raw | None
    provenance: Provenance | None
    about: str
    order: ByteOrder = "big"
    tells: str = ""
    """The meaning of the field for the charger, whatever its name is: the name that such a field has otherwise."""
    is_swapped: bool = False
    """True if the words of two bytes of the number stand in the other order than the bytes in each of them."""

    @property
    def is_numeric(self) -> bool:
        """True if the field is a number."""
        return self.type in NUMERIC_TYPES

    @property
    def is_binary(self) -> bool:
        """True if the field is a number whose bytes are no text."""
        return self.is_numeric and not isinstance(self.conversion, DecimalText | DecimalNamed)

    @property
    def is_signed(self) -> bool:
        """True if the number in the payload can be negative (two's complement)."""
        return self.type == "int"

    def number_of(self, raw: Raw) -> int | None:
        """Return the whole, unscaled number that a raw value of a numeric field stands for; None if it is no number."""
        if self.type == "bcd" and isinstance(self.size, int):
            return read_digits(raw, 2 * self.size)
        if isinstance(self.conversion, Float | DecimalText | DecimalNamed):
            return self.conversion.whole_part(raw)
        return as_number(raw)

    def provenance_of(self, raw: Raw) -> Provenance | None:
        """Return the certainty of a value of this field: never better than that of its name. None if it is unknown."""
        if self.provenance is None or not isinstance(self.conversion, Named):
            return self.provenance
        number = self.number_of(raw)
        name = None if number is None else self.conversion.enumeration.provenance.get(number)
        return max(self.provenance, name, key=[*Provenance].index) if name else None


class Command(Struct, frozen=True):
    """One command in one direction. `summary` is a line with field names in braces.

    `answers` is True if the command answers one of the other direction, with the same sequence: one of those with a
    code in `answered`, or that of the same code if there is none.
    `sequences` says which sequences the command was seen with: words of `SEQUENCE_WORDS`, or four hexadecimal digits.
    """

    route: Route
    code: int
    name: str
    about: str
    role: Role | None
    answers: bool
    sequences: tuple[str, ...]
    summary: str
    provenance: Provenance | None
    fields: tuple[Field, ...]
    positions: Mapping[str, int]
    """The index of each field in `fields`, by name: of the first one where several fields share a name, of which a
    message has one at most.
    """
    answered: tuple[int, ...] = ()
    parts: tuple[PayloadPart, ...] = ()
    """The parts of the payload if it is more than a row of fields; a message may lack any of the fields then."""
    alternatives: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The indexes of all fields that share a name, by name."""

    __hash__ = object.__hash__
    """By identity, for speed: tables keyed by command are used for every frame, always with the same objects."""

    @property
    def request_codes(self) -> tuple[int, ...]:
        """The codes of the requests that the command answers if it does: mostly its own."""
        return self.answered or (self.code,)

    @property
    def is_row(self) -> bool:
        """True if the payload is a row of fields, each with a size of its own."""
        parts = (part for part in self.parts if not isinstance(part, FramePart))
        return all(isinstance(part, FieldPart) and not part.is_open for part in parts)

    @property
    def size(self) -> int | None:
        """The size of the payload in bytes; None if it varies."""
        if self.parts:
            return find_size(self.parts, [field.size for field in self.fields])
        sizes = [field.size for field in self.fields if isinstance(field.size, int)]
        return sum(sizes) if len(sizes) == len(self.fields) else None


SEQUENCE_WORDS = ("random", "counter", "same")
"""The kinds of sequences: `random` ones, a `counter`, or the `same` as in what a message answers or passes on."""


class ExchangePattern(Struct, frozen=True):
    """One kind of exchange across both links: its hops in order, each as route and command code.

    All hops carry the same sequence. The hops on one link are request and answer; a hop after one of the other link
    passes it on.
    """

    name: str
    hops: tuple[tuple[Route, int], ...]
    provenance: Provenance


class LogLinePattern(Struct, frozen=True):
    """One kind of line of the charger's text log. `pattern` is the text, with field names in braces."""

    pattern: str
    name: str
    role: Role | None
    provenance: Provenance
    fields: tuple[Field, ...]

    __hash__ = object.__hash__
    """By identity, as for `Command`."""


class ErrorRow(Struct, frozen=True):
    """One row of the error table. A code that no source states is None; `m4` is then empty.

    `provenance` applies to vendor code, stop reason and meaning together. A row can have several M4 codes. `about` says
    more of the meaning, `measure` what to measure, and `severity` how bad it is; each is empty if nobody says it.
    """

    vendor: int | None
    stop_reason: str
    meaning: str
    provenance: Provenance
    ocpp: int | None
    ocpp_provenance: Provenance | None
    m4: Mapping[int, Provenance]
    about: str = ""
    measure: str = ""
    severity: str = ""


class PilotState(Struct, frozen=True):
    """One state of the control pilot, in volts. `window` is the accepted range; None if no source states it."""

    state: str
    voltage: float
    window: tuple[float, float] | None
    meaning: str
    provenance: Provenance


class Definition(Struct, frozen=True):
    """Everything that is known of the protocol. `transitions` maps each status to those that may follow it."""

    commands: tuple[Command, ...]
    lines: tuple[LogLinePattern, ...]
    enumerations: Mapping[str, Enumeration]
    transitions: Mapping[str, tuple[str, ...]]
    transition_provenance: Mapping[str, Provenance]
    pilot: tuple[PilotState, ...]
    errors: tuple[ErrorRow, ...]
    exchanges: tuple[ExchangePattern, ...] = ()
    links: LinkSet = PACKAGED
    origins: tuple[DefinitionOrigin, ...] = ()
    """The known boards and the files that were laid over the packaged definition, and those that a capture names."""
    unused_origins: tuple[DefinitionOrigin, ...] = ()
    """Those of `origins` that a capture names only: they are no part of this definition."""

    def __eq__(self, other: object) -> bool:
        """Return True if both say the same of the protocol, wherever they come from."""
        return isinstance(other, Definition) and astuple(self)[:-2] == astuple(other)[:-2]

    def __ne__(self, other: object) -> bool:
        """Return True unless both say the same of the protocol. The base class has a comparison of its own here."""
        return not self == other

    @property
    def statuses(self) -> Enumeration:
        """The connector statuses."""
        return self.enumerations["status"]

    @property
    def ocpp_errors(self) -> Enumeration:
        """The OCPP error codes."""
        return self.enumerations["ocpp_error"]

    @property
    def states(self) -> Enumeration | None:
        """The states of the boards whose frames are looked for; None if no field is known to tell a state."""
        return next(self._list_reported(), None)

    def list_machines(self) -> list[Enumeration]:
        """Return the states of boards of other makers, each kind once."""
        found: list[Enumeration] = []
        for states in self._list_reported():
            if states != self.statuses and states not in found:
                found.append(states)
        return found

    def name_of_move(self, before: str | None, after: str | None) -> str:
        """Return the name that the states of a board of another maker have for a move; empty if it has none."""
        names = (states.moves.get((before or "", after or ""), "") for states in self.list_machines())
        return next(filter(None, names), "")

    def _list_reported(self) -> Iterator[Enumeration]:
        """Yield the states that each command of the framed links reports, if it reports one."""
        for command in self._framed:
            if command.role == "status" and "status" in command.positions:
                conversion = command.fields[command.positions["status"]].conversion
                yield conversion.enumeration if isinstance(conversion, Named) else self.statuses

    @property
    def tells_charge_point(self) -> bool:
        """True if a field of the boards whose frames are looked for tells the id of the charge point."""
        return any("charge_point_id" in one.positions for one in self._framed)

    @property
    def tells_boots(self) -> bool:
        """True if a command of the boards whose frames are looked for tells that a part has started."""
        return any(one.role in ("boot", "handshake") for one in self._framed)

    def label_of(self, quantity: str) -> str | None:
        """Return the name of the only field of another board that tells it; None if there is none, or several."""
        if self.is_charger:
            return None
        names = {one.name for command in self._framed for one in command.fields if one.tells == quantity}
        return names.pop() if len(names) == 1 else None

    @property
    def is_charger(self) -> bool:
        """True if frames are looked for on a link of the charger itself."""
        return not self.links.framed.isdisjoint(PACKAGED.links)

    @property
    def tells_faults(self) -> bool:
        """True if a field of the boards whose frames are looked for tells a fault."""
        codes = {"ocpp_error", "vendor_error", "m4_error"}
        return any(one.role in ("status", "fault") and codes & one.positions.keys() for one in self._framed)

    @property
    def ordered_commands(self) -> tuple[Command, ...]:
        """All commands, those of the links on which frames are looked for first: lists for people begin with them."""
        framed = self.links.framed
        return tuple(sorted(self.commands, key=lambda command: command.route.link.name not in framed))

    @property
    def _framed(self) -> Iterator[Command]:
        """The commands of the links on which frames are looked for."""
        return (command for command in self.commands if command.route.link.name in self.links.framed)

    def command(self, name: str) -> Command:
        """Return the first command of this name. Raises `KeyError` if there is none."""
        for command in self.commands:
            if command.name == name:
                return command
        raise KeyError(name)

    def pilot_state(self, voltage: float) -> PilotState | None:
        """Return the control pilot state whose window contains this voltage; None if it is outside all windows."""
        for state in self.pilot:
            low, high = state.window or (state.voltage, state.voltage)
            if low <= voltage <= high:
                return state
        return None
