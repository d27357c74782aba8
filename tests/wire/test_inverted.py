"""Given the beginning of a burst, whether an inverted frame begins so; the model says what one looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.wire.inverted import INVERTED_HEADS, begins_inverted
from sniffer.wire.link import PWRBOARD
from sniffer.wire.uart import SECOND, Line, Receiver


def test_the_heads_are_those_worked_out_by_hand() -> None:
    # AA: 1 | 1 0 1 0 1 0 1 0 | 0, then a high start bit: from the first fall 0 | 1 0 1 0 1 0 0 1, which is 95.
    # BB: 1 | 0 0 1 0 0 0 1 0 | 0: from the first fall 0 | 0 1 0 0 0 1 0 0, which is 22.
    assert {0x95, 0x22} == INVERTED_HEADS


@given(st.sampled_from([b"\xaa", b"\xbb"]), st.integers(0, 0xFFFF), st.integers(0, 255), st.binary(max_size=30))
def test_every_frame_begins_so(head: bytes, sequence: int, command: int, payload: bytes) -> None:
    line = Line()
    end = line.send(PWRBOARD.build(head, sequence, command, payload), 115200, at=SECOND)
    data, _ = Receiver(line.inverted(), 115200).read(end + SECOND)
    assert data[0] == 0
    assert begins_inverted(data)
    assert begins_inverted(data[1:])


@pytest.mark.parametrize("burst", [b"", b"\x00", b"\x00\x00\x00", b"\xaa\x95", b"\x94", b"\xbb\x22"])
def test_nothing_else_does(burst: bytes) -> None:
    assert not begins_inverted(burst)
