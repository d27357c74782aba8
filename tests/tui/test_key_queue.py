"""Keys that come together go where each of them leads."""

import time
from math import inf

import pytest
from textual import events
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from sniffer.tui import key_queue
from sniffer.tui.key_queue import KeyQueueApp, QueueMarker
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


class Keys(KeyQueueApp[None]):
    """A program that remembers its keys. Their markers are lost while `holds_markers` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []
        self.holds_markers = False

    async def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)

    async def on_queue_marker(self, marker: QueueMarker) -> None:
        if self.holds_markers:
            marker.prevent_default()


async def test_a_key_waits_until_the_one_before_has_taken_effect() -> None:
    app = Keys()
    async with app.run_test() as pilot:
        app.holds_markers = True
        come(pilot, "a", "b")
        await until(pilot, lambda: len(app._waiting) == 1)
        assert app.keys == ["a"]
        app.holds_markers = False
        await app._finish_turn(app._turn)
        await until(pilot, lambda: app.keys == ["a", "b"])


async def test_a_key_whose_marker_is_lost_holds_the_next_ones_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_queue, "MARKER_TIMEOUT", 0.01)
    app = Keys()
    async with app.run_test() as pilot:
        app.holds_markers = True
        come(pilot, "a", "b", "c")
        await until(pilot, lambda: app.keys == ["a", "b", "c"])


async def test_a_key_whose_screen_is_closed_holds_the_next_one_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_queue, "MARKER_TIMEOUT", inf)
    app = Keys()
    async with app.run_test() as pilot:
        app.holds_markers = True
        app.push_screen(Screen())
        come(pilot, "a", "b")
        await until(pilot, lambda: app.keys == ["a"] and len(app._waiting) == 1)
        app.pop_screen()
        await until(pilot, lambda: app.keys == ["a", "b"])


async def test_keys_that_wait_when_the_app_ends_are_dropped() -> None:
    app = Keys()
    async with app.run_test() as pilot:
        app.holds_markers = True
        come(pilot, "a", "b")
        await until(pilot, lambda: app.keys == ["a"] and len(app._waiting) == 1)
    assert app.screen_stack == []
    await app._finish_turn(app._turn)
    assert app.keys == ["a"]


async def test_the_end_of_an_earlier_turn_ends_no_later_one() -> None:
    app = Keys()
    async with app.run_test() as pilot:
        app.holds_markers = True
        come(pilot, "a")
        await until(pilot, lambda: app.keys == ["a"])
        first = app._turn
        await app._finish_turn(first)
        come(pilot, "b", "c")
        await until(pilot, lambda: len(app._waiting) == 1)
        await app._finish_turn(first)
        await pilot.pause()
        assert app.keys == ["a", "b"]


async def test_a_turn_that_has_ended_delivers_nothing_again() -> None:
    app = Keys()
    async with app.run_test() as pilot:
        await pilot.press("a")
        await until(pilot, lambda: not app._is_busy)
        app._waiting.append(events.Key("b", "b"))
        await app._finish_turn(app._turn)
        await pilot.pause()
        assert app.keys == ["a"]


async def test_the_time_of_the_last_key_is_kept() -> None:
    app = Keys()
    async with app.run_test() as pilot:
        assert app.last_key_time < 0
        began = time.monotonic()
        await pilot.press("a")
        assert began <= app.last_key_time <= time.monotonic()


class KeyMessage(Message):
    """A message that a key has caused."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class KeyMessages(Keys):
    """A program whose keys cause messages."""

    async def on_key(self, event: events.Key) -> None:
        self.post_message(KeyMessage(event.key))

    def on_key_message(self, message: KeyMessage) -> None:
        self.keys.append(f"caused by {message.key}")


async def test_the_next_key_comes_after_the_messages_that_a_key_has_caused() -> None:
    app = KeyMessages()
    async with app.run_test() as pilot:
        come(pilot, "a", "b", "c")
        await until(pilot, lambda: len(app.keys) == 6)
        assert app.keys == ["a", "caused by a", "b", "caused by b", "c", "caused by c"]


class Start(MessagePump):
    """The widget that a marker was sent from, which is there or is gone."""

    def __init__(self, *, is_there: bool) -> None:
        super().__init__()
        self.is_there = is_there
        self.markers: list[bool] = []

    def post_message(self, message: Message) -> bool:
        assert isinstance(message, QueueMarker)
        self.markers.append(message.is_last)
        return self.is_there


async def test_a_turn_ends_with_its_second_marker_or_when_the_widget_is_gone() -> None:
    app = Keys()
    async with app.run_test():
        start = Start(is_there=True)
        app._is_busy = True
        await KeyQueueApp.on_queue_marker(app, QueueMarker(app._turn, start))
        assert (start.markers, app._is_busy) == ([True], True)
        await KeyQueueApp.on_queue_marker(app, QueueMarker(app._turn, start, is_last=True))
        assert (start.markers, app._is_busy) == ([True], False)
        app._is_busy = True
        await KeyQueueApp.on_queue_marker(app, QueueMarker(app._turn, Start(is_there=False)))
        assert not app._is_busy
