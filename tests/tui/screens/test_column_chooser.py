"""Tests of the dialog in which the columns of the list are chosen."""

from collections.abc import Collection

import pytest
from textual.app import App

from sniffer.tui.screens.column_chooser import ColumnChoice, ColumnChooser
from sniffer.tui.traffic.columns import OPTIONAL_COLUMNS


async def choose(shown: Collection[str] | None, *keys: str) -> list[ColumnChoice]:
    """Return what the dialog returns after these keys: a list with one value once it is closed."""
    app: App[None] = App()
    chosen: list[ColumnChoice] = []
    async with app.run_test() as pilot:
        await app.push_screen(ColumnChooser(shown), lambda choice: chosen.append(choice))
        await pilot.press(*keys)
        await pilot.pause()
    return chosen


@pytest.mark.parametrize("key", ["escape", "q", "v"])
async def test_all_columns_are_chosen_at_first(key: str) -> None:
    assert await choose(None, key) == [None]


async def test_space_leaves_a_column_out_and_takes_it_back() -> None:
    assert await choose(None, "space", "escape") == [tuple(OPTIONAL_COLUMNS)[1:]]
    assert await choose(None, "space", "space", "escape") == [None]


async def test_letters_move_the_cursor() -> None:
    names = tuple(OPTIONAL_COLUMNS)
    assert await choose(None, "j", "space", "escape") == [(names[0], *names[2:])]
    assert await choose(None, "j", "j", "k", "space", "escape") == [(names[0], *names[2:])]


async def test_chosen_columns_stay_in_the_order_of_the_list() -> None:
    names = tuple(OPTIONAL_COLUMNS)
    assert await choose(names[1:2], "space", "escape") == [names[:2]]
    assert await choose((), "escape") == [()]
