"""The marks of the kernel among the bytes of a line: any bytes with any errors, cut anywhere, are decoded again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.sources.serial.parmrk import ParmrkDecoder

BREAK, FRAMING = LineError.BREAK, LineError.FRAMING

RECEIVED = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 255), st.none()),
        st.just((0xFF, None)),
        st.just((0, None)),
        st.just((0, BREAK)),
        st.tuples(st.integers(1, 255), st.just(FRAMING)),
    )
)
"""Bytes of a line, most of them good, each with its line error or None."""


def as_the_kernel_writes(byte: int, error: LineError | None) -> bytes:
    """Return one byte as the kernel delivers it with marked errors (termios(3), PARMRK)."""
    if error:
        return bytes((0xFF, 0, byte))
    return b"\xff\xff" if byte == 0xFF else bytes((byte,))


def read_all(reader: ParmrkDecoder, pieces: list[bytes]) -> tuple[bytes, list[LineErrorMark]]:
    """Return the bytes and marks of these reads; the marks count from the first byte of all."""
    line, marks = b"", []
    for piece in pieces:
        data, found = reader.decode(piece)
        assert all(mark.at < len(data) for mark in found)
        marks += [LineErrorMark(len(line) + mark.at, mark.error) for mark in found]
        line += data
    return line, marks


@given(RECEIVED, st.data())
def test_every_byte_and_every_mark_is_decoded_however_they_are_cut(received, data):
    written = b"".join(as_the_kernel_writes(*one) for one in received)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(written)))))
    pieces = [written[start:end] for start, end in zip([0, *cuts], [*cuts, len(written)], strict=True)]
    reader = ParmrkDecoder()
    line, marks = read_all(reader, pieces)
    assert line == bytes(byte for byte, _ in received)
    assert marks == [LineErrorMark(at, error) for at, (_, error) in enumerate(received) if error]
    assert reader.flush() == b""


@pytest.mark.parametrize(
    ("read", "line", "marks"),
    [
        (b"\xff\x00\x00", b"\x00", (LineErrorMark(0, BREAK),)),
        (b"a\xff\x00\x41b", b"aAb", (LineErrorMark(1, FRAMING),)),
        (b"\xff\x00\xff\xff\xff", b"\xff\xff", (LineErrorMark(0, FRAMING),)),
    ],
)
def test_a_break_is_a_00_and_any_other_error_one_of_framing(read, line, marks):
    assert ParmrkDecoder().decode(read) == (line, marks)


@pytest.mark.parametrize("rest", [b"\xff", b"\xff\x00"])
def test_what_is_cut_off_in_a_mark_when_the_port_is_lost_is_not_lost(rest):
    reader = ParmrkDecoder()
    assert reader.decode(b"\x55" + rest) == (b"\x55", ())
    assert reader.flush() == rest
    assert reader.flush() == b""


def test_a_read_without_marks_is_handed_on_as_it_is():
    data = bytes(range(255))
    assert ParmrkDecoder().decode(data)[0] is data
