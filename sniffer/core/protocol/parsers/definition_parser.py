"""The parser of one data file: checks its entries and turns them into values.

In: the table of one file, and the enumerations of all files together. Out: the entries of the file (`ParsedFile`), each
with the provenance that it states. Raises `DefinitionError` for every error; an accepted file works for everything that
the wire can deliver. `docs/definition.md` describes the format.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from sniffer.base.errors import DefinitionError
from sniffer.base.sanitize import printable
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition import Command, ExchangePattern, LogLinePattern, PilotState
from sniffer.core.protocol.enumeration import PROVENANCE, Enumeration, Provenance
from sniffer.core.protocol.message import PLACEHOLDER
from sniffer.core.protocol.parsers.command_parser import parse_command, split_by_link
from sniffer.core.protocol.parsers.conversion_parser import ORDERS
from sniffer.core.protocol.parsers.field_parser import format_placeholders, parse_line_fields
from sniffer.core.protocol.parsers.field_subjects import ROLES
from sniffer.core.wire.link import Route
from sniffer.core.wire.link_parser import parse_link_set
from sniffer.core.wire.link_set import LinkSet

FILE_KEYS = (
    "title", "sources", "link", "framed", "enumeration", "transition", "pilot", "error", "command", "exchange", "line",
    "order",
)  # fmt: skip
TRANSITION_KEYS = ("from", "to", "provenance")
PILOT_KEYS = ("state", "voltage", "window", "meaning", "provenance")
ERROR_KEYS = (
    "vendor", "stop_reason", "meaning", "provenance", "ocpp", "ocpp_provenance", "m4", "m4_provenance", "about",
    "measure", "severity",
)  # fmt: skip
SEVERITIES = {word: word for word in ("fault", "warning", "information")}
EXCHANGE_KEYS = ("name", "hops", "provenance")
LINE_KEYS = ("pattern", "name", "tells", "provenance", "fields")

HIGHEST_VOLTAGE = 1000
"""Volts; far above any control pilot."""

LEAST_HOPS = 2

_Entry = TypeVar("_Entry")


class Transition(Struct, frozen=True):
    """The statuses that may follow one status."""

    start: str
    ends: tuple[str, ...]
    provenance: Provenance


class ErrorEntry(Struct, frozen=True):
    """One entry of the error table as it is in the file. What it does not state is None, or empty for `m4`."""

    table: TomlTable
    vendor: int | None
    stop_reason: str | None
    meaning: str | None
    provenance: Provenance | None
    ocpp: int | None
    ocpp_provenance: Provenance | None
    m4: Mapping[int, Provenance]
    details: Mapping[str, str]
    """The texts among about, measure and severity that it states."""


class ParsedFile(Struct, frozen=True):
    """The entries of one file, except enumerations. `links` are the known links, with those of the file."""

    links: LinkSet
    commands: tuple[Command, ...]
    lines: tuple[LogLinePattern, ...]
    transitions: tuple[Transition, ...]
    pilot: tuple[PilotState, ...]
    errors: tuple[ErrorEntry, ...]
    exchanges: tuple[ExchangePattern, ...] = ()


def parse_heading(file: TomlTable) -> tuple[str, tuple[str, ...]]:
    """Return the subject of a file in one line, and the source of its facts; both may be left out."""
    sources = file.texts("sources") if "sources" in file else ()
    if any(printable(source) != source for source in sources):
        raise file.wrong("sources", "texts of one line, without control characters or combining marks")
    return file.text("title", ""), sources


def parse_file(
    file: TomlTable, enumerations: Mapping[str, Enumeration], known: LinkSet, left_out: Provenance | None
) -> ParsedFile:
    """Return all entries of a file but its heading and enumerations. `known` are the links of the files before it.

    `left_out` is the provenance of entries that state none; if it is None, all must state one, except fields and
    commands.
    """
    file.only(FILE_KEYS)
    parse_heading(file)
    links, link = parse_link_set(file, known, is_packaged=left_out is None)
    statuses = [*enumerations["status"].names.values()]
    return ParsedFile(
        links=links,
        commands=_parse_commands(file, links, link, enumerations),
        lines=_parse_all(
            file.list("line"),
            lambda entry: _parse_line(entry, enumerations, left_out),
            ("pattern", lambda line: line.pattern),
        ),
        transitions=_parse_all(
            file.list("transition"),
            lambda entry: _parse_transition(entry, statuses, left_out),
            ("from", lambda transition: transition.start),
        ),
        pilot=_parse_all(
            file.list("pilot"), lambda entry: _parse_pilot(entry, left_out), ("state", lambda state: state.state)
        ),
        errors=_parse_all(
            file.list("error"),
            lambda entry: _parse_error(entry, left_out),
            ("codes", lambda row: (row.vendor, row.stop_reason or "", row.meaning if row.vendor is None else "")),
        ),
        exchanges=_parse_all(
            file.list("exchange"),
            lambda entry: _parse_exchange(entry, links, left_out),
            ("name", lambda exchange: exchange.name),
        ),
    )


def _parse_all(
    tables: list[TomlTable], make: Callable[[TomlTable], _Entry], key: tuple[str, Callable[[_Entry], object]]
) -> tuple[_Entry, ...]:
    """Return the entry of each table. `key` is a name and a function; two entries of the same key are an error."""
    name, identity = key
    found: list[_Entry] = []
    first: dict[object, str] = {}
    for table in tables:
        found.append(make(table))
        first_place = first.setdefault(identity(found[-1]), table.place)
        if first_place != table.place:
            raise DefinitionError(f"{table.place}: has the same {name} as {first_place}: allowed once in a file")
    return tuple(found)


def _parse_commands(
    file: TomlTable, links: LinkSet, link: str | None, enumerations: Mapping[str, Enumeration]
) -> tuple[Command, ...]:
    """Return the commands of a file. `link` is that of the whole file, None if each command names its own."""
    order = file.choice("order", ORDERS) if "order" in file else None
    return _parse_all(
        [one for entry in file.list("command") for one in split_by_link(entry.named(), links)],
        lambda entry: parse_command(entry, links, link, order, enumerations),
        ("direction, code and size", lambda command: (command.route, command.code, command.size)),
    )


def _parse_exchange(entry: TomlTable, links: LinkSet, left_out: Provenance | None) -> ExchangePattern:
    entry.only(EXCHANGE_KEYS)
    hops = tuple(_parse_hop(text, links) for text in entry.texts("hops"))
    known = [hop for hop in hops if hop is not None]
    if len(known) < max(LEAST_HOPS, len(hops)) or len({*known}) != len(known):
        raise entry.wrong("hops", 'a list of at least two different ones, each a direction and a code: "pwr>com 01"')
    return ExchangePattern(entry.text("name"), tuple(known), _parse_provenance(entry, left_out))


def _parse_hop(text: str, links: LinkSet) -> tuple[Route, int] | None:
    """Return the route and command code of one hop; None if the text is anything else."""
    direction, _, code = text.partition(" ")
    for route in links.routes:
        if route.direction == direction and re.fullmatch(f"[0-9A-F]{{{route.link.code_digits}}}", code):
            return route, int(code, 16)
    return None


def _parse_line(
    entry: TomlTable, enumerations: Mapping[str, Enumeration], left_out: Provenance | None
) -> LogLinePattern:
    """Return the pattern of a log line. `left_out` is the provenance of a line that states none."""
    entry.only(LINE_KEYS)
    role = entry.choice("tells", ROLES) if "tells" in entry else None
    fields, positions = parse_line_fields(entry, enumerations, role)
    pattern = entry.text("pattern")
    if sorted(PLACEHOLDER.findall(pattern)) != sorted(positions):
        raise entry.wrong("pattern", f"a text with each field of this line once: {format_placeholders(positions)}")
    if "}{" in pattern:
        raise entry.wrong("pattern", "a text with something between two fields, which tells where the first one ends")
    return LogLinePattern(pattern, entry.text("name"), role, _parse_provenance(entry, left_out), fields)


def _parse_transition(entry: TomlTable, statuses: list[str], left_out: Provenance | None) -> Transition:
    entry.only(TRANSITION_KEYS)
    start = entry.choice("from", {name: name for name in statuses})
    return Transition(start, entry.words("to", statuses), _parse_provenance(entry, left_out))


def _parse_pilot(entry: TomlTable, left_out: Provenance | None) -> PilotState:
    """Return a state of the control pilot. `left_out` is the provenance of a state that states none."""
    entry.only(PILOT_KEYS)
    return PilotState(
        state=entry.text("state"),
        voltage=entry.number("voltage", least=-HIGHEST_VOLTAGE, most=HIGHEST_VOLTAGE),
        window=entry.pair("window", HIGHEST_VOLTAGE) if "window" in entry else None,
        meaning=entry.text("meaning"),
        provenance=_parse_provenance(entry, left_out),
    )


def _parse_error(entry: TomlTable, left_out: Provenance | None) -> ErrorEntry:
    """Return one row of the error table. Codes begin at 1, as 0 on the wire means that there is no fault."""
    entry.only(ERROR_KEYS)
    if "vendor" not in entry and "m4" not in entry:
        raise entry.wrong("vendor", "given, or else m4")
    for fact, word in (("meaning", "provenance"), ("ocpp", "ocpp_provenance"), ("m4", "m4_provenance")):
        if word in entry and fact not in entry:
            raise entry.wrong(word, f"left out where {fact} is not stated, as it says how well that is known")
    codes = entry.numbers("m4", least=1) if "m4" in entry else ()
    stated = entry.choices("m4_provenance", PROVENANCE, len(codes)) if "m4_provenance" in entry else None
    m4 = dict(zip(codes, stated or [_parse_provenance(entry, left_out, "m4_provenance") for _ in codes], strict=True))
    return ErrorEntry(
        table=entry,
        vendor=entry.number("vendor", least=1) if "vendor" in entry else None,
        stop_reason=entry.text("stop_reason", "") if "stop_reason" in entry else None,
        meaning=entry.text("meaning") if "meaning" in entry else None,
        provenance=_parse_provenance(entry, left_out) if "meaning" in entry else None,
        ocpp=entry.number("ocpp") if "ocpp" in entry else None,
        ocpp_provenance=_parse_provenance(entry, left_out, "ocpp_provenance") if "ocpp" in entry else None,
        m4=m4,
        details={key: entry.text(key) for key in ("about", "measure") if key in entry}
        | ({"severity": entry.choice("severity", SEVERITIES)} if "severity" in entry else {}),
    )


def _parse_provenance(table: TomlTable, left_out: Provenance | None, key: str = "provenance") -> Provenance:
    """Return the provenance in the table, or `left_out` if there is none."""
    if key not in table and left_out is not None:
        return left_out
    found: Provenance = table.choice(key, PROVENANCE)
    return found
