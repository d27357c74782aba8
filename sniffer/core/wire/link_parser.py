"""The parser of `[[link]]` entries: the layouts of links, and the routes that their frames take.

In: the table of one entry. Out: its link and routes. Raises `DefinitionError` for every error. `docs/definition.md`
describes the keys.
"""

import re
from collections.abc import Iterable, Mapping

from sniffer.base.errors import DefinitionError
from sniffer.base.suggest import format_suggestion
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.checks import (
    LARGEST,
    NO_CHECK,
    SUMS,
    ByteOrder,
    Check,
    CrcParameters,
    build_sum,
    list_crcs,
    no_check,
)
from sniffer.core.wire.crc import MODBUS, crc16
from sniffer.core.wire.link import Direction, LengthField, Link, NumberField, Route, Shape
from sniffer.core.wire.link_set import LinkEntry, LinkSet

LINK_KEYS = (
    "name", "about", "heads", "sequence", "command", "length", "sizes", "payload", "check", "tail", "longest",
    "longest_live", "order",
)  # fmt: skip
NUMBER_KEYS = ("at", "size", "order")
SEQUENCE_KEYS = (*NUMBER_KEYS, "shared")
LENGTH_KEYS = (*NUMBER_KEYS, "adds")
SIZES_KEYS = ("commands", "direction", "size", "length")
CHECK_KEYS = ("name", "size", "order", "from", "polynomial", "initial", "reflected", "final_xor")

ORDERS: Mapping[str, ByteOrder] = {"big": "big", "little": "little"}
WIDTHS = (8, 16, 24, 32, 64)

LONGEST_HEAD = 8
LARGEST_NUMBER = 4
"""The most bytes in a sequence, a command or a length."""
LONGEST_PAYLOAD_OFFSET = 64
LONGEST_FRAME = 1 << 17
"""The size in bytes of the longest frame that a link may have: 64 KB, as two bytes allow, and some more."""
LONGEST_LIVE = 512
"""The size in bytes of the longest frame that is waited for on a live line, unless the link says another one."""

NAME = re.compile("[a-z][a-z0-9_-]{0,30}")
DIRECTION = re.compile("[a-z][a-z0-9]{0,14}>[a-z][a-z0-9]{0,14}")


def parse_links(file: TomlTable) -> tuple[LinkEntry, ...]:
    """Return the links of a file. Two of one name are an error."""
    found: dict[str, LinkEntry] = {}
    for table in file.list("link"):
        entry = _parse_link(table)
        if entry.link.name in found:
            raise table.wrong("name", "different from that of every other link of the file")
        found[entry.link.name] = entry
    return tuple(found.values())


def parse_link_set(file: TomlTable, known: LinkSet) -> tuple[LinkSet, str | None]:
    """Return the links that are known with a file, and the name of the link of its commands that name none.

    At the top of a file, `link` is that name, or the list of the links that the file describes. `framed` names those
    on which frames are looked for: without it these are the links of the file, or of those before it if it has none.
    """
    entries = parse_links(file) if file.has_list("link") else ()
    links = known.with_entries(entries)
    for table, entry in zip(file.list("link") if entries else (), entries, strict=True):
        if entry.link.name in known.links:
            raise table.wrong("name", f"different from that of every known link: {', '.join(known.links)}")
    if "framed" in file:
        links = known.with_entries(entries, file.words("framed", links.links))
    if entries:
        return links, entries[0].link.name if len(entries) == 1 else None
    return links, file.choice("link", links.links).name if "link" in file else None


def _parse_link(table: TomlTable) -> LinkEntry:
    table.only(LINK_KEYS)
    name = table.text("name")
    if not NAME.fullmatch(name):
        raise table.wrong("name", "a word of small letters, digits, - and _")
    heads = _parse_heads(table)
    sequence, shared = _parse_sequence(table)
    command = _parse_number(table.table("command"), NUMBER_KEYS) if "command" in table else None
    payload_at = table.number("payload", most=LONGEST_PAYLOAD_OFFSET)
    check = _parse_check(table)
    tail = table.bytes("tail") if "tail" in table else b""
    shapes = _parse_shapes(table, command, [direction for direction, _ in heads])
    longest = _find_longest(shapes)
    if "longest" in table:
        longest = min(longest, table.number("longest", least=1, most=LONGEST_FRAME))
    longest_live = table.number("longest_live", LONGEST_LIVE, least=1, most=LONGEST_FRAME)
    link = Link(
        name=name,
        sequence=sequence,
        command=command,
        shapes=shapes,
        payload_at=payload_at,
        check=check,
        tail=tail,
        longest=longest,
        longest_live=min(longest, longest_live),
        shared_sequences=shared,
        about=table.text("about", ""),
        order=table.choice("order", ORDERS) if "order" in table else "big",
    )
    _check_layout(table, link, heads)
    return LinkEntry(link, *_build_routes(link, heads))


