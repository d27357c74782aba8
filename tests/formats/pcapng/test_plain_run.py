"""Runs of plain packets: they give what the packets give one by one, whatever the capture holds."""

from struct import pack
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.errors import SourceError
from sniffer.base.times import LATEST
from sniffer.core.wire.items import Segments
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcap.plain_run import PcapRunParser
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND
from sniffer.formats.pcapng.packet import Packet, PacketShape
from sniffer.formats.pcapng.plain_run import MOST_INTERFACES, PlainRun, PlainRunParser
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.rtac_serial import RtacEvent, pack_header
from tests.benchmarks.equipment.capture_shapes import SHAPES
from tests.formats.pcapng.test_reader import block, interface, option, packet, section

Order = Literal["<", ">"]

FRAMES = 40
CAPTURES = {name: b"".join(pieces(FRAMES)) for name, pieces in SHAPES.items() if name.endswith(".pcapng")}
MIXED = CAPTURES["two-taps.pcapng"] + CAPTURES["foreign.pcapng"] + CAPTURES["own.pcapng"]

RAW = PacketShape(False, False, 0)
RTAC = PacketShape(False, True, 12)
OURS = PacketShape(True, True, 12)
UNTIMED = PacketShape(True, True, 12, False)
BEGIN = 28
"""The size of the section header, without options."""


def describe(order: Order, resolution: int = 9) -> bytes:
    return section(order) + interface(order, option(order, 9, bytes([resolution])))


def flags(order: Order, value: int) -> bytes:
    return option(order, 2, pack(f"{order}I", value)) + option(order, 0, b"")


def rtac(raw: bytes, event: RtacEvent = RtacEvent.RECEIVED) -> bytes:
    return pack_header(event, 0) + raw


def parse(capture: bytes, shape: PacketShape | None) -> list[Packet | PlainRun]:
    """Return what the reader yields for packets of this shape. Runs are taken whole."""
    found = list[Packet | PlainRun]()
    for one in CaptureReader().feed(capture, PlainRunParser(lambda _: shape)):
        if isinstance(one, PlainRun):
            one.taken = len(one.pieces)
        found.append(one)
    return found


def run_of(capture: bytes, shape: PacketShape) -> PlainRun:
    """Return the run that a capture is."""
    (run,) = parse(capture, shape)
    assert isinstance(run, PlainRun)
    return run


def decode(capture: bytes, size: int) -> tuple[object, ...]:
    """Return the items of a capture with each piece by itself, how it ended, and what the decoder keeps."""
    decoder, items, ending = CaptureDecoder(), list[object](), ""
    try:
        for at in range(0, len(capture), size):
            items += decoder.feed(capture[at : at + size])
        items += decoder.flush()
        decoder.check_end()
    except SourceError as error:
        ending = str(error)
    single = list[object]()
    for item in items:
        if isinstance(item, Segments) and not item.marks:
            taps = item.taps or bytes([item.tap]) * len(item.pieces)
            single += zip(item.pieces, taps, strict=True)
        else:
            single.append(item)
    return single, ending, decoder.packets, decoder.last_time, decoder.speed


