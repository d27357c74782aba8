"""The parsers of the parts of a `[[link]]` entry: its numbers, its heads, and what says which way a frame goes.

In: the table of one link or part. Out: the values of `sniffer.core.wire.link_parts`. Raises `DefinitionError` for every
error.
"""

import re
import string
from collections.abc import Iterable, Mapping, Sequence

from sniffer.base.errors import DefinitionError
from sniffer.base.late_pattern import compile_late
from sniffer.base.times import MILLISECOND
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.checks import ByteOrder, DigitCase
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.coding.digits_delimiter import DigitsDelimiter
from sniffer.core.wire.link_parts import Direction, DirectionField, LengthField, NumberField, Turn

NUMBER_KEYS = ("at", "size", "order")
SEQUENCE_KEYS = (*NUMBER_KEYS, "shared")
TELLS_KEY = "tells"
CONNECTOR = "connector"
"""The values of `tells` for an address or the number of a direction."""
LENGTH_KEYS = (*NUMBER_KEYS, "adds", "unit", "least", "most", "multiple_of", "mask")
DELIMITER_KEYS = ("begin", "end", "escape", "xor", "table", "coding", "digits")
CODINGS = {"cobs": True}
ZERO = b"\0"
TURN_KEYS = ("requests", "within")

DIGITS: Mapping[str, DigitCase] = {"upper": "upper", "lower": "lower"}
ORDERS: Mapping[str, ByteOrder] = {"big": "big", "little": "little"}

LONGEST_HEAD = 8
LONGEST_END = 16
"""The most bytes at the end of a frame: text may end with a word, as `Checksum` and a tab in VE.Direct."""
LARGEST_NUMBER = 4
"""The most bytes in a sequence, a command or a length."""
LARGEST_ADDRESS = 8
"""The most bytes in an address: that of a meter may be its serial number."""
LARGEST_UNIT = 256
LONGEST_PAYLOAD_OFFSET = 64
LONGEST_FRAME = 1 << 17
"""The size in bytes of the longest frame that a link may have: 64 KB, as two bytes allow, and some more."""
LONGEST_WITHIN = 60_000
"""The longest time in milliseconds in which an answer may come."""
MOST_TAPS = 8
MOST_NUMBERS = 65536
"""The most numbers of one direction."""

Placed = tuple[NumberField | None, dict[Direction, NumberField]]
"""Where a number stands, and where it stands in each direction if the places differ.

The first is that of the first direction then, and None if the frames have no such number.
"""

DIRECTION = compile_late("[a-z][a-z0-9]{0,14}>[a-z][a-z0-9]{0,14}")


def parse_number(table: TomlTable, allowed: Iterable[str], largest: int = LARGEST_NUMBER) -> NumberField:
    """Return where a number of at most `largest` bytes stands. The table may have the `allowed` keys."""
    table.only([*allowed])
    return _build_number(table, table.number("at", most=LONGEST_PAYLOAD_OFFSET), largest)


def _build_number(table: TomlTable, at: int, largest: int = LARGEST_NUMBER) -> NumberField:
    return NumberField(
        at,
        table.number("size", 1, least=1, most=largest),
        table.choice("order", ORDERS) if "order" in table else "big",
    )


def parse_command(table: TomlTable, directions: Sequence[Direction]) -> Placed:
    """Return where the command code stands."""
    return _parse_placed(table, "command", NUMBER_KEYS, directions, LARGEST_NUMBER)


def _parse_placed(
    table: TomlTable, key: str, allowed: Sequence[str], directions: Sequence[Direction], largest: int
) -> Placed:
    """Return where a number of at most `largest` bytes stands that may have another place in each direction."""
    if key not in table:
        return None, {}
    entry = table.table(key)
    if not entry.has_table("at"):
        return parse_number(entry, allowed, largest), {}
    entry.only(allowed)
    places = entry.table("at")
    if {*places.names()} != {*directions}:
        raise entry.wrong("at", f"an offset, or a table with one for each of {', '.join(directions)}")
    found = {
        name: _build_number(entry, places.number(name, most=LONGEST_PAYLOAD_OFFSET), largest) for name in directions
    }
    return found[directions[0]], found


