"""The traffic of any link: how unlikely its frames are in random bytes, and by which its rate is found."""

import tomllib
from collections.abc import Iterator
from random import Random

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.base.toml_table import TomlTable
from sniffer.core.line.baud_finder import BaudFinder
from sniffer.core.line.expected_traffic import PACKAGED_TRAFFIC, ExpectedTraffic, expect_traffic
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link_parser import parse_links
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.simulator.line_timing import Step
from tests.core.line.helpers import LineBench

MODBUS = """
name = "meter"
heads = { "main>meter" = "7A", "meter>main" = "7B" }
command = { at = 1 }
length = { at = 2, adds = 5 }
payload = 3
check = { name = "CRC-16/MODBUS", order = "little" }
"""
SUM = """
name = "sensor"
heads = { "sensor>main" = "42 4D" }
length = { at = 2, size = 2, adds = 4 }
payload = 4
check = { name = "sum", size = 2 }
"""
WEAK = """
name = "keys"
heads = { "keys>main" = "24" }
sizes = [{ size = 6 }]
payload = 1
check = { name = "xor" }
"""
UNCHECKED = """
name = "plain"
heads = { "a>b" = "A5 5A 01" }
length = { at = 3, adds = 4 }
payload = 4
check = { name = "none" }
"""


def traffic_of(link: str) -> ExpectedTraffic:
    (entry,) = parse_links(TomlTable("my.toml", tomllib.loads(f"[[link]]\n{link}")))
    return expect_traffic(entry.routes_in_bytes)


@pytest.mark.parametrize(
    ("link", "values", "is_enough"),
    [(MODBUS, 1 << 16, True), (SUM, 1 << 16, True), (WEAK, 1 << 8, False), (UNCHECKED, 1 << 24, True)],
    ids=["modbus", "sum", "weak", "unchecked"],
)
def test_the_odds_follow_from_head_length_and_check(link: str, values: int, *, is_enough: bool) -> None:
    traffic = traffic_of(link)
    assert (traffic.check_values, traffic.is_single_frame_enough) == (values, is_enough)


def test_the_charger_s_links_are_the_packaged_traffic() -> None:
    assert expect_traffic(ROUTES_IN_BYTES) is PACKAGED_TRAFFIC
    assert (PACKAGED_TRAFFIC.check_values, PACKAGED_TRAFFIC.is_single_frame_enough) == (1 << 16, True)


@pytest.mark.parametrize("link", [MODBUS, SUM, WEAK, UNCHECKED], ids=["modbus", "sum", "weak", "unchecked"])
def test_the_synthetic_frames_are_frames_of_the_link(link: str) -> None:
    traffic = traffic_of(link)
    framer = Framer(traffic.routes)
    found = [*framer.feed(b"".join(traffic.frames)), *framer.flush()]
    assert [item.raw for item in found if isinstance(item, Frame)] == [*traffic.frames]


def steps_of(traffic: ExpectedTraffic, seed: int) -> Iterator[Step]:
    """Yield frames with random payloads, each after a silence."""
    random = Random(seed)
    while True:
        route = random.choice(traffic.routes)
        fixed = route.link.shapes[0].size
        payload = random.randbytes(fixed - route.link.overhead if fixed else random.randrange(2, 20))
        raw = route.link.build(route.head, 0, random.randrange(9), payload)
        yield Step(random.randrange(20, 200) * MILLISECOND, raw)


@pytest.mark.parametrize("baud", [9600, 38400, 115200, 460800])
@pytest.mark.parametrize("link", [MODBUS, SUM, WEAK], ids=["modbus", "sum", "weak"])
def test_the_rate_of_an_own_link_is_found(link: str, baud: int) -> None:
    traffic = traffic_of(link)
    bench = LineBench(BaudFinder(traffic=traffic))
    bench.send(steps_of(traffic, 4), baud, 15)
    assert bench.found == baud
    assert bench.found_after() < 10


@pytest.mark.parametrize("link", [MODBUS, SUM, WEAK], ids=["modbus", "sum", "weak"])
def test_noise_gives_no_rate(link: str) -> None:
    random = Random(2)
    finder = BaudFinder(traffic=traffic_of(link))
    for number in range(1500):
        finder.read(random.randbytes(random.randint(1, 60)), (), number * 100 * MILLISECOND)
        assert finder.found is None
