"""Keys that come together go where each of them leads."""

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.helpers import replayed, sees, until


def come(pilot: Pilot[None], *given: str) -> None:
    """Keys, as one read of the terminal brings them."""
    for key in given:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


def typed(pilot: Pilot[None]) -> str:
    return pilot.app.screen_stack[0].query_one("#typed", Input).value


async def test_what_is_typed_right_after_f_is_the_filter() -> None:
    async with replayed() as pilot:
        come(pilot, "f", *"noise")
        await until(pilot, lambda: typed(pilot) == "noise")


async def test_what_is_pasted_right_after_f_is_the_filter() -> None:
    async with replayed() as pilot:
        come(pilot, "f")
        pilot.app.post_message(events.Paste("crc bad"))
        come(pilot, "x")
        await until(pilot, lambda: typed(pilot) == "crc badx")


async def test_keys_go_on_when_what_had_the_focus_has_gone() -> None:
    async with replayed() as pilot:
        come(pilot, "question_mark", "q", "slash", *"boot", "enter", "g", "f", *"crc bad")
        await until(pilot, lambda: typed(pilot) == "crc bad")
        await sees(pilot, "traffic", "▌")
