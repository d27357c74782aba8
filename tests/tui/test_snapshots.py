"""The main screens as pictures, at the three sizes that they are made for.

A change of how the screen looks shows here as a picture beside the one that was approved. Where it is meant,
`pytest tests/tui/test_snapshots.py --snapshot-update` approves it; look at the pictures in `__snapshots__` first.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.tui.helpers import FakeSource, app_for, captured, screen, sees, until

SIZES = [(80, 24), (120, 36), (200, 60)]


class Compare(Protocol):
    """Compares a program's screen with the picture that was approved."""

    def __call__(
        self,
        app: App[None],
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[None]], Awaitable[None]],
    ) -> bool: ...


def after(*keys: str, shows: tuple[str, str] = ("header", "all read")) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Let the capture be read, press these keys, and wait until a part of the screen shows this."""

    async def run(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "all read" in screen(pilot))
        await pilot.press(*keys)
        await sees(pilot, *shows)
        await pilot.pause(0.3)

    return run


@pytest.mark.parametrize("size", SIZES)
def test_session_at_its_fault(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = after("A", "right", "left", shows=("replay", "#13 of 27"))
    assert snap_compare(app_for(FakeSource(*captured())), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_timeline(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = after("4", shows=("timeline", "Faulted"))
    assert snap_compare(app_for(FakeSource(*captured())), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_filter_that_is_wrong(snap_compare: Compare, size: tuple[int, int]) -> None:
    run = after("f", *"status == Fualted", shows=("prompt", "did you mean Faulted"))
    assert snap_compare(app_for(FakeSource(*captured())), terminal_size=size, run_before=run)


def test_card_of_a_fault(snap_compare: Compare) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await after("2")(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "measure first" in screen(pilot))

    assert snap_compare(app_for(FakeSource(*captured())), terminal_size=(80, 24), run_before=run)
