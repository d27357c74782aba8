r"""What the kernel writes among the bytes of a line where it is told to mark errors (termios(3), PARMRK).

In: what was read, cut anywhere. Out: the bytes that were on the line, and marks for those that the receiver found an
error in. `ff ff` is the byte ff; `ff 00` and a byte is that byte with an error; `ff 00 00` is a break, which is read as
the byte 00 here as it is everywhere else. A byte 00 with a framing error looks the same as a break. Without parity, as
this line is (protocol.md, Framing), any other error is one of framing.
"""

from sniffer.core.wire.frame import LineError, LineErrorMark

ESCAPE = 0xFF
NO_MARKS: tuple[LineErrorMark, ...] = ()


class ParmrkDecoder:
    """Reads one line. What is cut off in a mark waits for the next read."""

    def __init__(self) -> None:
        self._rest = b""

    def decode(self, data: bytes) -> tuple[bytes, tuple[LineErrorMark, ...]]:
        """The bytes that were on the line, and their marks."""
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
                # A line that is not asked to mark anything, as some drivers are not, does not double the byte either.
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
        """What waited is no mark, as nothing follows."""
        rest, self._rest = self._rest, b""
        return rest
