"""The queue of keys: each key takes effect before the next one is delivered.

Textual delivers a key to the focused widget, and runs the action bound to it after the key has bubbled up through the
widgets around that one. Keys that arrive in one read, as over SSH, would all go to the widget that was focused before
the first of them: a filter typed right after `f` would act on the list. Therefore a marker message follows each key.
When the marker has bubbled up to the app, a second one is sent the same way: it arrives after the messages that the key
caused, as the answer to a prompt. Then the next key is delivered. Pasted text waits in the queue like a key.

A key may close the screen that its widget is on. The marker is lost then, and the next key is delivered as soon as the
widget has ended.
"""

import asyncio
from collections import deque
from math import inf
from time import monotonic
from typing import TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

Result = TypeVar("Result")

MARKER_TIMEOUT = 2.0
"""Seconds after which a marker is given up."""

CHECK_SECONDS = 0.01
"""Seconds between two checks whether the widget that a marker was sent from still runs."""

MAX_WAITING = 4096
"""The most keys that wait. Nobody types more; the oldest ones are dropped."""


class QueueMarker(Message, bubble=True):
    """The message that follows a key. `start` is the widget that it was sent from, `turn` the number of the key."""

    def __init__(self, turn: int, start: MessagePump, *, is_last: bool = False) -> None:
        super().__init__()
        self.turn = turn
        self.start = start
        self.is_last = is_last


class KeyQueueApp(App[Result]):
    """An app whose keys wait for each other. `last_key_time` is when the last key arrived, on the monotonic clock."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque(maxlen=MAX_WAITING)
        self._turn = 0
        self._is_busy = False
        self.last_key_time = -inf

    async def on_event(self, event: events.Event) -> None:
        """Deliver a key or a paste to the focused widget, or queue it while another one takes effect."""
        if isinstance(event, events.Key):
            self.last_key_time = monotonic()
        is_input = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not is_input:
            await super().on_event(event)
        elif self._is_busy:
            self._waiting.append(event)
        else:
            await self._deliver(event)

    async def on_queue_marker(self, marker: QueueMarker) -> None:
        """Send the second marker after the first one, and deliver the next key after the second one."""
        marker.stop()
        if marker.is_last or not marker.start.post_message(QueueMarker(marker.turn, marker.start, is_last=True)):
            await self._finish_turn(marker.turn)

    async def _deliver(self, event: events.Event) -> None:
        """Pass a key on. The next ones wait until its marker returns, its widget ends, or `MARKER_TIMEOUT` passes."""
        self._turn += 1
        self._is_busy = True
        target = self.focused or self.screen
        await super().on_event(event)
        if target.post_message(QueueMarker(self._turn, target)):
            self._check_later(self._turn, target, monotonic() + MARKER_TIMEOUT)
        else:
            await self._finish_turn(self._turn)

    def _check_later(self, turn: int, target: MessagePump, deadline: float) -> None:
        """Check again and again whether the marker of a key can still return, until its turn has ended."""

        def check() -> None:
            if turn != self._turn or not self._is_busy:
                return
            if target.is_running and monotonic() < deadline:
                loop.call_later(CHECK_SECONDS, check)
            else:
                self.call_next(self._finish_turn, turn)

        loop = asyncio.get_running_loop()
        loop.call_later(CHECK_SECONDS, check)

    async def _finish_turn(self, turn: int) -> None:
        """End the turn of a key, and deliver the next waiting key. A turn that has ended already is ignored."""
        if turn == self._turn and self._is_busy:
            self._is_busy = False
            # An app that ends has no screen any more, and nobody for its last keys.
            if self._waiting and self.screen_stack:
                await self._deliver(self._waiting.popleft())
