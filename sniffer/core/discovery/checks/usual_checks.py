"""The CRCs that boards use most, by their names in the catalogue, and the byte orders that a check may have."""

from collections.abc import Sequence

from sniffer.core.wire.checks import ByteOrder

USUAL_CRCS = (
    "CRC-16/MODBUS", "CRC-16/XMODEM", "CRC-16/KERMIT", "CRC-16/IBM-3740", "CRC-16/IBM-SDLC", "CRC-32/ISO-HDLC",
)  # fmt: skip
"""The CRCs that are tried first, the most usual one first."""

COMMON_CRCS = (*USUAL_CRCS, "CRC-16/ARC", "CRC-8/SMBUS", "CRC-8/MAXIM-DOW")
"""The CRCs that are tried where there is no time for all of the catalogue."""

ORDERS: Sequence[ByteOrder] = ("big", "little")


def list_orders(size: int) -> Sequence[ByteOrder]:
    """Return the byte orders that a number of `size` bytes can have: one byte has one."""
    return ORDERS if size > 1 else ORDERS[:1]
