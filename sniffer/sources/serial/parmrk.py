r"""The decoder for line errors that the Linux kernel marks within the bytes of a port (termios(3), PARMRK).

In: the bytes of each read, cut anywhere. Out: the bytes of the line, and a mark for each byte in which the receiver
found an error. `ff ff` is the byte ff. `ff 00 xx` is the byte xx with an error. `ff 00 00` is a break, which gives the
byte 00; a byte 00 with a framing error looks the same. The line has no parity bit (protocol.md, Framing), so any other
error is a framing error.
"""

from sniffer.core.wire.items import LineError, LineErrorMark

ESCAPE = 0xFF
NO_MARKS: tuple[LineErrorMark, ...] = ()


class ParmrkDecoder:
    """The decoder of one line. An incomplete mark at the end of a read waits for the next read."""

    def __init__(self) -> None:
        self._rest = b""

    def decode(self, data: bytes) -> tuple[bytes, tuple[LineErrorMark, ...]]:
        """Return the bytes of the line, and the marks of those with an error."""
        if not self._rest and ESCAPE not in data:
            return data, NO_MARKS
        data = self._rest + data
        self._rest = b""
        out, marks = bytearray(), list[LineErrorMark]()
        at = 0
        while (found := data.find(ESCAPE, at)) >= 0:
            out += data[at:found]
            mark = data[found : found + 3]
            if mark[1:2] and mark[1] != 0:
                # A driver that does not mark errors does not double this byte either.
                out.append(ESCAPE)
                at = found + (2 if mark[1] == ESCAPE else 1)
            elif len(mark) < 3:
                self._rest = mark
                return bytes(out), tuple(marks)
            else:
                marks.append(LineErrorMark(len(out), LineError.FRAMING if mark[2] else LineError.BREAK))
                out.append(mark[2])
                at = found + 3
        out += data[at:]
        return bytes(out), tuple(marks)

    def flush(self) -> bytes:
        """Return the bytes that waited for the rest of a mark: nothing follows, so they are bytes of the line."""
        rest, self._rest = self._rest, b""
        return rest
