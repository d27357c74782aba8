"""The parser of the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none.

In: the table of one `[[link]]`. Out: its check. Raises `DefinitionError` for every error.
"""

from collections.abc import Mapping

from sniffer.base.suggest import format_suggestion
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.checks import (
    FLETCHER_SIZE,
    FLETCHERS,
    LARGEST,
    NO_CHECK,
    SUMS,
    XORS,
    ByteOrder,
    Check,
    CrcParameters,
    DigitCase,
    build_fletcher,
    build_sum,
    build_text_check,
    list_crcs,
    no_check,
)
from sniffer.core.wire.link_part_parser import LONGEST_PAYLOAD_OFFSET, ORDERS

CRC_KEYS = ("polynomial", "initial", "reflected", "final_xor")
TEXT_KEYS = ("digits", "mark", "covers")
CHECK_KEYS = ("name", "size", "order", "from", *CRC_KEYS, *TEXT_KEYS)
DIGITS: Mapping[str, DigitCase] = {"upper": "upper", "lower": "lower"}
COVERS = {"text": False, "digits": True}
"""What a check that is sent as text covers: the text, or the bytes for which its digits stand."""

LONGEST_MARK = 4
WIDTHS = (8, 16, 24, 32, 64)


def parse_check(table: TomlTable) -> Check:
    """Return the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none."""
    entry = table.table("check")
    entry.only(CHECK_KEYS)
    check = _parse_number(entry)
    if "digits" not in entry:
        for key, reason in (("mark", "only digits stand behind one"), ("covers", "only digits are sent as text")):
            if key in entry:
                raise entry.wrong(key, f"left out, as {reason}")
        return check
    if not check.size:
        raise entry.wrong("digits", "left out, as the frames have no check")
    mark = entry.bytes("mark") if "mark" in entry else b""
    if len(mark) > LONGEST_MARK:
        raise entry.wrong("mark", f"at most {LONGEST_MARK} bytes in hexadecimal")
    covers = entry.choice("covers", COVERS) if "covers" in entry else False
    return build_text_check(check, entry.choice("digits", DIGITS), mark, covers_digits=covers)


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
        return Check(name, crc.width // 8, start, order, None, crc)
    name = entry.text("name")
    if name == NO_CHECK:
        return no_check(start)
    if name in SUMS:
        size = entry.number("size", 1, least=1, most=1 if name in XORS else LARGEST)
        return Check(name, size, start, order, build_sum(name, size))
    if name in FLETCHERS:
        _refuse_other_size(entry, FLETCHER_SIZE)
        return Check(name, FLETCHER_SIZE, start, order, build_fletcher(name))
    return _build_named_crc(entry, name, start, order)


def _build_named_crc(entry: TomlTable, name: str, start: int, order: ByteOrder) -> Check:
    crcs = list_crcs()
    if name not in crcs:
        from sniffer.core.wire.crc import MODBUS

        near = format_suggestion(name, (*crcs, *FLETCHERS))
        known = ", ".join((*SUMS, *FLETCHERS, NO_CHECK))
        raise entry.wrong("name", f"{known}, or the name of a CRC as in {MODBUS}{near}")
    size = crcs[name].width // 8
    _refuse_other_size(entry, size)
    return Check(name, size, start, order)


def _refuse_other_size(entry: TomlTable, size: int) -> None:
    """Raise `DefinitionError` if the entry states another size than the check of its name has."""
    if "size" in entry and entry.number("size") != size:
        raise entry.wrong("size", f"{size}, as the check of this name has, or left out")