def _parse_heads(table: TomlTable) -> list[tuple[Direction, bytes]]:
    """Return the directions, each with a head that its frames begin with."""
    heads = table.table("heads")
    found: list[tuple[Direction, bytes]] = []
    for direction in heads.names():
        if not DIRECTION.fullmatch(direction):
            raise DefinitionError(f'{heads.place}: {direction!r}: must be a direction as in "com>pwr"')
        for head in heads.bytes_list(direction):
            if len(head) > LONGEST_HEAD:
                raise heads.wrong(direction, f"bytes in hexadecimal, at most {LONGEST_HEAD}, or a list of them")
            found.append((direction, head))
    if not found:
        raise table.wrong("heads", 'a table of directions and heads: { "com>pwr" = "AA", "pwr>com" = "BB" }')
    return found


def _build_routes(link: Link, heads: Iterable[tuple[Direction, bytes]]) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
    """Return the routes of a link, and those of its bytes.

    A head that several directions share has no direction there, unless each shape of the frames has one.
    """
    has_directions = all(shape.direction for shape in link.shapes)
    routes = tuple(Route(link, head, direction) for direction, head in heads)
    shared = [route.head for route in routes]
    in_bytes: dict[tuple[bytes, Direction | None], Route] = {}
    for route in routes:
        is_clear = has_directions or shared.count(route.head) == 1
        key = (route.head, route.direction if has_directions else None)
        in_bytes.setdefault(key, route if is_clear else Route(link, route.head))
    return routes, tuple(in_bytes.values())


def _parse_number(table: TomlTable, allowed: Iterable[str]) -> NumberField:
    table.only([*allowed])
    return NumberField(
        table.number("at", most=LONGEST_PAYLOAD_OFFSET),
        table.number("size", 1, least=1, most=LARGEST_NUMBER),
        table.choice("order", ORDERS) if "order" in table else "big",
    )


def _parse_sequence(table: TomlTable) -> tuple[NumberField | None, tuple[int, ...]]:
    """Return where the sequence is, and the sequences that many messages share."""
    if "sequence" not in table:
        return None, ()
    entry = table.table("sequence")
    field = _parse_number(entry, SEQUENCE_KEYS)
    words = entry.texts("shared") if "shared" in entry else ()
    if not all(re.fullmatch(f"[0-9A-F]{{{2 * field.size}}}", word) for word in words):
        raise entry.wrong("shared", f"a list of sequences of {2 * field.size} digits in hexadecimal")
    return field, tuple(int(word, 16) for word in words)


def _parse_length(table: TomlTable) -> LengthField:
    number = _parse_number(table, LENGTH_KEYS)
    return LengthField(number.at, number.size, number.order, table.number("adds", 0, least=-16, most=LONGEST_FRAME))


def _parse_shapes(table: TomlTable, command: NumberField | None, directions: list[Direction]) -> tuple[Shape, ...]:
    """Return the shapes of a link: one with its length field, or those that `sizes` lists."""
    if ("length" in table) == ("sizes" in table):
        raise table.wrong("length", "given, or else sizes, and not both")
    if "length" in table:
        return (Shape(_parse_length(table.table("length"))),)
    shapes = tuple(_parse_shape(entry, command, directions) for entry in table.list("sizes"))
    if not shapes:
        raise table.wrong("sizes", "a list with at least one size")
    return shapes


