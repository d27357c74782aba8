"""The parser of the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none.

In: the table of one `[[link]]`. Out: its check. Raises `DefinitionError` for every error.
"""

from collections.abc import Iterable, Mapping

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
    SumConstants,
    build_check_of_text,
    build_text_check,
    list_crcs,
    no_check,
)
from sniffer.core.wire.link_part_parser import DIGITS, LONGEST_PAYLOAD_OFFSET, ORDERS

CRC_KEYS = ("polynomial", "initial", "reflected", "final_xor")
SUM_KEYS = ("initial", "final_xor")
"""Keys that a sum and an exclusive or may have as well."""

BEHIND_KEY = "behind"
"""Says that the check stands after the end of the delimiter."""

END_BYTES_KEY = "end_bytes"
"""The number of the last bytes of that end which the check covers."""

TEXT_KEYS = ("digits", "mark", "covers")
CHECK_KEYS = ("name", "size", "order", "from", BEHIND_KEY, END_BYTES_KEY, *CRC_KEYS, *TEXT_KEYS)
COVERS = {"text": False, "digits": True}
"""The cover of a check of text: the text, or the bytes for which its digits stand."""

ALIASES: Mapping[str, str] = {
    "CRC-8/EBU": "CRC-8/TECH-3250",
    "CRC-8/MAXIM": "CRC-8/MAXIM-DOW",
    "CRC-16/AUG-CCITT": "CRC-16/SPI-FUJITSU",
    "CRC-16/AUTOSAR": "CRC-16/IBM-3740",
    "CRC-16/BUYPASS": "CRC-16/UMTS",
    "CRC-16/CCITT-FALSE": "CRC-16/IBM-3740",
    "CRC-16/CCITT-TRUE": "CRC-16/KERMIT",
    "CRC-16/LHA": "CRC-16/ARC",
    "CRC-16/X-25": "CRC-16/IBM-SDLC",
    "CRC-32/CASTAGNOLI": "CRC-32/ISCSI",
    "CRC-32/ADCCP": "CRC-32/ISO-HDLC",
}
"""Other names of CRCs that are in use, and those of the catalogue for them. Each means one CRC only."""

OFTEN_CCITT = "CRC-16/XMODEM, CRC-16/IBM-3740, CRC-16/SPI-FUJITSU, CRC-16/KERMIT or CRC-16/IBM-SDLC"
"""The CRCs that a description may mean by CCITT: the polynomial is the same, and the first value is not."""

OFTEN_PLAIN = "CRC-16/MODBUS, CRC-16/XMODEM or CRC-16/ARC"
"""Those that it may mean if it says no more than CRC-16."""

LONGEST_MARK = 4
WIDTHS = (8, 16, 24, 32, 64)


def parse_check(table: TomlTable, digits: DigitCase | None = None) -> Check:
    """Return the check of a link: a CRC by its name or its parameters, a sum, an exclusive or, or none.

    `digits` says with which letters the whole frame is sent as digits; None if it is not.
    """
    entry = table.table("check")
    entry.only(CHECK_KEYS)
    check = _parse_number(entry)
    if digits:
        for key in ("digits", "mark"):
            if key in entry:
                raise entry.wrong(key, "left out, as the delimiter has digits")
        covers_digits = "covers" not in entry or entry.choice("covers", COVERS)
        return check if covers_digits else build_check_of_text(check, digits)
    if "digits" not in entry:
        for key, reason in (("mark", "only digits stand after one"), ("covers", "only digits are sent as text")):
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
    _refuse_parameters(entry, name)
    if name == NO_CHECK:
        return no_check(start)
    if name in SUMS:
        size = entry.number("size", 1, least=1, most=1 if name in XORS else LARGEST)
        initial, final_xor = (entry.number(key, 0, most=256**size - 1) for key in SUM_KEYS)
        return Check(name, size, start, order, constants=SumConstants(initial, final_xor))
    if name in FLETCHERS:
        _refuse_other_size(entry, FLETCHER_SIZE)
        return Check(name, FLETCHER_SIZE, start, order)
    return _build_named_crc(entry, name, start, order)


def _refuse_parameters(entry: TomlTable, name: str) -> None:
    """Raise an error if a check with a name has parameters of a CRC, which its name has already."""
    for key in CRC_KEYS:
        if key in entry and not (key in SUM_KEYS and name in SUMS):
            raise entry.wrong(key, "left out beside a name, or given with the polynomial of a CRC that has no name")


def _build_named_crc(entry: TomlTable, name: str, start: int, order: ByteOrder) -> Check:
    """Return the check of a CRC with this name in the public catalogue, or another usual name."""
    crcs = list_crcs()
    name = ALIASES.get(name, name)
    if name not in crcs:
        from sniffer.core.wire.crc import MODBUS

        known = ", ".join((*SUMS, *FLETCHERS, NO_CHECK))
        raise entry.wrong("name", f"{known}, or the name of a CRC as in {MODBUS}{_suggest(name, crcs)}")
    size = crcs[name].width // 8
    _refuse_other_size(entry, size)
    return Check(name, size, start, order)


def _suggest(name: str, crcs: Iterable[str]) -> str:
    """Return which checks may be meant by an unknown name, as the end of a message; empty if none is like it."""
    plain = "".join(filter(str.isalnum, name)).casefold()
    if "ccitt" in plain:
        return f": did you mean {OFTEN_CCITT}?"
    if plain in ("crc", "crc16"):
        return f": did you mean {OFTEN_PLAIN}?"
    if "sum" in plain:
        return ": did you mean sum, sum inverted or sum negated?"
    return format_suggestion(name, (*crcs, *FLETCHERS))


def _refuse_other_size(entry: TomlTable, size: int) -> None:
    """Raise `DefinitionError` if the entry states another size than the check of its name has."""
    if "size" in entry and entry.number("size") != size:
        raise entry.wrong("size", f"{size}, as the check of this name has, or left out")
