"""The parser of `[[link]]` entries: the layouts of links, and the routes that their frames take.

In: the table of one entry. Out: its link and routes. Raises `DefinitionError` for every error. `docs/definition.md`
describes the keys.
"""

from collections.abc import Iterable

from sniffer.base.late_pattern import compile_late
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.check_parser import BEHIND_KEY, END_BYTES_KEY, parse_check
from sniffer.core.wire.checks import Check
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.coding.digits_delimiter import DigitsDelimiter
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_part_parser import (
    LONGEST_FRAME,
    LONGEST_PAYLOAD_OFFSET,
    ORDERS,
    find_connector,
    parse_address,
    parse_command,
    parse_delimiter,
    parse_direction,
    parse_heads,
    parse_length,
    parse_sequence,
    parse_taps,
    parse_turn,
)
from sniffer.core.wire.link_parts import (
    Direction,
    DirectionField,
    FrameDirections,
    FrameEnd,
    FrameNumbers,
    FramePayload,
    FrameSizes,
    NumberField,
    Shape,
)
from sniffer.core.wire.link_set import LinkEntry, LinkSet

LINK_KEYS = (
    "name", "about", "heads", "delimiter", "direction", "turn", "taps", "sequence", "address", "command", "length",
    "sizes", "payload", "added", "check", "tail", "longest", "longest_live", "order",
)  # fmt: skip
SIZES_KEYS = ("commands", "direction", "size", "length")

CHECK_PLACES = {"end": True}
DELIMITER_ENDS = "left out, as the delimiter ends each frame"

LONGEST_LIVE = 512
"""The size in bytes of the longest frame that is waited for on a live line, unless the link says another one."""

NAME = compile_late("[a-z][a-z0-9_-]{0,30}")


def parse_links(file: TomlTable, *, is_packaged: bool = False) -> tuple[LinkEntry, ...]:
    """Return the links of a file, which may be packaged. Two of one name are an error."""
    found: dict[str, LinkEntry] = {}
    for table in file.list("link"):
        entry = _parse_link(table, is_packaged=is_packaged)
        if entry.link.name in found:
            raise table.wrong("name", "different from that of every other link of the file")
        found[entry.link.name] = entry
    return tuple(found.values())


def parse_link_set(file: TomlTable, known: LinkSet, *, is_packaged: bool = False) -> tuple[LinkSet, str | None]:
    """Return the links that are known with a file, and the name of the link of its commands that name none.

    At the top of a file, `link` is that name, or the list of the links that the file describes. `framed` names those
    on which frames are looked for: without it these are the links of the file, or of those before it if it has none.
    """
    entries = parse_links(file, is_packaged=is_packaged) if file.has_list("link") else ()
    links = known.with_entries(entries)
    for table, entry in zip(file.list("link") if entries else (), entries, strict=True):
        if entry.link.name in known.links:
            raise table.wrong("name", f"different from that of every known link: {', '.join(known.links)}")
    if "framed" in file:
        links = known.with_entries(entries, file.words("framed", links.links))
    if entries:
        return links, entries[0].link.name if len(entries) == 1 else None
    return links, file.choice("link", links.links).name if "link" in file else None


def _parse_link(table: TomlTable, *, is_packaged: bool) -> LinkEntry:
    """Return the link of an entry with its routes."""
    table.only(LINK_KEYS)
    name = table.text("name")
    if not NAME.fullmatch(name):
        raise table.wrong("name", "a word of small letters, digits, - and _")
    heads = parse_heads(table)
    directions = [*dict.fromkeys(direction for direction, _ in heads)]
    way = parse_direction(table, directions)
    numbers = _parse_numbers(table, directions, way)
    link = Link(
        name,
        numbers,
        _parse_sizes(table, numbers.command, directions),
        FramePayload(
            at=table.number("payload", most=LONGEST_PAYLOAD_OFFSET),
            added=_parse_added(table),
            order=table.choice("order", ORDERS) if "order" in table else "big",
        ),
        _parse_end(table, heads),
        FrameDirections(way, parse_turn(table, directions), parse_taps(table, directions), len(directions) == 1),
        about=table.text("about", ""),
        is_packaged=is_packaged,
    )
    _check_layout(table, link, heads)
    return LinkEntry(link, *_build_routes(link, heads))