def _parse_shape(entry: TomlTable, command: NumberField | None, directions: list[Direction]) -> Shape:
    """Return one shape of the frames of some commands."""
    entry.only(SIZES_KEYS)
    if ("length" in entry) == ("size" in entry):
        raise entry.wrong("size", "given, or else length, and not both")
    codes: tuple[int, ...] = ()
    if "commands" in entry:
        if command is None:
            raise entry.wrong("commands", "left out, as the frames of this link have no command")
        codes = entry.numbers("commands", most=256**command.size - 1)
    return Shape(
        length=_parse_length(entry.table("length")) if "length" in entry else None,
        size=entry.number("size", least=1, most=LONGEST_FRAME) if "size" in entry else 0,
        codes=frozenset(codes),
        direction=entry.choice("direction", {one: one for one in directions}) if "direction" in entry else None,
    )


def _find_longest(shapes: Iterable[Shape]) -> int:
    """Return the size of the longest frame that any shape allows, at most `LONGEST_FRAME`."""
    sizes = (shape.length.adds + 256**shape.length.size - 1 if shape.length else shape.size for shape in shapes)
    return min(LONGEST_FRAME, max(sizes))


def _parse_check(table: TomlTable) -> Check:
    """Return the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none."""
    entry = table.table("check")
    entry.only(CHECK_KEYS)
    start = entry.number("from", 0, most=LONGEST_PAYLOAD_OFFSET)
    order: ByteOrder = entry.choice("order", ORDERS) if "order" in entry else "big"
    if "polynomial" in entry:
        crc = CrcParameters(
            width=8 * entry.number("size", least=1, most=LARGEST),
            polynomial=entry.number("polynomial", most=1 << 64),
            initial=entry.number("initial", 0, most=1 << 64),
            is_reflected=entry.flag("reflected"),
            final_xor=entry.number("final_xor", 0, most=1 << 64),
        )
        name = entry.text("name", "CRC")
        if crc.width not in WIDTHS or max(crc.polynomial, crc.initial, crc.final_xor) >> crc.width:
            raise entry.wrong("polynomial", "parameters of a CRC of 1, 2, 3, 4 or 8 bytes, which fit into its size")
        return Check(name, crc.width // 8, start, order, crc.compute, crc)
    name = entry.text("name")
    if name == NO_CHECK:
        return no_check(start)
    if name in SUMS:
        size = entry.number("size", 1, least=1, most=1 if name == "xor" else LARGEST)
        return Check(name, size, start, order, build_sum(name, size))
    return _build_named_crc(entry, name, start, order)


def _build_named_crc(entry: TomlTable, name: str, start: int, order: ByteOrder) -> Check:
    crcs = list_crcs()
    if name not in crcs:
        near = format_suggestion(name, crcs)
        raise entry.wrong("name", f"{', '.join(SUMS)}, {NO_CHECK}, or the name of a CRC as in {MODBUS}{near}")
    size = crcs[name].width // 8
    if "size" in entry and entry.number("size") != size:
        raise entry.wrong("size", f"{size}, as the CRC of this name has, or left out")
    return Check(name, size, start, order, crc16 if name == MODBUS else crcs[name].compute)


def _check_layout(table: TomlTable, link: Link, heads: Iterable[tuple[Direction, bytes]]) -> None:
    """Check that the parts of a frame do not overlap, and that each is where it can be read."""
    lengths = [shape.length for shape in link.shapes]
    longest_head = max(len(head) for _, head in heads)
    parts = [("sequence", link.sequence), ("command", link.command)]
    taken: dict[int, str] = {}
    for key, part in parts:
        for place in range(part.at, part.end) if part else ():
            if place in taken or place >= link.payload_at or place < (0 if not longest_head else 1):
                raise table.wrong(key, "bytes before the payload that are no other part of the frame")
            taken[place] = key
    if len(lengths) == 1 and lengths[0] and lengths[0].end > link.payload_at:
        raise table.wrong("length", "bytes before the payload")
    if link.check.start >= max(1, link.payload_at + 1):
        raise table.wrong("check", "from a byte of the frame before the end of the payload")
    if any(shape.length is None and shape.size < link.overhead for shape in link.shapes):
        raise table.wrong("sizes", f"sizes of at least {link.overhead} bytes: those before the payload, and the check")
    if link.longest < link.overhead:
        raise table.wrong("payload", f"an offset that leaves room for a frame of at most {link.longest} bytes")
