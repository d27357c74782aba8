"""The pieces of a long read, so that other tasks get a turn between them.

In: the bytes of one read, its time, and the line errors in it. Out: chunks, each with its own time and errors.
"""

from sniffer.base.times import SECOND
from sniffer.core.wire.framer import BITS_PER_BYTE
from sniffer.core.wire.items import Chunk, LineErrorMark

PIECE_SIZE = 1024
"""Bytes of one chunk at most. 115200 baud brings them in 90 ms, and the core processes them in one or two."""


def split_read(data: bytes, now: int, marks: tuple[LineErrorMark, ...], baud: int | None) -> list[Chunk]:
    """Return the bytes of one read as chunks of at most `PIECE_SIZE`, so that other tasks get a turn between them.

    The last byte arrived at `now`, in nanoseconds. Earlier chunks are dated back by the rate, as the framer dates the
    bytes within a chunk.
    """
    if len(data) <= PIECE_SIZE:
        return [Chunk(data, now, marks)]
    byte_time = BITS_PER_BYTE * SECOND / baud if baud else 0
    chunks: list[Chunk] = []
    for start in range(0, len(data), PIECE_SIZE):
        end = min(start + PIECE_SIZE, len(data))
        own = tuple(LineErrorMark(mark.at - start, mark.error) for mark in marks if start <= mark.at < end)
        chunks.append(Chunk(data[start:end], now - round((len(data) - end) * byte_time), own))
    return chunks
