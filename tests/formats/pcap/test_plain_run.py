"""Runs of plain packets of a classic pcap: they give what the packets give one by one, whatever the capture holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.formats.pcap.plain_run import PcapRunParser
from sniffer.formats.pcap.reader import PcapReader
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND
from sniffer.formats.pcapng.packet import Packet, PacketShape
from sniffer.formats.pcapng.plain_run import PlainRun
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from tests.benchmarks.equipment.capture_shapes import SHAPES
from tests.formats.pcap.helpers import header, record, rtac
from tests.formats.pcapng.test_plain_run import RAW, RTAC, Order, decode, decode_one_by_one
from tests.known_frames import STATUS_REPORT

CAPTURE = b"".join(SHAPES["classic.pcap"](40))
USER = header(">", 147, nanoseconds=True) + b"".join(record(STATUS_REPORT.raw, at, 5, ">") for at in range(20))


def parse(capture: bytes, shape: PacketShape | None, taken: int | None = None) -> list[Packet | PlainRun]:
    """Return what the reader yields for packets of this shape. `taken` is how many of a run are; None for all."""
    found = list[Packet | PlainRun]()
    for one in PcapReader().feed(capture, PcapRunParser(lambda _: shape)):
        if isinstance(one, PlainRun):
            one.taken = len(one.pieces) if taken is None else taken
        found.append(one)
    return found


@given(
    st.sampled_from([CAPTURE, USER]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.sampled_from([30, 300, 1 << 16]),
)
def test_runs_of_a_damaged_capture_give_what_packets_give_one_by_one(
    capture: bytes, damage: list[tuple[float, int]], size: int
) -> None:
    damaged = bytearray(capture)
    for place, value in damage:
        damaged[int(place * len(damaged))] = value
    assert decode(bytes(damaged), size) == decode_one_by_one(bytes(damaged), size, PcapRunParser)


def test_nearly_all_packets_are_in_runs() -> None:
    first, *runs = parse(CAPTURE, RTAC)
    assert isinstance(first, PlainRun)
    assert (len(first.pieces), runs) == (40, [])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("nanoseconds", "tick"), [(False, 1000), (True, 1)])
def test_a_run_has_the_bytes_and_the_times_of_its_packets(order: Order, nanoseconds: bool, tick: int) -> None:
    capture = header(order, 147, nanoseconds=nanoseconds) + record(b"abc", 7, 9, order) + record(b"d", 8, 0, order)
    (run,) = parse(capture, RAW)
    assert isinstance(run, PlainRun)
    assert run.pieces == [(b"abc", 7 * SECOND + 9 * tick), (b"d", 8 * SECOND)]
    assert (bytes(run.streams), run.last_time, run.end) == (b"\0\0", 8 * SECOND, len(capture))


@pytest.mark.parametrize(
    ("event", "streams"),
    [
        (RtacEvent.SENT, bytes([OUTBOUND])),
        (RtacEvent.RECEIVED, bytes([INBOUND])),
        (RtacEvent.PARITY_ERROR, None),
    ],
)
def test_the_event_of_a_packet_says_its_direction_or_that_it_is_not_plain(
    event: RtacEvent, streams: bytes | None
) -> None:
    (found,) = parse(header() + record(rtac(event, b"a")), RTAC)
    assert (bytes(found.streams) if isinstance(found, PlainRun) else None) == streams


@pytest.mark.parametrize("other", [record(b"abc", size=9), record(b""), record(b"short")[:-1]])
def test_a_packet_that_lacks_bytes_is_in_no_run(other: bytes) -> None:
    run, *rest = parse(header(link_type=147) + record(b"a") + other, RAW)
    assert isinstance(run, PlainRun)
    assert run.pieces == [(b"a", SECOND)]
    assert not [one for one in rest if isinstance(one, PlainRun)]


def test_packets_of_a_run_that_were_not_taken_follow_one_by_one() -> None:
    capture = header(link_type=147) + b"".join(record(b"a", at) for at in range(5))
    found = parse(capture, RAW, taken=2)
    assert [one.time // SECOND if isinstance(one, Packet) and one.time else len(found) for one in found] == [4, 2, 3, 4]


def test_packets_whose_shape_is_not_known_are_in_no_run() -> None:
    assert [type(one) for one in parse(header() + record(b"a"), None)] == [Packet]