def _parse_numbers(table: TomlTable, directions: list[Direction], way: DirectionField | None) -> FrameNumbers:
    """Return the numbers before the payload. `way` is the one that says the direction, None if there is none."""
    sequence, shared = parse_sequence(table)
    command, commands = parse_command(table, directions)
    address, addresses = parse_address(table, directions)
    connector = find_connector(table, address, way)
    return FrameNumbers(sequence, address, command, commands, addresses, shared, connector)


def _parse_sizes(table: TomlTable, command: NumberField | None, directions: list[Direction]) -> FrameSizes:
    """Return the shapes of the frames, and the sizes of the longest ones."""
    shapes = _parse_shapes(table, command, directions)
    longest = _find_longest(shapes)
    if "longest" in table:
        longest = min(longest, table.number("longest", least=1, most=LONGEST_FRAME))
    longest_live = table.number("longest_live", LONGEST_LIVE, least=1, most=LONGEST_FRAME)
    return FrameSizes(shapes, longest, min(longest, longest_live))


def _parse_end(table: TomlTable, heads: Iterable[tuple[Direction, bytes]]) -> FrameEnd:
    """Return the parts after the payload."""
    delimiter = parse_delimiter(table)
    check = parse_check(table, delimiter.digits if isinstance(delimiter, DigitsDelimiter) else None)
    tail = table.bytes("tail") if "tail" in table else b""
    if BEHIND_KEY in table.table("check"):
        return FrameEnd(check, tail, _move_check(table, delimiter, check, tail, heads))
    if END_BYTES_KEY in table.table("check"):
        raise table.table("check").wrong(END_BYTES_KEY, "left out, as the check does not stand after the end")
    if delimiter and "tail" in table:
        raise table.wrong("tail", DELIMITER_ENDS)
    return FrameEnd(check, tail, delimiter)


def _move_check(
    table: TomlTable, delimiter: Delimiter | None, check: Check, tail: bytes, heads: Iterable[tuple[Direction, bytes]]
) -> CheckedDelimiter:
    """Return the delimiter of frames whose check stands after their end."""
    entry = table.table("check")
    entry.choice(BEHIND_KEY, CHECK_PLACES)
    if delimiter is None or delimiter.is_stuffed or isinstance(delimiter, DigitsDelimiter):
        raise entry.wrong(BEHIND_KEY, "left out without a delimiter, and with one that has a coding or digits")
    if not check.size:
        raise entry.wrong(BEHIND_KEY, "left out, as the frames have no check")
    size = len(delimiter.end)
    uncovered = size - entry.number(END_BYTES_KEY, size, most=size)
    if check.covers_digits and uncovered < size:
        raise entry.wrong("covers", "left out, as the end that the check covers is no digit")
    special = delimiter.end, b"" if delimiter.escape is None else bytes([delimiter.escape])
    if not delimiter.begin and any(not head or any(one and one in head for one in special) for _, head in heads):
        raise table.wrong("heads", "bytes without the end and the escape, as only they show where a frame begins")
    return CheckedDelimiter(
        delimiter.end,
        delimiter.escape,
        delimiter.table,
        delimiter.begin,
        bytes_after=check.size + len(tail),
        uncovered=uncovered,
    )


def _build_routes(link: Link, heads: Iterable[tuple[Direction, bytes]]) -> tuple[tuple[Route, ...], tuple[Route, ...]]:
    """Return the routes of a link, and those of its bytes.

    A head that several directions share has no direction there, unless shapes of the frames have one or a number says
    it. Even then a frame may fit both directions: the last routes are those of such frames.
    """
    routes = tuple(Route(link, head, direction) for direction, head in heads)
    directions: dict[bytes, set[Direction | None]] = {}
    for route in routes:
        directions.setdefault(route.head, set()).add(route.direction)
    shared = [Route(link, head) for head, found in directions.items() if len(found) > 1]
    if any(shape.direction for shape in link.shapes) or link.directed_by:
        return routes, (*routes, *shared)
    open_heads = {route.head: route for route in shared}
    return routes, tuple(dict.fromkeys(open_heads.get(route.head, route) for route in routes))


