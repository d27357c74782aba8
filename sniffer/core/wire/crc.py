"""CRC-16/MODBUS, the check of the links that are framed most (protocol.md, Framing; `verified`).

In: bytes. Out: a number from 0 to 0xFFFF. Compiled code computes it: that of `fastcrc` if it is installed (the extra
`speed`), and otherwise that of `crcmod`, which takes about three times as long. Which bytes are covered and in which
order the two bytes of the check are sent is defined by each link.
"""

from collections.abc import Callable

MODBUS = "CRC-16/MODBUS"
"""Its name in the catalogue."""


def load_crc16() -> Callable[[bytes], int]:
    """Return the fastest function for the CRC that is installed."""
    try:
        from fastcrc.crc16 import modbus
    except ImportError:
        from crcmod.predefined import mkPredefinedCrcFun

        return mkPredefinedCrcFun("modbus")
    return modbus


crc16 = load_crc16()
"""Return the CRC of these bytes."""
