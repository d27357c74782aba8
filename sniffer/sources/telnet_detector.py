"""Recognise a telnet port by the first bytes of a connection.

In: the bytes of one connection, however they are cut into reads. Out: True once, when they have begun with a telnet
negotiation. No byte is taken out of the stream.

A telnet server begins with some negotiations of three bytes: FF, a verb from FB to FE, and an option (RFC 854 and 855).
Two of them in a row at the very beginning are required. No frame of the bus begins so: a dbus frame begins with FF 6A.
Of connections that begin in the middle of a frame with random bytes, fewer than one in a thousand million begin so.
"""

from itertools import cycle

_NEGOTIATION = (range(0xFF, 0x100), range(0xFB, 0xFF), range(50))
"""The values of its three bytes: IAC; WILL, WON'T, DO or DON'T; an option that is assigned (IANA, Telnet Options)."""

_NEEDED = 2 * len(_NEGOTIATION)


class TelnetDetector:
    """The detector of one connection."""

    def __init__(self) -> None:
        self._expected = cycle(_NEGOTIATION)
        self._remaining = _NEEDED

    def feed(self, data: bytes) -> bool:
        """Return True if these bytes complete the negotiation with which the connection begins."""
        for byte in data[: self._remaining]:
            if byte not in next(self._expected):
                self._remaining = 0
                return False
            self._remaining -= 1
            if not self._remaining:
                return True
        return False
