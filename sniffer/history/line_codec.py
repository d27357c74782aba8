"""Pack the process and the text of a log line into bytes, and unpack them.

The bytes begin with the length of the process and a flag for a line that continues the one before.
"""

from struct import Struct

from sniffer.core.protocol.log_lines import LogLine

_SIZE = Struct(">I")
_NO_PROCESS = 0x7FFF_FFFF
_CONTINUES = 0x8000_0000


def pack_line(line: LogLine) -> bytes:
    """Return a log line's process and text as bytes, with the length of the process and `continues` first."""
    text = line.text.encode("utf-8", "surrogatepass")
    flag = _CONTINUES if line.continues else 0
    if line.process is None:
        return _SIZE.pack(_NO_PROCESS | flag) + text
    process = line.process.encode("utf-8", "surrogatepass")
    return _SIZE.pack(len(process) | flag) + process + text


def unpack_line(raw: bytes) -> tuple[str | None, str, bool]:
    """Return a log line's process, text and `continues`."""
    (head,) = _SIZE.unpack_from(raw)
    size, continues = head & ~_CONTINUES, bool(head & _CONTINUES)
    start = _SIZE.size
    if size == _NO_PROCESS:
        return None, raw[start:].decode("utf-8", "surrogatepass"), continues
    end = start + size
    return raw[start:end].decode("utf-8", "surrogatepass"), raw[end:].decode("utf-8", "surrogatepass"), continues