def parse_sequence(table: TomlTable) -> tuple[NumberField | None, tuple[int, ...]]:
    """Return where the sequence is, and the sequences that many messages share."""
    if "sequence" not in table:
        return None, ()
    entry = table.table("sequence")
    field = parse_number(entry, SEQUENCE_KEYS)
    words = entry.texts("shared") if "shared" in entry else ()
    if not all(re.fullmatch(f"[0-9A-F]{{{2 * field.size}}}", word) for word in words):
        raise entry.wrong("shared", f"a list of sequences of {2 * field.size} digits in hexadecimal")
    return field, tuple(int(word, 16) for word in words)


def parse_length(table: TomlTable) -> LengthField:
    """Return where a length stands, what it counts and which numbers are lengths."""
    number = parse_number(table, LENGTH_KEYS)
    mask = _parse_mask(table, 256**number.size - 1)
    highest = LengthField(number.at, number.size, mask=mask).largest
    least = table.number("least", 0, most=highest)
    return LengthField(
        number.at,
        number.size,
        number.order,
        adds=table.number("adds", 0, least=-16, most=LONGEST_FRAME),
        unit=table.number("unit", 1, least=1, most=LARGEST_UNIT),
        least=least,
        most=table.number("most", least=least, most=highest) if "most" in table else None,
        multiple_of=table.number("multiple_of", 1, least=1, most=highest),
        mask=mask,
    )


def _parse_mask(table: TomlTable, most: int) -> int:
    """Return the bits of a length, which follow one another; 0 if it has all bits."""
    if "mask" not in table:
        return 0
    mask = table.number("mask", least=1, most=most)
    lowest = mask & -mask
    if mask == most or mask // lowest & mask // lowest + 1:
        raise table.wrong("mask", "some bits of the number that follow one another, as in 0x3F")
    return mask


def parse_heads(table: TomlTable) -> list[tuple[Direction, bytes]]:
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


def parse_delimiter(table: TomlTable) -> Delimiter | None:
    """Return the end of each frame, and the form of bytes in it that equal the end; None without a delimiter."""
    if "delimiter" not in table:
        return None
    entry = table.table("delimiter")
    entry.only(DELIMITER_KEYS)
    end = entry.bytes("end")
    if not 1 <= len(end) <= LONGEST_END:
        raise entry.wrong("end", f"1 to {LONGEST_END} bytes in hexadecimal")
    if "coding" in entry:
        for key in ("begin", "escape", "xor", "table", "digits"):
            if key in entry:
                raise entry.wrong(key, "left out, as stuffed frames have no escapes")
        if end != ZERO:
            raise entry.wrong("end", "00, which never stands in stuffed frames")
        return Delimiter(end, is_stuffed=entry.choice("coding", CODINGS))
    if "digits" in entry:
        return _parse_digits(entry, end)
    if "begin" in entry:
        return _parse_begin(entry, end)
    if "escape" not in entry:
        if "xor" in entry or "table" in entry:
            raise entry.wrong("escape", "the byte after which another one stands")
        return Delimiter(end)
    escape = entry.bytes("escape")
    if len(escape) != 1 or len(end) != 1 or escape == end:
        raise entry.wrong("escape", "one byte in hexadecimal, as the end is then, and another one")
    if ("xor" in entry) == ("table" in entry):
        raise entry.wrong("xor", "given, or else table, and not both")
    if "xor" in entry:
        mask = entry.number("xor", least=1, most=255)
        return Delimiter(end, escape[0], {byte: byte ^ mask for byte in range(256)})
    return Delimiter(end, escape[0], _parse_escapes(entry.table("table"), {*end, *escape}))


def _parse_begin(entry: TomlTable, end: bytes) -> Delimiter:
    """Return the delimiters of frames that begin and end with an escape and a byte that says which.

    The begin may be the escape alone.
    """
    for key in ("xor", "table"):
        if key in entry:
            raise entry.wrong(key, "left out, as the escape is sent twice")
    begin, escape = entry.bytes("begin"), entry.bytes("escape")
    parts = begin[1:], end[1:], escape
    is_escape = begin[:1] == end[:1] == escape and len(escape) == len(parts[1]) == 1 and len(begin) <= len(end)
    if not is_escape or len({*parts}) < len(parts):
        raise entry.wrong("begin", 'the escape and maybe another byte, and so the end, as in "10 02", "10 03" and "10"')
    return Delimiter(end, escape[0], {escape[0]: escape[0]}, begin)


