"""Pack the process and the text of a log line into bytes, and unpack them.

The bytes begin with the length of the process, a flag for a line that continues the one before, and one for a line that
was mended: how stands after the process.
"""

from struct import Struct

import msgspec

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.mended import Mended

_SIZE = Struct(">I")
_NO_PROCESS = 0x3FFF_FFFF
_CONTINUES = 0x8000_0000
_IS_MENDED = 0x4000_0000
_MENDED = msgspec.msgpack.Decoder(Mended)


def pack_line(line: LogLine) -> bytes:
    """Return a log line's process, text and `mended` as bytes, with the length of the process and `continues` first."""
    text = line.text.encode("utf-8", "surrogatepass")
    flag = _CONTINUES if line.continues else 0
    process = (line.process or "").encode("utf-8", "surrogatepass")
    size = _NO_PROCESS if line.process is None else len(process)
    if line.mended is None:
        return _SIZE.pack(size | flag) + process + text
    mended = msgspec.msgpack.encode(line.mended)
    return _SIZE.pack(size | flag | _IS_MENDED) + process + _SIZE.pack(len(mended)) + mended + text


def unpack_line(raw: bytes) -> LogLine:
    """Return a log line with its process, text, `continues` and `mended`; it has neither time nor number."""
    (head,) = _SIZE.unpack_from(raw)
    size, continues = head & ~(_CONTINUES | _IS_MENDED), bool(head & _CONTINUES)
    start = _SIZE.size
    end = start if size == _NO_PROCESS else start + size
    process = None if size == _NO_PROCESS else raw[start:end].decode("utf-8", "surrogatepass")
    mended = None
    if head & _IS_MENDED:
        start = end + _SIZE.size
        end = start + _SIZE.unpack_from(raw, end)[0]
        mended = _MENDED.decode(raw[start:end])
    return LogLine(None, process, raw[end:].decode("utf-8", "surrogatepass"), continues=continues, mended=mended)
