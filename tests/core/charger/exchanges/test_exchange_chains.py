"""Exchange chains: the frames of one exchange are tied across both links, whatever their order within a second."""

from itertools import permutations

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.events import Reference
from sniffer.core.charger.exchanges.exchange_chains import (
    CHAINS_KEPT,
    HOPS_WITHIN,
    ExchangeStats,
    HopFrame,
    find_chain,
    measure_interval,
)
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import ROUTES
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import CODEC, DEFINITION

START = 100 * SECOND + 1

ROUTE_OF_ARROW = {"=>pwrboard": ROUTES[0], "<=pwrboard": ROUTES[1], "=>Dbus": ROUTES[2], "<=Dbus": ROUTES[3]}

AVAILABILITY = (
    ("=>Dbus", "FF 6A A6 96 DC 00 08 00 0F 00 01 01 01 F1 12"),
    ("=>pwrboard", "AA 96 DC 0F 02 01 01 6B BF"),
    ("<=pwrboard", "BB 96 DC 0F 03 01 01 00 8C EB"),
    ("<=Dbus", "FF 6A A6 96 DC 00 09 00 0F 00 01 01 01 00 C1 B0"),
)
METER = (
    ("=>Dbus", "FF 6A A6 EE EE 00 07 00 04 00 01 01 47 C0"),
    ("=>pwrboard", "AA EE EE 04 01 01 BF 44"),
    (
        "<=pwrboard",
        "BB EE EE 04 1E 01 63 57 00 00 61 09 01 00 00 00 00 00 2E 00 01 61 09 01 0000 00 00 00 00 00 00 00 00 00 97 A7",
    ),
    (
        "<=Dbus",
        "FF 6A A6 EE EE 00 24 00 04 00 01 01 00 00 57 63 09 61 00 01 00 00 00 00 00 00 00 00 00"
        "09 61 00 01 00 00 00 00 2E 01 00 00 47 85",
    ),
)


def message(printed: tuple[str, str], time: int | None) -> Message:
    arrow, text = printed
    return CODEC.decode(Frame(ROUTE_OF_ARROW[arrow], time, bytes.fromhex(text)))


def receive(bench: Bench, printed: tuple[str, str], after: int = 0) -> Reference | None:
    """Receive a frame some time after the one before; return what it refers to."""
    bench.time += after
    bench.take(message(printed, bench.time))
    return bench.refers


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.time = START
    return bench


def stats(bench: Bench, name: str) -> ExchangeStats:
    found: ExchangeStats = next(one for one in bench.now.chains if one.name == name)
    return found


@pytest.mark.parametrize("frames", [AVAILABILITY, METER])
def test_a_request_crosses_both_links_and_comes_back(bench: Bench, frames: tuple[tuple[str, str], ...]) -> None:
    references = [receive(bench, printed, 3 * MILLISECOND) for printed in frames]
    assert references == [
        None,
        Reference("relays", 1, None, 3 * MILLISECOND),
        Reference("answers", 2, None, 3 * MILLISECOND),
        Reference("answers", 1, None, 9 * MILLISECOND),
    ]
    (found,) = bench.now.chains
    assert (found.chains, found.whole) == (1, 1)
    assert [(hop.count, hop.after) for hop in found.hops] == [(1, None), *[(1, 3 * MILLISECOND)] * 3]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_within_a_second_the_order_of_a_log_does_not_matter(order: tuple[int, ...]) -> None:
    bench = Bench()
    bench.charger.expect_both_links()
    bench.time = 50 * SECOND
    for turn in range(3):
        bench.time += 30 * SECOND * turn
        for place in order:
            receive(bench, METER[place])
    (found,) = bench.now.chains
    assert (found.chains, found.whole) == (3, 3)
    assert [(hop.count, hop.after) for hop in found.hops] == [(3, None)] * 4


def test_a_cause_that_is_printed_later_is_named(bench: Bench) -> None:
    """`AA 2C` stands before the frame that it passes on in five of six exchanges of the real log."""
    bench.charger.expect_both_links()
    bench.time = 50 * SECOND
    assert receive(bench, ("=>pwrboard", "AA 96 ED 2C 04 00 00 00 00 73 CE")) is None
    cause = receive(bench, ("=>Dbus", "FF 6A A6 96 ED 00 06 00 2D 00 00 4A EC"))
    assert cause == Reference("relayed_by", 1, None, None)


def test_the_next_poll_is_another_chain(bench: Bench) -> None:
    for _ in range(2):
        for printed in METER:
            receive(bench, printed, 100 * MILLISECOND)
        bench.time += 30 * SECOND
    assert (stats(bench, "meter").chains, stats(bench, "meter").whole) == (2, 2)


def test_a_hop_that_comes_again_begins_another_chain(bench: Bench) -> None:
    receive(bench, AVAILABILITY[0])
    receive(bench, AVAILABILITY[0], MILLISECOND)
    assert receive(bench, AVAILABILITY[1], MILLISECOND) == Reference("relays", 2, None, MILLISECOND)
    assert stats(bench, "availability").chains == 2


