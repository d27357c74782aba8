"""What the keys ask for at the prompt: a text to find, a place to go to, a note, a filter.

In: the session that is watched, and the screen with its prompt and its list. Out: the list moved, marked or sifted.
Looking through a long session goes on in slices, between which keys and bytes have their turn.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from sniffer.base.errors import QueryError
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.record import Record
from sniffer.text import describe
from sniffer.tui.bars.prompt import Problem, PromptCompletion, Question
from sniffer.tui.screens.monitor import Monitor
from sniffer.tui.state.search import Needle, Search
from sniffer.tui.state.session_view import SLICE, SessionView
from sniffer.tui.traffic.goto import GOTO_HINT, find_record

if TYPE_CHECKING:
    from sniffer.filter.predicates import Filter
    from sniffer.filter.vocabulary import Vocabulary

BREATH = SLICE / 2
"""Seconds between two slices: a key goes through several tasks until it is drawn, and none of them waits meanwhile."""

LONG_BREATH = 5 * SLICE
"""The same after a key, so that what it asks for is drawn before the next slice."""

Run = Callable[[Coroutine[Any, Any, None], str], object]
"""Runs a task of this group; one that runs in it already is given up."""


class PromptController:
    """The questions of one screen. `look` shows the session anew at once, `look_soon` as soon as a beat allows.

    `was_pressed` tells whether a key came just now. `go_to` leads to a record. `filters` are those that were used
    last, the newest first; `keep_filter` keeps one.
    """

    def __init__(
        self,
        watch: SessionView,
        monitor: Monitor,
        definition: Definition,
        *,
        run: Run,
        look: Callable[[], None],
        look_soon: Callable[[], None],
        was_pressed: Callable[[], bool],
        go_to: Callable[[int], None],
        filters: Sequence[str],
        keep_filter: Callable[[str], None],
    ) -> None:
        self.session_view = watch
        self.monitor = monitor
        self._definition = definition
        self._run = run
        self._look = look
        self._look_soon = look_soon
        self._was_pressed = was_pressed
        self._go_to = go_to
        self._vocabulary: Vocabulary | None = None
        self._speaks = False
        self._needle: Needle | None = None
        self._filters = [text for text in reversed(filters) if text.isprintable()]
        self._search: Search | None = None
        self._is_sifting = False
        self._keep_filter = keep_filter
        self._found: list[str] = []
        self._places: list[str] = []

    def find(self) -> None:
        """Ask what to find."""
        tip = "a text, or bytes in hex: the next row that has it; n and N go on; nothing ends the marking"
        self.monitor.ask(Question("find", tip, self._begin_to_find, history=self._found))

    def find_next(self, step: int) -> None:
        """Go to the next row that has what was asked for last, or to the one before."""
        if self._needle is None:
            self.find()
        else:
            self._run(self._look_for(self._needle, step), "find")

    def go(self) -> None:
        """Ask where to go."""
        self.monitor.ask(Question("go to", GOTO_HINT, self._went, check=self._wrong_place, history=self._places))

    def note(self) -> None:
        """Ask for a note at the chosen record."""
        number = self.monitor.traffic.number
        if number is None:
            return
        self.monitor.traffic.stop_following()
        tip = "what you want to remember of this record; nothing takes the note away"
        text = self.session_view.notes.get(number, "")
        self.monitor.ask(Question(f"note at #{number}", tip, lambda text: self._noted(number, text), text))

    def filter(self) -> None:
        """Ask what to show, beginning with the filter that is on."""
        if self._vocabulary is None:
            self._run(self._load_language(), "language")
        text = self.session_view.filter if self.session_view.filter.isprintable() else ""
        self.monitor.ask(
            Question(
                "filter",
                "such as: status == Faulted or crc bad; nothing shows everything; Tab completes",
                self.sift,
                text,
                check=self._wrong_filter,
                complete=self._complete_filter,
                history=self._filters,
            )
        )

    def sift(self, text: str) -> None:
        """Show what this filter lets through; an empty one shows everything. The text must be a filter."""
        self.session_view.set_filter(text, self._parsed(text) if text else None)
        self._search = None
        if text and text.isprintable():
            self._keep_filter(text)
        self._look()
        self.go_on_sifting()

    def go_on_sifting(self) -> None:
        """Let the filter see all that it has not seen yet."""
        if self.session_view.is_filtering and not self._is_sifting:
            self._is_sifting = True
            self._run(self._sift(), "sift")

    def sift_alike(self) -> None:
        """Show the records that are like the chosen one: of its name, its reason or its process."""
        number = self.monitor.traffic.number
        if number is None:
            return
        from sniffer.filter.builder import quote_value

        record = self.session_view.store.record(number)
        item = record.item
        name = item.line.process if isinstance(item, TextMessage) else describe.row_text(record).name
        kinds = {"frame": "name", "noise": "noise", "text": "process"}
        shape = self.session_view.store.shape(number).kind
        kind = kinds.get(shape)
        without = {"text": "text and not process"}
        self.sift(f"{kind} == {quote_value(name)}" if kind and name else without.get(shape, shape))

    def sift_part(self, record: Record, name: str, start: int) -> None:
        """Show the records that have this part of a record as it is there."""
        from sniffer.filter.builder import build_part_filter

        if text := build_part_filter(record, name, start, self._names()):
            self.sift(text)

    async def _sift(self) -> None:
        try:
            while self.session_view.is_filtering:
                self.session_view.continue_filter(SLICE)
                self._look_soon()
                await self._breathe()
        finally:
            self._is_sifting = False
        self._look()

    async def _breathe(self) -> None:
        """Let bytes and keys have their turn."""
        await asyncio.sleep(LONG_BREATH if self._was_pressed() else BREATH)

    async def _load_language(self) -> None:
        """Parse a filter in a thread while the first one is typed: making the parser takes longer than a key may."""
        await asyncio.to_thread(self._parsed, "noise")
        self._speaks = True
        self.monitor.hint()

    def _parsed(self, text: str) -> "Filter":
        from sniffer.filter.compiler import compile_filter

        return compile_filter(text, self._names())

    def _names(self) -> "Vocabulary":
        """The words of the filter language: made when the first filter is asked for, as few sessions need them."""
        if self._vocabulary is None:
            from sniffer.filter.vocabulary import Vocabulary

            self._vocabulary = Vocabulary(self._definition, lambda: self.session_view.session.source.zone)
        return self._vocabulary

    def _wrong_filter(self, text: str) -> Problem | None:
        try:
            self._parsed(text)
        except QueryError as error:
            return Problem(error.message, error.start, error.end)
        return None

    def _complete_filter(self, text: str, cursor: int) -> list[PromptCompletion]:
        if not text and not self._speaks:
            # To ask now would wait for the thread that loads the language.
            return []
        from sniffer.filter.completion import complete

        offers = complete(text, cursor, self._names())
        return [PromptCompletion(*offer) for offer in offers if offer.text.isprintable()]

    def _begin_to_find(self, text: str) -> None:
        self._needle = Needle(text, self._definition) if text else None
        self.monitor.traffic.highlight(text)
        if self._needle:
            self._run(self._look_for(self._needle, 1), "find")

    async def _look_for(self, needle: Needle, step: int) -> None:
        self._look()
        traffic = self.monitor.traffic
        search = self._search = traffic.start_search(needle, self.session_view.notes, step)
        while not search.is_over:
            found = search.work(SLICE)
            if found is not None:
                traffic.go_to_position(found)
                self._tell("went on from the other end" if search.has_turned else "")
                return
            self._tell(f"looking for {needle.text!r}: {search.share:.0%}")
            await self._breathe()
            if self._search is not search:
                # The list shows other records now, and the places that are looked through are not in it.
                return
        self._tell(f"{needle.text!r} is nowhere in the list")

    def _tell(self, text: str) -> None:
        self.monitor.traffic.show_message(text)

    def _wrong_place(self, text: str) -> Problem | None:
        try:
            find_record(text, self.session_view.store, self.session_view.session.source.zone)
        except ValueError as error:
            return Problem(str(error), 0, len(text))
        return None

    def _went(self, text: str) -> None:
        if text:
            self._go_to(find_record(text, self.session_view.store, self.session_view.session.source.zone))

    def _noted(self, number: int, text: str) -> None:
        self.session_view.set_note(number, text)
        self._look()
