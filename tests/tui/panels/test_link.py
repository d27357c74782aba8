"""Tests of the link panel."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats, HopStats
from sniffer.core.wire.items import Chunk, TapState
from sniffer.core.wire.links import COM_TO_OCPP, PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from sniffer.tui.panels.exchanges import format_chains
from tests.core.protocol.helpers import CODEC, DEFINITION
from tests.core.protocol.layout.test_payload_layout import load_panels
from tests.history.helpers import line_at
from tests.tui.detail.test_hops import AVAILABILITY
from tests.tui.helpers import FakeSource, parameter, part, replayed, running, sees, status_answer, status_report, until


@pytest.mark.parametrize(("size", "shown"), [((50, 24), "p50 4.2 ms"), ((80, 24), "4.2 ms   4.2 ms")])
async def test_exchanges_of_a_command(size: tuple[int, int], shown: str) -> None:
    source = FakeSource(Chunk(status_report("Available"), SECOND + 1), Chunk(status_answer(1), SECOND + 4_200_001))
    async with running(source, size) as pilot:
        await pilot.press("3", "backslash", "G")
        await sees(pilot, "link", shown)
        assert "pwr>com   status report" in part(pilot, "link")


async def test_side_that_fell_silent_is_shown() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source, (120, 60)) as pilot:
        await pilot.press("3", "backslash")
        source.give(Chunk(status_report("Available"), 1), Chunk(parameter(7), 15 * SECOND))
        source.time = 15 * SECOND
        await sees(pilot, "link", "pwr>com  1 frame  silent for 14 s")
        assert "com>pwr  1 frame  alive" in part(pilot, "link")


async def test_other_programs_that_have_the_port_open_are_named() -> None:
    source = FakeSource(live=True, ends=False)
    source.taps = (TapState("com", 9600, settings="9600 8N1", shared_with="cat (7)"),)
    async with running(source, (120, 60)) as pilot:
        await pilot.press("3", "backslash")
        source.frames(status_report("Available"))
        await sees(pilot, "link", "cat (7)")
        assert "also in" in part(pilot, "link")


async def test_request_without_an_answer_and_a_retransmission_are_shown() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 60)) as pilot:
        await pilot.press("3", "backslash")
        report = status_report("Available")
        for time, raw in ((1, parameter(7)), (2, report), (3, report), (10 * SECOND, parameter(8))):
            source.give(Chunk(raw, time + 1))
        await sees(pilot, "link", "retries  unanswered")
        await sees(pilot, "link", "▲ 1         ▲ 1")
        await pilot.press("backslash", "escape")
        await sees(pilot, "traffic", "⇉ sent again: status report 0001, first in #2")
        assert "… unanswered: status report 0001 of #2, sent 2 times" in part(pilot, "traffic")


async def test_ledger_adds_up_on_the_screen() -> None:
    good = status_report("Available")
    damaged = bytearray(status_report("Charging", sequence=2))
    damaged[-1] ^= 0xFF
    async with running(FakeSource(Chunk(b"\x01\x02\x03" + good + bytes(damaged) + good[:6], 1))) as pilot:
        await sees(pilot, "link", "45")
        amounts = {}
        for line in part(pilot, "link").splitlines():
            words = line.strip("│ ").split()
            if len(words) > 2 and words[0] in ("bytes", "=", "+"):
                amounts[words[0] if words[0] == "bytes" else words[1]] = int(words[1 if words[0] == "bytes" else 2])
        assert amounts == {"bytes": 45, "frames": 18, "crc": 18, "truncated": 6, "garbage": 3, "waiting": 0}
        assert "45 bytes = frames 18 + noise 27" in part(pilot, "glance")


async def test_link_of_the_capture() -> None:
    async with replayed((200, 60)) as pilot:
        await pilot.press("3", "backslash")
        await sees(pilot, "link", "228.26 228.88 229.57")
        shown = part(pilot, "link")
        for text in (
            "256  read",
            "256  15 frames",
            "12  lines",
            "the power board announces itself (2 times,",
            "registration pending for 5 s",
            "10427240",
        ):
            assert text in shown
        await sees(pilot, "link", "228.26 228.88 229.57")
        assert "frames/s" not in shown


async def test_silent_side_is_shown_in_the_title() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.give(Chunk(status_report("Available"), 1), Chunk(parameter(7), 15 * SECOND))
        source.time = 15 * SECOND
        await sees(pilot, "link", "link: pwr>com silent")
        source.give(Chunk(status_report("Available", sequence=2), 16 * SECOND))
        source.time = 16 * SECOND
        await until(pilot, lambda: "silent" not in part(pilot, "link").splitlines()[0])


async def test_exchanges_across_both_links_show_the_time_of_each_hop() -> None:
    lines = (line_at(text, SECOND + 3_000_000 * turn + 1) for turn, text in enumerate(AVAILABILITY))
    async with running(FakeSource(*lines), (80, 50)) as pilot:
        await pilot.press("3", "backslash", "G")
        await sees(pilot, "link", "exchanges across both links")
        assert "availability  1" in part(pilot, "link")
        assert "com>pwr 0F +3.0 ms  pwr>com 0F +3.0 ms  com>ocpp 000F +3.0 ms" in part(pilot, "link")


def test_an_exchange_that_was_not_whole_is_counted() -> None:
    hops = (HopStats(COM_TO_OCPP, 0x2D, 3, None), HopStats(PWR_TO_COM, 0x2D, 0, None))
    lines = format_chains([ExchangeStats("acceptance", 3, 2, hops)], 60)
    assert [line if isinstance(line, str) else line.plain for line in lines] == [
        "",
        "exchanges across both links",
        "acceptance  2 of 3 whole",
        "  com>ocpp 002D  pwr>com 2D",
    ]
    assert format_chains([], 60) == []


async def test_a_card_reader_that_does_not_answer_has_one_line() -> None:
    line = "##########_HJ CardReader_##########: CardReader ComErr!"
    lines = (parse_line(f"2024-04-03T16:35:{8 * turn:02}+0900 [comproc] {line}") for turn in range(5))
    async with running(FakeSource(*lines), (120, 50)) as pilot:
        await pilot.press("3", "backslash", "G")
        await sees(pilot, "link", "⚠ card reader does not answer: 5 times, every 8.00 s")


def status_at(connector: int, second: int, board: int) -> Chunk:
    return Chunk(encoded("status report", 2, connector=connector, board_temperature=board), second * SECOND)


async def test_the_last_measured_values_are_shown_with_their_age() -> None:
    voltages = encoded("phase voltages", 0, l1_voltage=240.82, l2_voltage=0, l3_voltage=0)
    meter = {"connector": 1, "energy": 223710, "voltage": 240.1, "current": 16, "temperature": 46}
    values = encoded("meter values", 0xEEEE, **meter, l1_voltage=240.1, l1_current=16)
    source = FakeSource(Chunk(voltages, SECOND), Chunk(values, 3 * SECOND), status_at(1, 4, 45), live=True, ends=False)
    async with running(source, (120, 60)) as pilot:
        await pilot.press("3", "backslash")
        source.time = 5 * SECOND
        for text in (
            "V       240.1  2 s ago",
            "A       16  2 s ago",
            "W       3,841.6  2 s ago",
            "energy  223,710 Wh  2 s ago",
            "board   45 °C  1 s ago",
            "meter   46 °C",
        ):
            await sees(pilot, "link", text)


async def test_connectors_have_measured_values_of_their_own_and_heat_is_marked() -> None:
    async with running(FakeSource(status_at(1, 1, 45), status_at(2, 2, 90)), (120, 60)) as pilot:
        await pilot.press("3", "backslash")
        await sees(pilot, "link", "1 board 45 °C")
        await sees(pilot, "link", "2 board 90 °C")
        await sees(pilot, "link", "≉ connector 2, board temperature above 85 °C")


def encoded(name: str, sequence: int, **values: int | float | str) -> bytes:
    """Return a frame: a status report is that of a free connector, but for these values."""
    usual: dict[str, int | float | str] = {}
    if name == "status report":
        usual = {"status": "Available", "ocpp_error": "NoError", "m4_error": 0, "cp_voltage": 12}
    return CODEC.encode(DEFINITION.command(name), sequence, usual | values)


async def test_what_another_board_never_tells_is_left_out() -> None:
    source = FakeSource(Chunk(bytes.fromhex("5A 03 01 10 00 00 14 82"), SECOND))
    async with running(source, (120, 60), definition=load_panels()) as pilot:
        await pilot.press("3", "backslash")
        await sees(pilot, "link", "heat")
        assert not {"charger", "meter", "reported", "announcement"} & {*part(pilot, "link").split()}