def _parse_digits(entry: TomlTable, end: bytes) -> DigitsDelimiter:
    """Return the bytes around a content that is sent as digits."""
    for key in ("escape", "xor", "table"):
        if key in entry:
            raise entry.wrong(key, "left out, as no digit equals the end")
    begin = entry.bytes("begin") if "begin" in entry else b""
    for key, data in (("begin", begin), ("end", end)):
        if not 1 <= len(data) <= LONGEST_HEAD or any(chr(byte) in string.hexdigits for byte in data):
            raise entry.wrong(key, f"1 to {LONGEST_HEAD} bytes in hexadecimal, none of which is a digit")
    if end in begin:
        raise entry.wrong("begin", "other bytes than the end")
    return DigitsDelimiter(end, begin=begin, digits=entry.choice("digits", DIGITS))


def _parse_escapes(table: TomlTable, needed: set[int]) -> dict[int, int]:
    """Return which byte each byte after the escape stands for. Those that are `needed` must be among them."""
    found: dict[int, int] = {}
    for sent in table.names():
        meant = table.bytes(sent)
        is_given = re.fullmatch("[0-9A-Fa-f]{2}", sent) is not None
        if not is_given or len(meant) != 1 or int(sent, 16) in found:
            raise table.wrong(sent, 'a byte for a byte, both in hexadecimal, as in { "DC" = "C0" }')
        found[int(sent, 16)] = meant[0]
    if not needed <= {*found.values()}:
        raise DefinitionError(f"{table.place}: must have an entry for the end and for the escape byte")
    return found


def parse_direction(table: TomlTable, directions: Sequence[Direction]) -> DirectionField | None:
    """Return the number that says which way a frame goes; None if the frames have none."""
    if "direction" not in table:
        return None
    entry = table.table("direction")
    number = parse_number(entry, (*NUMBER_KEYS, TELLS_KEY, *directions))
    for direction in directions:
        if direction not in entry:
            raise entry.wrong(direction, "the numbers that frames of this direction have there")
    return DirectionField(
        number, {one: entry.ranges(one, most=256**number.size - 1, count=MOST_NUMBERS) for one in directions}
    )


def parse_address(table: TomlTable, directions: Sequence[Direction]) -> Placed:
    """Return where the address is."""
    return _parse_placed(table, "address", (*NUMBER_KEYS, TELLS_KEY), directions, LARGEST_ADDRESS)


def find_connector(table: TomlTable, address: NumberField | None, way: DirectionField | None) -> NumberField | None:
    """Return which of the address and the number of the direction tells the connector; None if neither does."""
    telling = [
        (entry, number)
        for key, number in (("address", address), ("direction", way.number if way else None))
        if number and TELLS_KEY in (entry := table.table(key))
    ]
    for entry, _ in telling:
        entry.choice(TELLS_KEY, {CONNECTOR: CONNECTOR})
    if len(telling) > 1:
        raise telling[1][0].wrong(TELLS_KEY, "left out, as the address tells the connector")
    return telling[0][1] if telling else None


def parse_turn(table: TomlTable, directions: Sequence[Direction]) -> Turn | None:
    """Return how the order of frames says which way a frame goes; None if it does not."""
    if "turn" not in table:
        return None
    entry = table.table("turn")
    entry.only(TURN_KEYS)
    if len(directions) != 2:
        raise table.wrong("turn", "left out, as only two directions take turns")
    requests = entry.choice("requests", {one: one for one in directions})
    answers = next(one for one in directions if one != requests)
    return Turn(requests, answers, entry.number("within", 1000, least=1, most=LONGEST_WITHIN) * MILLISECOND)


def parse_taps(table: TomlTable, directions: Sequence[Direction]) -> tuple[Direction, ...]:
    """Return the direction of the frames on each tap; none if a tap says nothing."""
    if "taps" not in table:
        return ()
    taps = table.texts("taps")
    if not all(one in directions for one in taps) or len(taps) > MOST_TAPS:
        raise table.wrong("taps", f"a list with one of {', '.join(directions)} for each tap")
    return taps
