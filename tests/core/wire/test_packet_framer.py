"""Packets of several streams, cut anywhere: which frames and noise they are, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.links import COM_TO_PWR, DBUS, PWR_TO_COM, PWRBOARD
from sniffer.core.wire.packet_framer import MOST_SLOTS, FramedPiece, PacketFramer

POLL = PWRBOARD.build(COM_TO_PWR.head, 1, 0x32, b"\1\2\3")
ANSWER = PWRBOARD.build(PWR_TO_COM.head, 1, 0x32, b"\4\5\6")
DBUS_FRAME = DBUS.build(b"\xff\x6a\xa6", 7, 0x1234, b"xyz")
SPLIT_NOISE = POLL[:6]


def fed(*packets: tuple[str, bytes, int | None]) -> list[FramedPiece | str]:
    framer = PacketFramer[str]()
    return [*(piece for packet in packets for piece in framer.feed(*packet)), *framer.flush()]


def test_two_directions_that_cut_each_other_both_give_their_frames() -> None:
    packets = [("tx", POLL[:4], 1), ("rx", ANSWER[:5], 2), ("tx", POLL[4:], 3), ("rx", ANSWER[5:], 4)]
    assert fed(*packets) == [FramedPiece(POLL, 1), FramedPiece(ANSWER, 2)]


def test_pieces_come_in_the_order_of_their_first_bytes() -> None:
    packets = [("rx", ANSWER[:5], 1), ("tx", POLL, 2), ("tx", DBUS_FRAME, 3), ("rx", ANSWER[5:] + POLL, 4)]
    assert fed(*packets) == [
        FramedPiece(ANSWER, 1),
        FramedPiece(POLL, 2),
        FramedPiece(DBUS_FRAME, 3),
        FramedPiece(POLL, 4),
    ]


def test_a_whole_frame_is_returned_at_once() -> None:
    framer = PacketFramer[str]()
    assert framer.feed("rx", POLL, 5) == [FramedPiece(POLL, 5)]
    assert framer.feed("rx", DBUS_FRAME, 6) == [FramedPiece(DBUS_FRAME, 6)]
    assert not framer.is_holding


def test_what_is_no_bytes_keeps_its_place() -> None:
    framer = PacketFramer[str]()
    assert framer.feed("rx", ANSWER + POLL[:3], 1) == [FramedPiece(ANSWER, 1)]
    assert framer.place("gap") == []
    assert framer.feed("rx", POLL[3:], 2) == [FramedPiece(POLL, 1), "gap"]
    assert framer.place("gap") == ["gap"]


def test_a_cut_ends_what_waits_in_its_streams_only() -> None:
    framer = PacketFramer[str]()
    assert [framer.feed("rx", POLL[:4], 1), framer.feed("tx", ANSWER[:4], 2)] == [[], []]
    assert framer.cut(["rx", "unknown"]) == [FramedPiece(POLL[:4], 1)]
    assert framer.feed("rx", POLL[4:], 3) == []
    assert framer.feed("tx", ANSWER[4:], 4) == [FramedPiece(ANSWER, 2)]
    assert framer.flush() == [FramedPiece(POLL[4:], 3)]


def test_a_stream_that_ended_is_forgotten() -> None:
    framer = PacketFramer[str]()
    assert [framer.feed("rx", POLL[:4], 1), framer.feed("tx", POLL, 2)] == [[], []]
    assert framer.end(["rx", "unknown"]) == [FramedPiece(POLL[:4], 1), FramedPiece(POLL, 2)]
    assert [framer.pass_frame(key, POLL, 3) for key in ("rx", "tx")] == [False, True]


def test_noise_ends_at_a_pause_but_a_frame_does_not() -> None:
    pause = 60 * MILLISECOND
    assert fed(("rx", b"\1\2", 0), ("rx", b"\3", MILLISECOND), ("rx", b"\4", pause + MILLISECOND * 4)) == [
        FramedPiece(b"\1\2\3", 0),
        FramedPiece(b"\4", pause + MILLISECOND * 4),
    ]
    assert fed(("rx", SPLIT_NOISE, 0), ("rx", bytes(4), SECOND)) == [
        FramedPiece(SPLIT_NOISE, 0),
        FramedPiece(bytes(4), SECOND),
    ]
    assert fed(("rx", POLL[:6], 0), ("rx", POLL[6:], SECOND)) == [FramedPiece(POLL, 0)]


def test_a_pause_is_counted_from_the_last_byte_of_the_packet_on_a_slow_line() -> None:
    noise = bytes(100)
    assert fed(("rx", noise, 0), ("rx", b"\1", 140 * MILLISECOND)) == [FramedPiece(noise + b"\1", 0)]
    assert fed(("rx", noise, 0), ("rx", b"\1", 170 * MILLISECOND)) == [
        FramedPiece(noise, 0),
        FramedPiece(b"\1", 170 * MILLISECOND),
    ]


def test_a_pause_is_50_ms_after_a_byte_at_9600_baud() -> None:
    pause = 1_041_666 + 50 * MILLISECOND
    assert fed(("rx", b"\1", 0), ("rx", b"\2", pause - 1)) == [FramedPiece(b"\1\2", 0)]
    assert fed(("rx", b"\1", 0), ("rx", b"\2", pause)) == [FramedPiece(b"\1", 0), FramedPiece(b"\2", pause)]


def test_noise_that_a_pause_followed_holds_nothing_back() -> None:
    framer = PacketFramer[str]()
    assert framer.feed("rx", b"\1", 0) == []
    assert framer.feed("tx", POLL, MILLISECOND) == []
    assert framer.feed("tx", POLL, SECOND) == [
        FramedPiece(b"\1", 0),
        FramedPiece(POLL, MILLISECOND),
        FramedPiece(POLL, SECOND),
    ]


def test_line_errors_stay_at_their_bytes() -> None:
    framer, error = PacketFramer[str](), LineError.PARITY
    assert framer.feed("rx", POLL[:4], 1, [LineErrorMark(3, error)]) == []
    pieces = framer.feed("rx", POLL[4:] + ANSWER, 2, [LineErrorMark(0, error), LineErrorMark(len(POLL), error)])
    assert pieces == [
        FramedPiece(POLL, 1, (LineErrorMark(3, error), LineErrorMark(4, error))),
        FramedPiece(ANSWER, 2, (LineErrorMark(4, error),)),
    ]


def test_an_empty_packet_and_packets_without_times_give_no_error() -> None:
    assert fed(("rx", b"", None), ("rx", POLL[:3], None), ("rx", POLL[3:], None)) == [FramedPiece(POLL, None)]


def test_beyond_a_bound_pieces_do_not_wait_for_an_earlier_byte() -> None:
    framer = PacketFramer[str]()
    false_head = b"\xff\x6a\xa6\0\0\xff\xff"
    assert framer.feed("rx", false_head, 0) == []
    due = [piece for time in range(1, MOST_SLOTS + 10) for piece in framer.feed("tx", POLL, time)]
    assert due[:2] == [FramedPiece(POLL, 1), FramedPiece(POLL, 2)]
    assert 0 < MOST_SLOTS + 9 - len(due) <= MOST_SLOTS
    assert framer.feed("rx", POLL, MOST_SLOTS + 10)[-1:] != [FramedPiece(POLL, MOST_SLOTS + 10)]
    rest = framer.flush()
    assert FramedPiece(false_head, 0) in rest
    assert [*due, *rest].count(FramedPiece(POLL, MOST_SLOTS + 10)) == 1


STREAM = st.lists(
    st.sampled_from([POLL, ANSWER, DBUS_FRAME, POLL[:5], b"\1\2", b"\xff\x6a\xa6"]) | st.binary(max_size=4), max_size=8
).map(b"".join)
PACKETS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 12), st.integers(0, 30)), max_size=60)


@given(STREAM, STREAM, PACKETS)
def test_however_streams_are_cut_and_mixed_each_gives_its_bytes_and_its_frames(
    one: bytes, two: bytes, cuts: list[tuple[str, int, int]]
) -> None:
    rest, packets, time = {"a": one, "b": two}, list[tuple[str, bytes, int]](), 0
    for key, size, later in [*cuts, ("a", len(one), 0), ("b", len(two), 0)]:
        time += later * MILLISECOND * 10
        packets.append((key, rest[key][:size], time))
        rest[key] = rest[key][size:]
    framer = PacketFramer[str]()
    pieces = [piece for packet in packets for piece in framer.feed(*packet)] + framer.flush()
    assert not framer.is_holding
    raws = [piece.raw for piece in pieces if isinstance(piece, FramedPiece)]
    times = [piece.time or 0 for piece in pieces if isinstance(piece, FramedPiece)]
    assert times == sorted(times)
    assert sum(map(len, raws)) == len(one) + len(two)
    expected = sorted(item.raw for stream in (one, two) for item in frames_of(stream))
    assert sorted(raw for raw in raws if Framer().parse_whole(raw, None) or raw == DBUS_FRAME) == expected


def frames_of(data: bytes) -> list[Frame]:
    framer = Framer()
    return [item for item in [*framer.feed(data), *framer.flush()] if isinstance(item, Frame)]


def test_a_whole_frame_passes_if_it_has_its_turn() -> None:
    framer = PacketFramer[str]()
    assert not framer.pass_frame("rx", POLL, 1)
    assert framer.feed("rx", POLL, 1) == [FramedPiece(POLL, 1)]
    assert [framer.pass_frame("rx", data, 2) for data in (POLL, DBUS_FRAME, POLL[:-1], b"")] == [
        True,
        True,
        False,
        False,
    ]
    assert framer.feed("rx", POLL[:3], 3) == []
    assert not framer.pass_frame("rx", ANSWER, 4)
    assert framer.feed("tx", ANSWER, 5) == []
    assert not framer.pass_frame("tx", ANSWER, 6)
    assert framer.flush() == [FramedPiece(POLL[:3], 3), FramedPiece(ANSWER, 5)]


def test_noise_that_follows_a_frame_that_passed_and_a_pause_is_a_piece_of_its_own() -> None:
    framer = PacketFramer[str]()
    assert framer.feed("rx", b"\1", 0) == []
    assert framer.feed("rx", POLL, SECOND) == [FramedPiece(b"\1", 0), FramedPiece(POLL, SECOND)]
    assert framer.pass_frame("rx", POLL, 2 * SECOND)
    assert framer.feed("rx", b"\2", 3 * SECOND) == []
    assert framer.flush() == [FramedPiece(b"\2", 3 * SECOND)]


def test_known_frames_of_several_streams_pass_together_if_nothing_waits() -> None:
    framer = PacketFramer[str]()
    ends = [("tx", 7, len(POLL)), ("rx", 8, len(ANSWER))]
    assert not framer.pass_frames(ends)
    framer.feed("tx", POLL, 1)
    framer.feed("rx", ANSWER, 2)
    assert framer.pass_frames(ends)
    framer.feed("rx", ANSWER[:4], 9)
    assert not framer.pass_frames(ends[:1])


def test_packets_of_several_streams_pass_up_to_the_first_that_is_no_whole_frame() -> None:
    framer = PacketFramer[str]()
    keys, streams = {4: "tx", 5: "rx"}, bytearray([4, 5, 4, 5])
    pieces = [(POLL, 3), (ANSWER, 4), (POLL[:4], 5), (ANSWER, 6)]
    assert framer.pass_pieces(keys, streams, pieces) == 0
    framer.feed("tx", POLL, 1)
    framer.feed("rx", ANSWER, 2)
    assert framer.pass_pieces(keys, streams, pieces) == 2
    framer.feed("tx", POLL[:4], 5)
    assert framer.pass_pieces(keys, streams[3:], pieces[3:]) == 0


def test_noise_ends_at_a_pause_after_pieces_that_passed() -> None:
    framer = PacketFramer[str]()
    framer.feed("tx", POLL, 1)
    assert framer.pass_pieces({0: "tx"}, bytearray(2), [(POLL, 2), (POLL, SECOND)]) == 2
    pieces = [*framer.feed("tx", b"\0", SECOND + MILLISECOND), *framer.feed("tx", b"\0", 2 * SECOND), *framer.flush()]
    assert pieces == [FramedPiece(b"\0", SECOND + MILLISECOND), FramedPiece(b"\0", 2 * SECOND)]


def test_noise_ends_at_a_pause_after_frames_that_passed_together() -> None:
    framer = PacketFramer[str]()
    framer.feed("tx", POLL, 1)
    framer.pass_frames([("tx", SECOND, len(POLL))])
    pieces = [*framer.feed("tx", b"\0", SECOND + MILLISECOND), *framer.feed("tx", b"\0", 2 * SECOND), *framer.flush()]
    assert pieces == [FramedPiece(b"\0", SECOND + MILLISECOND), FramedPiece(b"\0", 2 * SECOND)]