def _parse_shapes(table: TomlTable, command: NumberField | None, directions: list[Direction]) -> tuple[Shape, ...]:
    """Return the shapes of a link: one with its length field, or those that `sizes` lists."""
    if "delimiter" in table:
        for key in ("length", "sizes"):
            if key in table:
                raise table.wrong(key, DELIMITER_ENDS)
        return (Shape(None, table.number("longest", LONGEST_LIVE, least=1, most=LONGEST_FRAME)),)
    if ("length" in table) == ("sizes" in table):
        raise table.wrong("length", "given, or else sizes, and not both")
    if "length" in table:
        return (Shape(parse_length(table.table("length"))),)
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
        length=parse_length(entry.table("length")) if "length" in entry else None,
        size=entry.number("size", least=1, most=LONGEST_FRAME) if "size" in entry else 0,
        codes=frozenset(codes),
        direction=entry.choice("direction", {one: one for one in directions}) if "direction" in entry else None,
    )


def _find_longest(shapes: Iterable[Shape]) -> int:
    """Return the size of the longest frame that any shape allows, at most `LONGEST_FRAME`."""
    sizes = (
        shape.length.adds + shape.length.highest * shape.length.unit if shape.length else shape.size for shape in shapes
    )
    return min(LONGEST_FRAME, max(sizes))


def _parse_added(table: TomlTable) -> int:
    """Return the number that is added to each byte of the payload on the wire; 0 if there is none."""
    if "added" not in table:
        return 0
    if "delimiter" in table:
        raise table.wrong("added", "left out with a delimiter")
    return table.number("added", least=1, most=255)


def _check_layout(table: TomlTable, link: Link, heads: Iterable[tuple[Direction, bytes]]) -> None:
    """Check that the parts of a frame do not overlap, and that each is where it can be read."""
    first = 1 if any(head for _, head in heads) and not link.delimiter else 0
    way = link.directed_by.number if link.directed_by else None
    for direction in dict.fromkeys(direction for direction, _ in heads):
        taken: dict[int, str] = {}
        address, command = link.address_of(direction), link.command_of(direction)
        for key, part in (("sequence", link.sequence), ("address", address), ("command", command)):
            # Boards that have a code first have as many heads as codes.
            least, may_be_in_payload = (0, bool(link.commands)) if key == "command" else (first, False)
            for place in range(part.at, part.end) if part else ():
                is_outside = place < least or (place >= link.payload_at and not may_be_in_payload)
                if place in taken or is_outside:
                    raise table.wrong(key, _describe_room(link, least, taken.get(place)))
                taken[place] = key
    if way and way.end > link.payload_at:
        raise table.wrong("direction", "bytes before the payload")
    if link.sequence and link.address:
        raise table.wrong("address", "left out, as an answer repeats the sequence")
    lengths = [shape.length for shape in link.shapes]
    if "length" in table and lengths[0] and lengths[0].end > link.payload_at:
        raise table.wrong("length", "bytes before the payload")
    if link.check.start >= max(1, link.payload_at + 1):
        raise table.wrong("check", "from a byte of the frame before the end of the payload")
    if any(shape.length is None and shape.size < link.overhead for shape in link.shapes):
        raise table.wrong("sizes", f"sizes of at least {link.overhead} bytes: those before the payload, and the check")
    if any(_find_shortest(link, shape) < _find_least(link, shape) for shape in link.shapes):
        raise table.wrong("command", "in all frames: the shortest ones have no byte there; state the least length")
    if link.longest < link.overhead:
        raise table.wrong("payload", f"an offset that leaves room for a frame of at most {link.longest} bytes")
    is_shown = link.delimiter is not None and len(link.delimiter.begin + link.delimiter.end) > 1
    if not link.is_checked and not is_shown and not all(head for _, head in heads):
        raise table.wrong("check", "there where a frame has no head, as nothing else distinguishes it")


def _find_shortest(link: Link, shape: Shape) -> int:
    """Return the size of the shortest frame of a shape."""
    if shape.length is None:
        return shape.size
    least = -(-shape.length.least // shape.length.multiple_of) * shape.length.multiple_of
    return max(link.overhead, least * shape.length.unit + shape.length.adds)


def _find_least(link: Link, shape: Shape) -> int:
    """Return the size of a frame of a shape that has its command code and its end."""
    commands = [command for way, command in link.commands.items() if shape.direction in (way, None)]
    return max((command.end for command in commands), default=0) + link.trailer_size


def _describe_room(link: Link, first: int, other: str | None) -> str:
    """Return where a number of a frame may stand, for a message. `other` is what is there already, None if nothing."""
    if other:
        return f"at other bytes than {other}, as each byte before the payload is one part of the frame"
    after = "after the first byte of the head, " if first else ""
    return f"at bytes from {first} to {link.payload_at - 1}: {after}before the payload at {link.payload_at}"
