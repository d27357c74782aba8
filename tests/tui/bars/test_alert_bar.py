"""The bar of an alert: it names what fired, rings once, flashes, and stays until it is acknowledged."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from sniffer.tui.bars import alert_bar
from sniffer.tui.bars.alert_bar import AlertBar
from sniffer.tui.bars.key_bar import KeyBar
from tests.tui.helpers import FakeSource, app_for, part, rows, screen, sees, status_report, until

FAULT = status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4, volts=9)


@asynccontextmanager
async def watching(
    source: FakeSource, *alerts: str, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[Pilot[None], list[None]]]:
    """Run the app with these alerts; yield it with a list that has an entry for each ring of the bell."""
    app, rings = app_for(source, alerts=alerts), list[None]()
    app.bell = lambda: rings.append(None)  # type: ignore[method-assign]
    async with app.run_test(size=size) as pilot:
        yield pilot, rings


def live() -> FakeSource:
    return FakeSource(live=True, ends=False, name="/dev/ttyUSB0", baud=115200)


def keys(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(KeyBar).render())


async def fires(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: "ALERT" in screen(pilot))


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_an_alert_stays_with_what_fired_until_it_is_acknowledged(size: tuple[int, int]) -> None:
    source = live()
    async with watching(source, "status == Faulted", size=size) as (pilot, rings):
        source.frames(status_report("Available"))
        await sees(pilot, "header", "1 record")
        assert "acknowledge" not in screen(pilot)
        source.frames(FAULT)
        await fires(pilot)
        shown = part(pilot, "alert")
        assert "▲ ALERT #2 00:00:02 fault raised: " in shown
        assert shown.rstrip().endswith("! acknowledges")
        assert "! acknowledge" in keys(pilot)
        assert "! acknowledge" in rows(pilot)[-1]
        assert rings == [None]
        source.frames(status_report("Available"), status_report("Available"))
        await sees(pilot, "header", "4 records")
        assert "ALERT" in screen(pilot)
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "ALERT" not in screen(pilot))
        assert "acknowledge" not in screen(pilot)
        assert rings == [None]


async def test_matches_are_counted_and_ring_once_until_the_next_alert() -> None:
    source = live()
    async with watching(source, "status == Faulted") as (pilot, rings):
        source.frames(*[FAULT] * 40)
        await until(pilot, lambda: "(40 matches)" in screen(pilot))
        assert len(rings) == 1
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "ALERT" not in screen(pilot))
        source.frames(FAULT)
        await until(pilot, lambda: "ALERT #41" in screen(pilot))
        assert len(rings) == 2


async def test_the_newest_of_several_is_named() -> None:
    source = live()
    async with watching(source, "status == Faulted", "status == Available") as (pilot, rings):
        source.frames(FAULT, status_report("Available"))
        await until(pilot, lambda: "ALERT #2" in screen(pilot))
        assert "connector 1 Available" in part(pilot, "alert")
        assert "+1 alert" in part(pilot, "alert")
        assert len(rings) in (1, 2)
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "ALERT" not in screen(pilot))


async def test_it_flashes_while_it_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_bar, "FLASH_INTERVAL", 0.05)
    source, seen = live(), set[bool]()
    async with watching(source, "status == Faulted") as (pilot, _):
        source.frames(FAULT)
        await fires(pilot)
        bar = pilot.app.screen.query_one(AlertBar)

        def has_been_both() -> bool:
            seen.add(bar.has_class("-lit"))
            return len(seen) == 2

        await until(pilot, has_been_both)


@pytest.mark.parametrize(("frame", "is_fault"), [(FAULT, True), (status_report("Available"), False)])
async def test_it_is_red_for_a_fault_of_the_charger_only(frame: bytes, is_fault: bool) -> None:
    source = live()
    async with watching(source, "event == status") as (pilot, _):
        source.frames(frame)
        await fires(pilot)
        assert pilot.app.screen.query_one(AlertBar).has_class("-fault") == is_fault


async def test_a_paused_screen_alerts_as_well() -> None:
    source = live()
    async with watching(source, "status == Faulted") as (pilot, rings):
        source.frames(status_report("Available"))
        await sees(pilot, "header", "1 record")
        await pilot.press("space")
        source.frames(FAULT)
        await fires(pilot)
        assert len(rings) == 1


async def test_an_alert_remains_after_the_source_has_ended() -> None:
    ending = FakeSource(live=True, ends=False)
    async with watching(ending, "status == Faulted") as (pilot, _):
        ending.frames(FAULT)
        ending.fail("pulled")
        # The line of the alert is laid out one drawing after the header has changed.
        await until(pilot, lambda: "SOURCE LOST" in screen(pilot) and "ALERT #1" in screen(pilot))


@pytest.mark.parametrize("size", [(20, 5), (2, 1), (40, 8)])
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    source = live()
    async with watching(source, "status == Faulted", size=size) as (pilot, rings):
        source.frames(*[FAULT] * 3)
        await until(pilot, lambda: bool(rings))
        assert all(len(row) == size[0] for row in rows(pilot))
        await pilot.press("exclamation_mark")
        assert pilot.app.is_running


async def test_text_from_the_wire_cannot_act_on_the_screen() -> None:
    source = live()
    async with watching(source, "event == source_lost or text ~ '[red]'") as (pilot, _):
        source.fail("[red]\x1b[31mpulled")
        await fires(pilot)
        assert "[red]\\x1b[31mpulled" in part(pilot, "alert")


async def test_the_help_names_the_key() -> None:
    async with watching(live(), "status == Faulted") as (pilot, _):
        await pilot.press("question_mark")
        lines = [str(line) for line in pilot.app.screen.lines(80)]  # type: ignore[attr-defined]
        assert [line.split() for line in lines if "Acknowledge" in line] == [["!", "Acknowledge", "the", "alert"]]
