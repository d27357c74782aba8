"""The bytes that a receiver reads from a line: at the line's rate, at another, with parity, and with inverted levels.

The expected bytes are worked out by hand, level by level. The first tests are about how an inverted frame begins.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.line.baud_finder import CANDIDATES
from sniffer.core.line.uart_model import (
    INVERTED_HEADS,
    TICKS_PER_SECOND,
    Parity,
    Receiver,
    Waveform,
    begins_inverted,
    parity_bit,
    simulate_reception,
)
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.links import PWRBOARD


def test_the_heads_are_those_worked_out_by_hand() -> None:
    # AA: 1 | 1 0 1 0 1 0 1 0 | 0, then a high start bit. From the falling edge: 0 | 1 0 1 0 1 0 0 1, which is 95.
    # BB: 1 | 0 0 1 0 0 0 1 0 | 0. From the falling edge: 0 | 0 1 0 0 0 1 0 0, which is 22.
    assert {0x95, 0x22} == INVERTED_HEADS


@given(st.sampled_from([b"\xaa", b"\xbb"]), st.integers(0, 0xFFFF), st.integers(0, 255), st.binary(max_size=30))
def test_every_inverted_frame_begins_like_its_head(head: bytes, sequence: int, command: int, payload: bytes) -> None:
    line = Waveform()
    end = line.send(PWRBOARD.build(head, sequence, command, payload), 115200, at=TICKS_PER_SECOND)
    data, _ = Receiver(line.inverted_edges(), 115200).read(end + TICKS_PER_SECOND)
    assert data[0] == 0
    assert begins_inverted(data)
    assert begins_inverted(data[1:])


@pytest.mark.parametrize("burst", [b"", b"\x00", b"\x00\x00\x00", b"\xaa\x95", b"\x94", b"\xbb\x22"])
def test_other_bursts_do_not_begin_inverted(burst: bytes) -> None:
    assert not begins_inverted(burst)


Read = list[tuple[int, LineError | None]]

FRAMING, BREAK, PARITY = LineError.FRAMING, LineError.BREAK, LineError.PARITY
RATE = 9600


def read(data: bytes, *, sent: int, at: int, sent_parity: Parity = "N", read_parity: Parity = "N") -> Read:
    line = Waveform()
    end = line.send(data, sent, parity=sent_parity)
    return [
        (one.value, one.error) for one in Receiver(line.edges, at, read_parity).read_characters(end + TICKS_PER_SECOND)
    ]


@pytest.mark.parametrize("baud", CANDIDATES)
def test_half_a_bit_of_every_candidate_is_a_whole_number(baud: int) -> None:
    assert TICKS_PER_SECOND % (2 * baud) == 0


@given(st.binary(max_size=40), st.sampled_from(CANDIDATES), st.sampled_from(["N", "E", "O"]), st.integers(0, 7))
def test_at_the_line_s_own_rate_everything_is_read_as_it_was_sent(
    data: bytes, baud: int, parity: Parity, gap: int
) -> None:
    line = Waveform()
    end = line.send(data, baud, parity=parity, gap=gap)
    assert Receiver(line.edges, baud, parity).read(end) == (data, ())


@given(st.binary(max_size=40), st.sampled_from([970, 985, 1015, 1030]))
def test_clocks_may_differ_by_three_in_a_hundred(data: bytes, thousandths: int) -> None:
    assert [value for value, _ in read(data, sent=115200, at=115200 * thousandths // 1000)] == list(data)


@given(st.binary(max_size=20), st.sampled_from(CANDIDATES), st.sampled_from(CANDIDATES), st.lists(st.integers(0, 400)))
def test_the_cuts_between_reads_change_nothing(data: bytes, sent: int, at: int, cuts: list[int]) -> None:
    line = Waveform()
    end = line.send(data, sent) + TICKS_PER_SECOND
    whole = Receiver(line.edges, at).read_characters(end)
    receiver = Receiver(line.edges, at)
    cut = [
        one
        for until in (*sorted(cuts), None)
        for one in receiver.read_characters(end if until is None else until * 10**8)
    ]
    assert cut == whole


# Golden cases


def test_55_read_at_double_rate() -> None:
    # Bits 0 1 0 1 0 1 0 1 0 1, each twice: from the first edge 0 | 0110 0110 | 0: 66, and the stop bit is low. From
    # the next edge on 0 | 0110 0111 | 1: E6.
    assert read(b"\x55", sent=RATE, at=2 * RATE) == [(0x66, FRAMING), (0xE6, None)]


def test_00_read_at_double_rate() -> None:
    # Nine low bits are eighteen: one break, and no falling edge after it.
    assert read(b"\x00", sent=RATE, at=2 * RATE) == [(0x00, BREAK)]


def test_ff_read_at_eightfold_rate() -> None:
    # Only the start bit is low, eight bits long: the start bit and seven zeros, then ones.
    assert read(b"\xff", sent=RATE, at=8 * RATE) == [(0x80, None)]


def test_55_read_at_half_rate() -> None:
    # The middle of the start bit is the edge to the bit after it, which is high: no start bit, five times.
    assert read(b"\x55", sent=2 * RATE, at=RATE) == []


def test_33_read_at_half_rate() -> None:
    # Bits 0 | 1 1 0 0 1 1 0 0 | 1. The edge at bit 0 is no start bit. From the edge at bit 3, low for two bits, the
    # samples fall on the edges at bits 4, 6, 8, 10 ...: low, high, low, then always high: 1 0 1 1 1 1 1 1.
    assert read(b"\x33", sent=2 * RATE, at=RATE) == [(0xFD, None)]


def test_low_for_long_is_one_break() -> None:
    line = Waveform()
    line.hold_low(TICKS_PER_SECOND, 2 * TICKS_PER_SECOND)
    line.send(b"\x41", RATE, at=3 * TICKS_PER_SECOND)
    assert Receiver(line.edges, RATE).read(4 * TICKS_PER_SECOND) == (b"\x00\x41", (LineErrorMark(0, BREAK),))


def test_a_glitch_is_no_start_bit() -> None:
    line = Waveform()
    line.hold_low(0, TICKS_PER_SECOND // RATE // 3)
    line.send(b"\x41", RATE, at=TICKS_PER_SECOND)
    assert Receiver(line.edges, RATE).read(2 * TICKS_PER_SECOND) == (b"\x41", ())


# Parity


@pytest.mark.parametrize(("value", "even", "odd"), [(0x00, 0, 1), (0x01, 1, 0), (0x03, 0, 1), (0xFF, 0, 1)])
def test_the_parity_bit_makes_the_count_of_ones_even_or_odd(value: int, even: int, odd: int) -> None:
    assert (parity_bit(value, "E"), parity_bit(value, "O")) == (even, odd)


@given(st.binary(max_size=30), st.sampled_from(["E", "O"]))
def test_without_parity_the_bytes_are_right_and_marked_where_the_parity_bit_is_0(data: bytes, parity: Parity) -> None:
    assert parity != "N"
    characters = read(data, sent=RATE, at=RATE, sent_parity=parity)
    assert bytes(value for value, _ in characters) == data
    assert [error is not None for _, error in characters] == [not parity_bit(value, parity) for value in data]


def test_the_other_parity_is_an_error_in_every_byte() -> None:
    characters = read(b"\x00\x01\x7f", sent=RATE, at=RATE, sent_parity="O", read_parity="E")
    assert characters == [(0x00, PARITY), (0x01, PARITY), (0x7F, PARITY)]


# Another rate, and inverted levels


def test_a_rate_that_changes_between_reads_loses_the_character_on_the_line() -> None:
    line = Waveform()
    line.send(b"\xff\xff\xff", RATE)
    receiver = Receiver(line.edges, 2 * RATE)
    middle_of_second = 15 * TICKS_PER_SECOND // RATE
    assert receiver.read(middle_of_second) == (b"\xfe\xfe", ())
    receiver.tune(RATE, middle_of_second)
    assert receiver.read(TICKS_PER_SECOND) == (b"\xff", ())


def test_an_inverted_line_is_read_as_a_break_and_inverted_bits() -> None:
    line = Waveform()
    end = line.send(b"\xbb\x00", RATE, at=TICKS_PER_SECOND)
    # BB is 0 | 1 1 0 1 1 1 0 1 | 1; inverted 1 | 0 0 1 0 0 0 1 0 | 0. From the falling edge: 0 | 0 1 0 0 0 1 0 0 |
    # and the start bit of 00, which is high, as stop bit. The low stop bit of 00 is the last falling edge.
    assert Receiver(line.inverted_edges(), RATE).read(end + TICKS_PER_SECOND) == (
        b"\x00\x22\x00",
        (LineErrorMark(0, BREAK), LineErrorMark(2, BREAK)),
    )


def test_each_frame_is_received_by_itself() -> None:
    frames = simulate_reception([b"\x01\x02", b"", b"\x03"], sent_at=RATE, read_at=RATE)
    assert [[one.value for one in frame] for frame in frames] == [[1, 2], [], [3]]