def decode_one_by_one(
    capture: bytes, size: int, parser: type[PlainRunParser | PcapRunParser] = PlainRunParser
) -> tuple[object, ...]:
    """Return the same while no packet stands in a run of this parser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "parse", lambda *_: None)
        return decode(capture, size)


@pytest.mark.parametrize("name", [*CAPTURES, "mixed"])
@pytest.mark.parametrize("size", [100, 1 << 16])
def test_runs_give_what_packets_give_one_by_one(name: str, size: int) -> None:
    capture = CAPTURES.get(name, MIXED)
    assert decode(capture, size) == decode_one_by_one(capture, size)


@given(
    st.sampled_from([*CAPTURES.values(), MIXED]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.sampled_from([64, 300, 1 << 16]),
)
def test_runs_of_a_damaged_capture_give_what_packets_give_one_by_one(
    capture: bytes, damage: list[tuple[float, int]], size: int
) -> None:
    damaged = bytearray(capture)
    for place, value in damage:
        damaged[int(place * len(damaged))] = value
    assert decode(bytes(damaged), size) == decode_one_by_one(bytes(damaged), size)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_run_has_the_bytes_the_times_and_the_streams_of_its_packets(order: Order) -> None:
    sent, received = (packet(order, time, b"abc", flags(order, way)) for time, way in ((7, OUTBOUND), (9, INBOUND)))
    run = run_of(describe(order) + sent + received + packet(order, 11, b"d"), RAW)
    assert (run.pieces, bytes(run.streams), run.last_time) == ([(b"abc", 7), (b"abc", 9), (b"d", 11)], b"\2\1\0", 11)


@pytest.mark.parametrize(("resolution", "time"), [(6, 7000), (9, 7), (3, 7_000_000)])
def test_times_are_nanoseconds_whatever_the_resolution(resolution: int, time: int) -> None:
    assert run_of(describe("<", resolution) + packet("<", 7, b"a"), RAW).pieces == [(b"a", time)]


def test_a_time_that_only_damage_explains_is_none() -> None:
    run = run_of(describe("<") + packet("<", 5, b"a") + packet("<", LATEST, b"b"), RAW)
    assert (run.pieces, run.last_time) == ([(b"a", 5), (b"b", None)], 5)


def test_packets_whose_times_mean_nothing_have_none() -> None:
    run = run_of(describe("<") + packet("<", 5, rtac(b"a")), UNTIMED)
    assert (run.pieces, run.last_time) == ([(b"a", None)], 5)


@pytest.mark.parametrize(
    ("shape", "event", "streams"),
    [
        (RTAC, RtacEvent.SENT, bytes([OUTBOUND])),
        (RTAC, RtacEvent.RECEIVED, bytes([INBOUND])),
        (RTAC, RtacEvent.PARITY_ERROR, None),
        (OURS, RtacEvent.RECEIVED, b"\0"),
        (OURS, RtacEvent.SENDING_ENDED, None),
    ],
)
def test_the_event_of_a_packet_says_its_direction_or_that_it_is_not_plain(
    shape: PacketShape, event: RtacEvent, streams: bytes | None
) -> None:
    (found,) = parse(describe("<") + packet("<", 5, rtac(b"a", event)), shape)
    assert (bytes(found.streams) if isinstance(found, PlainRun) else None) == streams


@pytest.mark.parametrize(
    "other",
    [
        packet("<", 5, rtac(b"b"), option("<", 1, b"comment")),
        packet("<", 5, rtac(b"b"), option("<", 4, pack("<Q", 3))),
        packet("<", 5, rtac(b"")),
        packet("<", 5, b"short"),
        block("<", 6, pack("<IIIII", 0, 0, 5, 13, 14) + rtac(b"b") + bytes(3)),
    ],
    ids=["comment", "dropped", "no bytes", "no header", "cut"],
)
def test_a_packet_that_says_more_is_in_no_run(other: bytes) -> None:
    plain = packet("<", 5, rtac(b"a"))
    before, found, after = parse(describe("<") + plain + other + plain, RTAC)
    assert isinstance(before, PlainRun)
    assert isinstance(found, Packet)
    assert isinstance(after, PlainRun)


def test_packets_of_an_interface_whose_shape_is_not_known_are_in_no_run() -> None:
    capture = describe("<") + packet("<", 5, b"a")
    assert [type(one) for one in parse(capture, None)] == [Packet]
    odd = section("<") + interface("<", option("<", 9, b"\x8a")) + packet("<", 5, b"a")
    assert [type(one) for one in parse(odd, RAW)] == [Packet]


def test_packets_of_late_interfaces_are_in_no_run() -> None:
    capture = section("<") + interface("<") * (MOST_INTERFACES + 1)
    last = MOST_INTERFACES - 1
    assert bytes(run_of(capture + packet("<", 5, b"a", number=last), RAW).streams) == bytes([4 * last])
    assert [type(one) for one in parse(capture + packet("<", 5, b"a", number=last + 1), RAW)] == [Packet]


def test_packets_of_a_run_that_were_not_taken_follow_one_by_one() -> None:
    capture = describe("<") + b"".join(packet("<", time, b"a") for time in range(5))
    found = list[int | None]()
    for one in CaptureReader().feed(capture, PlainRunParser(lambda _: RAW)):
        if isinstance(one, PlainRun):
            one.taken = 2
            found.append(len(one.pieces))
        else:
            found.append(one.time)
    assert found == [5, 2, 3, 4]


def test_the_packets_of_this_program_and_of_others_are_in_runs_of_their_own() -> None:
    shapes = {"own": OURS, "other": RTAC}
    interfaces = [interface("<", option("<", 2, name.encode())) for name in shapes]
    packets = [packet("<", 5, rtac(b"a"), number=number) for number in (0, 0, 1, 1, 0)]
    capture = section("<") + b"".join(interfaces + packets)
    runs = list[tuple[bool, int]]()
    for one in CaptureReader().feed(capture, PlainRunParser(lambda found: shapes[found.name])):
        assert isinstance(one, PlainRun)
        one.taken = len(one.pieces)
        runs.append((one.is_ours, one.taken))
    assert runs == [(True, 2), (False, 2), (True, 1)]
