"""Keys in turn: each has its effect before the next one is given to anybody.

Textual gives a key to the widget that has the focus, and runs what is bound to it once the key has come up through all
widgets around that one. Keys that arrive in one read, as over SSH, would thus all go to where the focus was before the
first of them: a filter typed right after `f` would act on the list. So a mark follows each key on its way, and once it
has come up another one follows what the key set going, as a line that is answered; then the next key has its turn. What
was pasted waits like a key.
"""

import asyncio
from collections import deque
from typing import TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

Result = TypeVar("Result")

LATE = 2.0
"""Seconds after which a mark does not come any more: the widget that it set out from has gone."""

MOST = 4096
"""How many keys wait at most. More than that nobody typed."""


class QueueMarker(Message, bubble=True):
    """Comes up behind a key, and then once more from where it set out."""

    def __init__(self, turn: int, start: MessagePump, *, is_last: bool = False) -> None:
        super().__init__()
        self.turn = turn
        self.start = start
        self.is_last = is_last


class KeyQueueApp(App[Result]):
    """A program whose keys wait for each other."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque(maxlen=MOST)
        self._turn = 0
        self._is_busy = False

    async def on_event(self, event: events.Event) -> None:
        """Give a key or a paste to the focused widget, or let it wait."""
        is_input = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not is_input:
            await super().on_event(event)
        elif self._is_busy:
            self._waiting.append(event)
        else:
            await self._give(event)

    async def on_queue_marker(self, mark: QueueMarker) -> None:
        """The key has had its effect, and the next one its turn."""
        mark.stop()
        if mark.is_last or not mark.start.post_message(QueueMarker(mark.turn, mark.start, is_last=True)):
            await self._go_on(mark.turn)

    async def _give(self, event: events.Event) -> None:
        self._turn += 1
        self._is_busy = True
        target = self.focused or self.screen
        await super().on_event(event)
        if target.post_message(QueueMarker(self._turn, target)):
            asyncio.get_running_loop().call_later(LATE, self.call_next, self._go_on, self._turn)
        else:
            await self._go_on(self._turn)

    async def _go_on(self, turn: int) -> None:
        if turn == self._turn and self._is_busy:
            self._is_busy = False
            if self._waiting:
                await self._give(self._waiting.popleft())
