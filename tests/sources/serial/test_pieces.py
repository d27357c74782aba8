"""The pieces of a long read: no byte is lost, and each has its time and its line errors."""

import pytest

from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.sources.serial.pieces import PIECE_SIZE, split_read


def test_a_long_read_comes_in_pieces_dated_by_the_rate() -> None:
    data, byte_time = bytes(range(256)) * 10, 86_806
    marks = (
        LineErrorMark(3, LineError.FRAMING),
        LineErrorMark(PIECE_SIZE, LineError.BREAK),
        LineErrorMark(len(data) - 1, LineError.PARITY),
    )
    chunks = list(split_read(data, 10**12, marks, 115200))
    assert b"".join(chunk.data for chunk in chunks) == data
    assert max(len(chunk.data) for chunk in chunks) == PIECE_SIZE
    assert chunks[-1].time == 10**12
    assert chunks[0].time == pytest.approx(10**12 - (len(data) - PIECE_SIZE) * byte_time, abs=1e6)
    assert [chunk.marks for chunk in chunks] == [
        (LineErrorMark(3, LineError.FRAMING),),
        (LineErrorMark(0, LineError.BREAK),),
        (LineErrorMark(len(data) - 1 - 2 * PIECE_SIZE, LineError.PARITY),),
    ]


def test_where_no_rate_is_known_all_pieces_came_now() -> None:
    assert {chunk.time for chunk in split_read(bytes(5000), 7, (), None)} == {7}
