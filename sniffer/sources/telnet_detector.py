"""Recognise a telnet port by the first bytes of a connection.

In: the bytes of one connection, however they are cut into reads. Out: True once, when they have begun with a telnet
negotiation. No byte is taken out of the stream.

A telnet server begins with negotiations of three bytes: FF, a verb from FB to FE, and an option (RFC 854 and 855). Two
of any kind in a row are required at the very beginning, or one by which servers begin: an offer or a request (FB or FD)
of an option that terminals and serial ports use. No frame of the bus begins so: a dbus frame begins with FF 6A. Of
connections that begin in the middle of a frame with random bytes, one in 930,000 begins so.
"""

_COMMAND, _VERBS, _OPTIONS = 0xFF, range(0xFB, 0xFF), range(50)
"""IAC; WILL, WON'T, DO or DON'T; the options that are assigned (IANA, Telnet Options)."""

_OFFERS = (0xFB, 0xFD)
"""WILL and DO."""

_FIRST_OPTIONS = (0, 1, 3, 24, 31, 34, 37, 39, 44)
"""The options by which servers begin: binary, echo, suppress go ahead, terminal type, window size, linemode,
authentication, new environment, and the port control of RFC 2217."""

_SIZE = 3
_NEEDED = 2 * _SIZE


class TelnetDetector:
    """The detector of one connection."""

    def __init__(self) -> None:
        self._begin: bytes | None = b""
        """The bytes with which the connection begins; None once it is clear what it is."""

    def feed(self, data: bytes) -> bool:
        """Return True if these bytes complete the negotiation with which the connection begins."""
        if self._begin is None:
            return False
        begin = self._begin + data[: _NEEDED - len(self._begin)]
        first, second = begin[:_SIZE], begin[_SIZE:]
        may_be_telnet = _may_be_negotiation(first) and _may_be_negotiation(second)
        is_telnet = _is_first(first) or (may_be_telnet and len(begin) == _NEEDED)
        self._begin = begin if may_be_telnet and not is_telnet else None
        return is_telnet


def _may_be_negotiation(part: bytes) -> bool:
    """Return True if these bytes are a negotiation or begin one."""
    return all(byte in allowed for byte, allowed in zip(part, ((_COMMAND,), _VERBS, _OPTIONS), strict=False))


def _is_first(part: bytes) -> bool:
    """Return True if these bytes are a negotiation by which servers begin."""
    return len(part) == _SIZE and part[0] == _COMMAND and part[1] in _OFFERS and part[2] in _FIRST_OPTIONS
