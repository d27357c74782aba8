"""Pack the extra facts that few records have: how a text log printed their bytes, or how a tap received them.

The first byte says which of the two follows. A record of a log is not received by a tap, so there is never more than
one.
"""

from functools import lru_cache
from struct import Struct

import msgspec

from sniffer.core.protocol.log_lines import Print
from sniffer.core.record import Record
from sniffer.core.wire.items import LineError, LineErrorMark, Order, Reception
from sniffer.core.wire.links import ROUTES
from sniffer.core.wire.mended import Mended

_HAS_PROCESS = 0x80
_IS_RECEPTION = 0x40
_CONTINUES = 0x20
_IS_MENDED = 0x10
_HEAD = Struct(">BHB")
_MARK = Struct(">IB")
_SIZE = Struct(">I")
_MENDED = msgspec.msgpack.Decoder(Mended)
_ERRORS = tuple(LineError)
_ORDERS = (None, *Order)


def pack_extra(record: Record) -> bytes:
    """Return the extra bytes of a record; the result is empty if there is nothing to store."""
    if record.printed:
        return _pack_print(record.printed)
    return _pack_reception(record.reception) if record.reception else b""


def unpack_print(data: bytes) -> Print | None:
    """Return how a text log printed the record, or None if the extra bytes do not say."""
    if not data or data[0] & _IS_RECEPTION:
        return None
    start, mended = 1, None
    if data[0] & _IS_MENDED:
        start = 1 + _SIZE.size + _SIZE.unpack_from(data, 1)[0]
        mended = _MENDED.decode(data[1 + _SIZE.size : start])
    process = data[start:].decode("utf-8", "surrogatepass") if data[0] & _HAS_PROCESS else None
    route = ROUTES[data[0] & ~(_HAS_PROCESS | _CONTINUES | _IS_MENDED)]
    return Print(process, route, bool(data[0] & _CONTINUES), mended)


def _pack_print(printed: Print) -> bytes:
    """Return how a text log printed a record as bytes: flags and route, how it was mended, then the process."""
    way = ROUTES.index(printed.route) | (_CONTINUES if printed.continues else 0)
    way |= 0 if printed.process is None else _HAS_PROCESS
    process = (printed.process or "").encode("utf-8", "surrogatepass")
    if printed.mended is None:
        return bytes([way]) + process
    mended = msgspec.msgpack.encode(printed.mended)
    return bytes([way | _IS_MENDED]) + _SIZE.pack(len(mended)) + mended + process


@lru_cache(256)
def unpack_reception(data: bytes) -> Reception | None:
    """Return how a tap received the record, or None if the extra bytes do not say."""
    if not data or not data[0] & _IS_RECEPTION:
        return None
    _, tap, order = _HEAD.unpack_from(data)
    marks = tuple(LineErrorMark(at, _ERRORS[error]) for at, error in _MARK.iter_unpack(data[_HEAD.size :]))
    return Reception(tap, marks, _ORDERS[order])


@lru_cache(256)
def _pack_reception(reception: Reception) -> bytes:
    """Return how a tap received a record as bytes.

    These are the kind of extra facts, the tap, the order, then each line error.
    """
    head = _HEAD.pack(_IS_RECEPTION, reception.tap, _ORDERS.index(reception.order))
    return head + b"".join(_MARK.pack(mark.at, _ERRORS.index(mark.error)) for mark in reception.marks)
