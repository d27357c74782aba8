"""The parser of the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none.

In: the table of one `[[link]]`. Out: its check. Raises `DefinitionError` for every error.
"""

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
from sniffer.core.wire.link_part_parser import LONGEST_PAYLOAD_OFFSET, ORDERS

CHECK_KEYS = ("name", "size", "order", "from", "polynomial", "initial", "reflected", "final_xor")
WIDTHS = (8, 16, 24, 32, 64)


def parse_check(table: TomlTable) -> Check:
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
