"""CRC-16/MODBUS, the checksum of both links (protocol.md, Framing; `verified`).

In: bytes. Out: a number from 0 to 0xFFFF. `crcmod` computes it in C. Which bytes are covered and in which order the two
bytes of the checksum are sent is defined in `sniffer.core.wire.links`.
"""

from collections.abc import Callable

from crcmod.predefined import mkPredefinedCrcFun

crc16: Callable[[bytes], int] = mkPredefinedCrcFun("modbus")
