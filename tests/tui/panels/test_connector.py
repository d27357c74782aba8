"""The connector panel: status, duration, pilot, error and path."""

import pytest

from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from sniffer.tui.panels.connector import ConnectorPanel, format_pilot, format_pilot_window
from tests.tui.helpers import FakeSource, part, replayed, running, sees, status_report, until

THREE_CONNECTORS = (
    status_report("Available", connector=0),
    status_report("Charging", connector=1, volts=6, sequence=2),
    status_report("Reserved", connector=2, sequence=3),
)


async def test_facts_of_the_capture() -> None:
    async with replayed((80, 24)) as pilot:
        shown = part(pilot, "connector")
        assert "▲Faulted" in shown
        assert "for 3 s" in shown
        assert "9 V B vehicle connected assumed" in shown
        assert "UnderVoltage  OCPP 14" in shown
        assert "00:00:49.000  first report → Faulted" in shown


async def test_nothing_reported_yet_is_calm() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await sees(pilot, "connector", "no status report was seen yet")


async def test_path_marks_what_the_table_does_not_allow() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Reserved"), status_report("Charging", volts=6, sequence=2))
        await sees(pilot, "connector", "Reserved ↛ Charging")


async def test_connectors_are_gone_through() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(*THREE_CONNECTORS)
        await sees(pilot, "connector", "next of 3")
        assert "connector 1" in part(pilot, "connector")
        assert "connector 1 Charging 6 V C" in part(pilot, "glance")
        await pilot.press("c")
        await sees(pilot, "connector", "connector 2")
        await sees(pilot, "glance", "connector 2 Reserved")
        await pilot.press("c")
        await sees(pilot, "connector", "1 station")
        await pilot.press("c")
        await sees(pilot, "connector", "connector 1")


async def test_key_for_the_next_connector_does_no_harm_without_any() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await pilot.press("c")
        await sees(pilot, "connector", "no status report was seen yet")


async def test_unknown_status_is_shown() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 60)) as pilot:
        source.frames(status_report("Available"))
        source.frames(PWRBOARD.build(PWR_TO_COM.head, 2, 0x01, bytes.fromhex("01 0C 10 000000 00 0009 1C15")))
        await sees(pilot, "connector", "12 (unknown)")
        assert "12 (unknown)" in part(pilot, "glance")
        await pilot.press("1", "backslash")
        await sees(pilot, "connector", "Available → 12 (unknown)")
        assert "↛" not in part(pilot, "connector")
        await sees(pilot, "connector", "error 16 (unknown)")
        assert "OCPP 16" not in part(pilot, "connector")


async def test_contradiction_is_shown() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Faulted"))
        await sees(pilot, "connector", "≠     Faulted, but the OCPP error code is")
        assert "faulted-without-error, inferred" in part(pilot, "connector")
        source.frames(status_report("Faulted", ocpp_error="UnderVoltage", sequence=2))
        await until(pilot, lambda: "≠" not in part(pilot, "connector"))


async def test_warning_is_shown() -> None:
    async with running(FakeSource(Chunk(status_report("Preparing", ocpp_error="OverVoltage", volts=9), 1))) as pilot:
        await sees(pilot, "connector", "≟     an error code, but the status is")
        assert "error-without-fault, inferred" in part(pilot, "connector")
        assert "≠" not in part(pilot, "connector")


async def test_a_contradiction_of_the_pilot_says_that_it_is_assumed() -> None:
    async with running(FakeSource(Chunk(status_report("Charging", volts=12), 1))) as pilot:
        await sees(pilot, "connector", "charging-without-vehicle, assumed")


async def test_path_tells_how_long_each_status_lasted_and_where_it_was_seen() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        await pilot.press("1", "backslash")
        source.frames(status_report("Available"), status_report("Preparing", volts=9, sequence=2))
        await sees(pilot, "connector", "Available → Preparing  after 1 s  #2")


async def test_long_path_is_cut_with_its_number() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 100)) as pilot:
        turns = [status_report(("Available", "Preparing")[turn % 2], sequence=turn + 1) for turn in range(50)]
        source.frames(*turns)
        await pilot.press("1", "backslash")
        await sees(pilot, "connector", "and 10 moves before")


def test_window_of_the_pilot_state() -> None:
    definition = packaged_definition()
    assert format_pilot_window(definition, 9) == "B is 7.75 to 10.25 V"
    assert [format_pilot_window(definition, volts) for volts in (7.5, -5)] == ["", ""]


def test_pilot_between_the_windows() -> None:
    definition = packaged_definition()
    assert format_pilot(definition, 6) == "6 V C vehicle asks for energy"
    assert format_pilot(definition, 7) == "7 V C vehicle asks for energy"
    assert format_pilot(definition, 7.5) == "7.5 V in no state's window"


async def test_move_that_is_not_allowed_stands_under_the_diagram() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Available"), status_report("Preparing", volts=9, sequence=2))
        await sees(pilot, "connector", "Available → Preparing")
        assert "not allowed" not in part(pilot, "connector")
        source.frames(status_report("Reserved", sequence=3))
        await sees(pilot, "connector", "↛ Preparing → Reserved not allowed")
        source.frames(status_report("Available", sequence=4))
        await until(pilot, lambda: "not allowed" not in part(pilot, "connector"))


async def test_other_connectors_are_shown_beside_the_one_that_is_shown() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(*THREE_CONNECTORS)
        await sees(pilot, "connector", "other station Available  C2 Reserved")
        await pilot.press("c")
        await sees(pilot, "connector", "other station Available  C1 Charging")


@pytest.mark.parametrize("key", ["enter", "o"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_move_leads_to_its_report(size: tuple[int, int], key: str) -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source, size) as pilot:
        source.frames(
            status_report("Available"),
            status_report("Preparing", volts=9, sequence=2),
            status_report("Preparing", volts=9, sequence=3),
            status_report("Charging", volts=6, sequence=4),
        )
        await sees(pilot, "glance", "Charging")
        await pilot.press("1", "j", key)
        await sees(pilot, "detail", "#2 ")
        await pilot.press("1", "k", "k", "k", key)
        await sees(pilot, "detail", "#4 ")


async def test_cursor_begins_anew_with_another_connector() -> None:
    source = FakeSource(ends=False)
    async with running(source, (200, 60)) as pilot:
        moves = [status_report(("Available", "Preparing")[turn % 2], sequence=turn) for turn in range(3)]
        source.frames(*moves, status_report("Reserved", connector=2, sequence=9))
        await sees(pilot, "glance", "Available")
        await pilot.press("1", "j", "j", "c")
        panel = pilot.app.screen.query_one(ConnectorPanel)
        assert panel.block is not None
        assert panel.block.number == 4
        await pilot.press("c")
        assert panel.block.number == 3
