"""The parser of commands: their codes, their sequences and summaries, and whom they answer.

In: the entry of a command, the links, and the enumerations. Out: the command, with its fields as `layout_parser` finds
them. Raises `DefinitionError` for every error. `docs/definition.md` describes the keys.
"""

import re
from collections.abc import Mapping

from sniffer.base.errors import DefinitionError
from sniffer.base.late_pattern import compile_late
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition import SEQUENCE_WORDS, Command, Role
from sniffer.core.protocol.enumeration import PROVENANCE, Enumeration
from sniffer.core.protocol.layout.payload_layout import PayloadLayout, add_connector
from sniffer.core.protocol.message import PLACEHOLDER
from sniffer.core.protocol.parsers.conversion_parser import ORDERS
from sniffer.core.protocol.parsers.field_parser import format_placeholders
from sniffer.core.protocol.parsers.field_subjects import CODES, QUANTITIES, ROLES
from sniffer.core.protocol.parsers.layout_parser import parse_layout
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_set import LinkSet

COMMAND_KEYS = (
    "link", "direction", "code", "name", "about", "tells", "answers", "sequence", "summary", "provenance", "order",
    "fields",
)  # fmt: skip

SEQUENCE = compile_late("[0-9A-F]{4}")
"""A sequence that a command always has."""


def split_by_link(entry: TomlTable, links: LinkSet) -> list[TomlTable]:
    """Return the entry of a command for each of the links that it names in a list; the entry itself without one."""
    if not entry.has_list("link"):
        return [entry]
    names = entry.words("link", links.links)
    if not names:
        raise entry.wrong("link", "a list of at least one link, or one alone")
    return [entry.changed("link", name) for name in names]


def parse_command(
    entry: TomlTable,
    links: LinkSet,
    link: str | None,
    order: ByteOrder | None,
    enumerations: Mapping[str, Enumeration],
) -> Command:
    """Return the command of an entry. `link` is that of the whole file, or None if each command has to name its own.

    `order` is the byte order of the whole file; None if it is that of the link.
    """
    entry.only(COMMAND_KEYS)
    route = _parse_route(entry, links, link)
    role = entry.choice("tells", ROLES) if "tells" in entry else None
    order = entry.choice("order", ORDERS) if "order" in entry else order or route.link.order
    layout = add_connector(parse_layout(entry, enumerations, role, order), route.link.connector_of(route.direction))
    answered = _parse_answered(entry, route.link)
    return Command(
        route=route,
        code=_parse_code(entry, route.link),
        name=entry.text("name"),
        about=entry.text("about", ""),
        role=role or _find_role({field.tells for field in layout.fields}),
        answers=bool(answered) or entry.flag("answers"),
        sequences=_parse_sequences(entry),
        summary=_parse_summary(entry, layout),
        provenance=entry.choice("provenance", PROVENANCE) if "provenance" in entry else None,
        fields=layout.fields,
        positions=layout.positions,
        parts=layout.parts,
        alternatives=layout.alternatives,
        answered=answered,
    )


def _parse_route(entry: TomlTable, links: LinkSet, link: str | None) -> Route:
    """Return the route of a command: the direction that it names on its link. `link` is that of the whole file."""
    if "link" in entry or link is None:
        link = entry.choice("link", links.links).name
    routes: dict[str, Route] = {}
    for route in links.routes:
        if route.link.name == link:
            routes.setdefault(str(route.direction), route)
    found: Route = entry.choice("direction", routes)
    return found


def _parse_code(entry: TomlTable, link: Link) -> int:
    """Return the code of a command."""
    try:
        return entry.number("code", most=link.codes - 1)
    except DefinitionError as error:
        if link.codes > 1 or "code" not in entry:
            raise
        raise entry.wrong("code", f"0, as link {link.name} has no command") from error


def _parse_answered(entry: TomlTable, link: Link) -> tuple[int, ...]:
    """Return the codes of the commands that a command answers; none if it has no `answers`, or true or false there."""
    if "answers" not in entry or entry.has_flag("answers"):
        return ()
    try:
        return entry.numbers("answers", most=link.codes - 1)
    except DefinitionError as error:
        codes = f"the code of the command that it answers (0 to {link.codes - 1}), or a list of codes"
        only = f"as link {link.name} has no command, so there is only code 0"
        raise entry.wrong("answers", f"true or false, {codes if link.codes > 1 else only}") from error


def _find_role(subjects: set[str]) -> Role | None:
    """Return the role of a command whose fields tell this; None if they tell nothing."""
    if "status" in subjects:
        return "status"
    return "fault" if subjects & {*CODES} - {"connector"} else "meter" if subjects & QUANTITIES.keys() else None


def _parse_summary(entry: TomlTable, layout: PayloadLayout) -> str:
    """Return the summary of a command, whose placeholders name fields, lists and bits of its layout."""
    summary = entry.text("summary", empty=True)
    names = [*(field.name for field in layout.fields), *layout.groups]
    if {*PLACEHOLDER.findall(summary)} - {*names} or re.search("[{}]", PLACEHOLDER.sub("", summary)):
        # Lists stand for their items, whose names have a point.
        allowed = format_placeholders(name for name in names if "." not in name)
        raise entry.wrong("summary", f"a text with fields of this command: {allowed}")
    return summary


def _parse_sequences(entry: TomlTable) -> tuple[str, ...]:
    """Return the sequences of a command: words, or four hexadecimal digits; none if they are not stated."""
    found = entry.texts("sequence") if "sequence" in entry else ()
    if not all(word in SEQUENCE_WORDS or SEQUENCE.fullmatch(word) for word in found) or len({*found}) != len(found):
        allowed = ", ".join(f'"{word}"' for word in SEQUENCE_WORDS)
        raise entry.wrong("sequence", f'a list of different ones of {allowed}, or four digits as in "EEEE"')
    return found
