"""The heights of the faults panel and the link panel: by need, within what there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.items import Chunk
from sniffer.tui.panels.heights import LEAST_FAULTS, LEAST_LINK, compute_height, share_rows
from tests.tui.helpers import FakeSource, part, running, sees, status_report, until


@pytest.mark.parametrize(
    ("faults", "link", "rows"),
    [
        (1, 30, (3, 15)),
        (8, 30, (9, 9)),
        (40, 30, (11, 7)),
        (1, 8, (9, 9)),
        (0, 0, (11, 7)),
    ],
)
def test_each_has_what_it_needs(faults: int, link: int, rows: tuple[int, int]) -> None:
    assert share_rows(18, faults, link) == rows


@given(st.integers(LEAST_FAULTS + LEAST_LINK, 40), st.integers(0, 99), st.integers(0, 99))
def test_both_fill_the_height_and_neither_vanishes(total: int, faults: int, link: int) -> None:
    rows, others = share_rows(total, faults, link)
    assert rows + others == total
    assert rows >= LEAST_FAULTS
    assert others >= LEAST_LINK


@pytest.mark.parametrize(
    ("layout", "screen", "rows"), [("-medium", 36, 18), ("-medium", 24, 13), ("-medium", 18, 10), ("-wide", 60, 22)]
)
def test_the_list_keeps_its_room(layout: str, screen: int, rows: int) -> None:
    assert compute_height(layout, screen) == rows


async def test_faults_take_the_room_that_they_need_and_give_it_back() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 36)) as pilot:
        source.give(Chunk(status_report("Available"), 1))
        await sees(pilot, "faults", "no active fault")
        await until(pilot, lambda: len(part(pilot, "faults").splitlines()) == LEAST_FAULTS)
        before = len(part(pilot, "link").splitlines())
        source.give(Chunk(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4, sequence=2), 2))
        await sees(pilot, "faults", "reported by")
        await until(pilot, lambda: len(part(pilot, "link").splitlines()) < before)
        source.give(Chunk(status_report("Available", sequence=3), 3))
        await sees(pilot, "faults", "▽ Under voltage")
        assert "1 time" in part(pilot, "faults")


@pytest.mark.parametrize("size", [(80, 24), (120, 16), (120, 7)])
async def test_where_panels_take_turns_their_heights_stay(size: tuple[int, int]) -> None:
    source = FakeSource(ends=False)
    async with running(source, size) as pilot:
        source.give(Chunk(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4), 1))
        await sees(pilot, "glance" if size[1] > 7 else "traffic", "")
        await pilot.pause(0.2)
        assert not pilot.app.screen.query_one("#panes").styles.inline.has_rule("grid_rows")


async def test_the_timeline_takes_the_place_of_the_panels() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 36)) as pilot:
        source.give(Chunk(status_report("Available"), 1))
        await sees(pilot, "faults", "no active fault")
        await pilot.press("4")
        await sees(pilot, "timeline", "timeline")
        assert len(part(pilot, "timeline").splitlines()) == 12
        await pilot.press("2")
        await sees(pilot, "faults", "no active fault")
