"""CRC-16/MODBUS, the checksum of both links (protocol.md, Framing; `verified`).

Bytes in, a number from 0 to 0xFFFF out. `crcmod` does the work in C; which bytes are covered and in which order the
two bytes travel is the link's business (`sniffer.core.wire.links`).
"""

from collections.abc import Callable

from crcmod.predefined import mkPredefinedCrcFun

crc16: Callable[[bytes], int] = mkPredefinedCrcFun("modbus")
