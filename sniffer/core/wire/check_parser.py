"""The parser of the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none.

In: the table of one `[[link]]`. Out: its check. Raises `DefinitionError` for every error.
"""

from collections.abc import Mapping

from sniffer.base.suggest import format_suggestion
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.checks import (
    LARGEST,
    NO_CHECK,
    SUMS,
    ByteOrder,
    Check,
    CrcParameters,
    DigitCase,
    build_sum,
    build_text_check,
    list_crcs,
    no_check,
)
from sniffer.core.wire.crc import MODBUS, crc16
from sniffer.core.wire.link_part_parser import LONGEST_PAYLOAD_OFFSET, ORDERS

CHECK_KEYS = ("name", "size", "order", "from", "polynomial", "initial", "reflected", "final_xor", "digits", "mark")
DIGITS: Mapping[str, DigitCase] = {"upper": "upper", "lower": "lower"}
LONGEST_MARK = 4
WIDTHS = (8, 16, 24, 32, 64)


def parse_check(table: TomlTable) -> Check:
    """Return the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none."""
    entry = table.table("check")
    entry.only(CHECK_KEYS)
    check = _parse_number(entry)
    if "digits" not in entry:
        if "mark" in entry:
            raise entry.wrong("mark", "left out, as only digits stand behind one")
        return check
    if "delimiter" not in table or not check.size:
        raise entry.wrong("digits", "left out, unless the frames have a delimiter and a check, as lines of text have")
    mark = entry.bytes("mark") if "mark" in entry else b""
    if len(mark) > LONGEST_MARK:
        raise entry.wrong("mark", f"at most {LONGEST_MARK} bytes in hexadecimal")
    return build_text_check(check, entry.choice("digits", DIGITS), mark)


def _parse_number(entry: TomlTable) -> Check:
    """Return the check as the number that it is, however it is sent."""
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