def test_the_time_before_a_hop_counts_also_if_the_hop_before_it_is_delivered_later(bench: Bench) -> None:
    for printed in METER[:2]:
        receive(bench, printed)
    receive(bench, AVAILABILITY[1])
    receive(bench, AVAILABILITY[0])
    assert [hop.after for hop in stats(bench, "availability").hops] == [None, 0, None, None]


def test_frames_of_one_sequence_far_apart_are_no_chain(bench: Bench) -> None:
    receive(bench, AVAILABILITY[0])
    assert receive(bench, AVAILABILITY[1], 3 * SECOND) is None
    assert (stats(bench, "availability").chains, stats(bench, "availability").whole) == (2, 0)


def test_frames_of_one_sequence_just_within_the_limit_are_a_chain(bench: Bench) -> None:
    receive(bench, AVAILABILITY[0])
    assert receive(bench, AVAILABILITY[1], HOPS_WITHIN) == Reference("relays", 1, None, HOPS_WITHIN)
    assert stats(bench, "availability").chains == 1


@pytest.mark.parametrize(
    ("times", "interval"),
    [
        ((SECOND, 3 * SECOND), None),
        ((None, SECOND + MILLISECOND), None),
        ((SECOND + MILLISECOND, None), None),
        ((SECOND, SECOND + MILLISECOND), MILLISECOND),
        ((SECOND - MILLISECOND, SECOND), MILLISECOND),
        ((SECOND + MILLISECOND, SECOND + 4 * MILLISECOND), 3 * MILLISECOND),
    ],
)
def test_the_time_between_two_hops(times: tuple[int | None, int | None], interval: int | None) -> None:
    """Two whole seconds are those of a log, which are too coarse; one may be a measured time by chance."""
    before, after = (HopFrame(place, 1 + place, None, time) for place, time in enumerate(times))
    assert measure_interval(before, after) == interval


def test_a_session_of_one_link_has_no_chains(bench: Bench) -> None:
    for turn in range(200):
        bench.report("Available", sequence=0x100 + turn)
        bench.say("status answer", 0x100 + turn, connector=1)
    assert bench.now.chains == ()


def test_frames_before_the_first_of_the_other_link_belong_to_their_chains(bench: Bench) -> None:
    bench.report("Available", sequence=0x0A0A)
    bench.notify("Available", sequence=0x0A0A)
    assert bench.refers == Reference("relays", 1, None, 0)
    assert stats(bench, "status").chains == 1


def test_a_sequence_that_a_command_does_not_always_have_ties_nothing(bench: Bench) -> None:
    bench.report("Available", sequence=0xDDDD)
    bench.notify("Charging", sequence=0xDDDD)
    assert bench.refers is None
    assert bench.now.chains == ()


def test_open_chains_are_bounded(bench: Bench) -> None:
    bench.notify("Available", sequence=1)
    for sequence in range(2, 3 * CHAINS_KEPT):
        bench.report("Available", sequence=sequence)
    assert len(bench.charger._chains._open) == CHAINS_KEPT


def test_a_copy_of_the_charger_goes_on_with_the_chain(bench: Bench) -> None:
    for printed in AVAILABILITY[:2]:
        receive(bench, printed, MILLISECOND)
    copy = bench.charger.fork()
    for printed in AVAILABILITY[2:]:
        receive(bench, printed, MILLISECOND)
    assert stats(bench, "availability").whole == 1
    (found,) = copy.snapshot().chains
    assert (found.chains, found.whole) == (1, 0)
    copy.apply(message(AVAILABILITY[2], bench.time), 3)
    _, reference = copy.apply(message(AVAILABILITY[3], bench.time), 4)
    assert reference is not None
    assert copy.snapshot().chains[0].whole == 1


def test_the_chain_of_a_frame_is_found_among_the_frames_near_it() -> None:
    near = [(message(printed, START + turn * MILLISECOND), turn + 1, None) for turn, printed in enumerate(METER)]
    near += [(message(printed, START + 30 * SECOND), turn + 11, None) for turn, printed in enumerate(METER)]
    near += [(message(AVAILABILITY[1], START), 5, None)]
    found = find_chain(near[1][0], 2, near, DEFINITION)
    assert found is not None
    exchange, frames = found
    assert exchange.name == "meter"
    assert [(frame.place, frame.number) for frame in frames] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_of_several_frames_of_one_hop_the_nearest_within_the_limit_is_of_the_chain() -> None:
    chosen = message(METER[1], START)
    near = [
        (message(METER[0], START - HOPS_WITHIN - 1), 19, None),
        (message(METER[2], START), 5, None),
        (message(METER[2], START), 22, None),
        (message(METER[2], START), 30, None),
        (message(METER[3], START + HOPS_WITHIN + 1), 23, None),
    ]
    found = find_chain(chosen, 20, [(chosen, 20, None), *near], DEFINITION)
    assert found is not None
    assert [(frame.place, frame.number) for frame in found[1]] == [(1, 20), (2, 22)]


def test_a_frame_of_no_exchange_has_no_chain() -> None:
    voltages = CODEC.decode(Frame(ROUTES[1], None, bytes.fromhex("BB DD DD 32 06 59 2A 59 68 59 AD 6B BC")))
    assert find_chain(voltages, 1, [], DEFINITION) is None
