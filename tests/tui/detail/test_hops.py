"""The hops of an exchange in the detail pane: one story, the hop of the record marked, each with its time."""

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.exchanges.exchange_chains import HopFrame
from sniffer.history.records.exchange_search import FoundExchange
from sniffer.tui.detail.hops import draw_hops, draw_place
from tests.core.protocol.helpers import DEFINITION
from tests.history.helpers import line_at
from tests.tui.detail.helpers import find_text
from tests.tui.helpers import FakeSource, part, running, sees, until

STATUS = next(exchange for exchange in DEFINITION.exchanges if exchange.name == "status")
START = 100 * SECOND + 1
AVAILABILITY = (
    "=>Dbus:FF 6A A6 96 DC 00 08 00 0F 00 01 01 01 F1 12",
    "=>pwrboard:AA 96 DC 0F 02 01 01 6B BF",
    "<=pwrboard:BB 96 DC 0F 03 01 01 00 8C EB",
    "<=Dbus:FF 6A A6 96 DC 00 09 00 0F 00 01 01 01 00 C1 B0",
)


def found(*afters: int | None) -> FoundExchange:
    """Return an exchange whose hops came so many milliseconds after the start; None: not seen."""
    frames = (
        HopFrame(place, 10 + place, None, START + after * MILLISECOND)
        for place, after in enumerate(afters)
        if after is not None
    )
    return FoundExchange(STATUS, tuple(frames))


def availability() -> FakeSource:
    lines = (line_at(text, START + 3 * turn * MILLISECOND) for turn, text in enumerate(AVAILABILITY))
    return FakeSource(*lines)


def test_each_hop_is_a_line_and_that_of_the_record_is_marked() -> None:
    hops = draw_hops(found(0, 3, 5, 9), 11)
    assert [hop.line.plain for hop in hops] == [
        "status exchange  all 4 hops",
        "  pwr>com 01    #10",
        "▸ com>ocpp 0001  #11  +3.0 ms",
        "  ocpp>com 0001  #12  +2.0 ms",
        "  com>pwr 01    #13  +4.0 ms",
    ]
    assert [hop.number for hop in hops] == [None, 10, 11, 12, 13]


def test_a_hop_that_was_not_seen_is_named() -> None:
    hops = draw_hops(found(0, 3, None, 9), 10)
    assert hops[0].line.plain == "status exchange  3 of 4 hops seen"
    assert hops[3].number is None
    assert hops[3].line.plain == "  ocpp>com 0001  not seen"
    assert hops[4].line.plain.endswith("#13  +6.0 ms")


def test_where_there_is_little_room_one_line_has_to_do() -> None:
    assert draw_place(found(0, 3, 5, 9), 10).plain == "hop 1 of 4, status exchange"
    assert draw_place(found(0, 3, 5, 9), 12).plain == "hop 3 of 4, status exchange  +2.0 ms"


async def test_the_pane_shows_the_whole_exchange_and_a_click_leads_along_it() -> None:
    async with running(availability(), (120, 44)) as pilot:
        await sees(pilot, "detail", "availability exchange  all 4 hops")
        assert "▸ com>ocpp 000F  #4  +3.0 ms" in part(pilot, "detail")
        await pilot.click("#detail", offset=find_text(pilot, "com>pwr 0F"))
        await sees(pilot, "detail", "▸ com>pwr 0F    #2  +3.0 ms")
        await until(pilot, lambda: "#2 ChangeAvailability" in part(pilot, "detail"))


async def test_a_low_pane_says_which_hop_it_is() -> None:
    async with running(availability(), (80, 24)) as pilot:
        await sees(pilot, "detail", "hop 4 of 4, availability")
