"""The actions that ask at the prompt, and what is done with the answers: filter, go to, note.

In: actions from keys, and a field of the detail pane to filter for. Out: the traffic list moved, marked or filtered;
`FilterUsed` for each filter that the user sets. A filter examines a long session in slices, between which keys and
bytes are handled.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from sniffer.base.errors import QueryError
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.record import Record
from sniffer.text import describe
from sniffer.tui.bars.prompt import Problem, PromptCompletion, Question
from sniffer.tui.controllers.finding import FindActions
from sniffer.tui.detail.pane import DetailPane
from sniffer.tui.state.session_view import SLICE, SessionView
from sniffer.tui.traffic.goto import GOTO_HINT, describe_missing_line, find_record

if TYPE_CHECKING:
    from sniffer.filter.predicates import Filter
    from sniffer.filter.vocabulary import Vocabulary


class PromptActions(FindActions):
    """A session screen with actions that use the prompt. `filters` are the filters used last, newest first."""

    class FilterUsed(Message):
        """The user set this filter."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, session_view: SessionView, definition: Definition, filters: Sequence[str]) -> None:
        super().__init__(session_view, definition)
        self._vocabulary: Vocabulary | None = None
        self._is_language_loaded = False
        self._is_filter_running = False
        self._filter_history = [text for text in reversed(filters) if text.isprintable()]
        self._place_history: list[str] = []

    # Filter

    def action_filter(self) -> None:
        """Ask for a filter, beginning with the current one."""
        self.leave_preview()
        if self._vocabulary is None:
            self.run_worker(self._load_language(), group="language", exclusive=True)
        text = self.session_view.filter if self.session_view.filter.isprintable() else ""
        self.prompt.ask(
            Question(
                "filter",
                "such as: status == Faulted or crc bad; empty: show everything; Tab completes",
                self.apply_filter,
                text,
                check=self._check_filter,
                complete=self._complete_filter,
                history=self._filter_history,
            )
        )

    def action_filter_alike(self) -> None:
        """Show only records like the chosen one: of the same name, action, noise reason or process."""
        number = self.traffic.number
        if number is None:
            return
        from sniffer.filter.builder import quote_value

        record = self.session_view.store.record(number)
        item = record.item
        if isinstance(item, TextMessage):
            value = describe.find_ocpp_action(item.ocpp, record.refers) if item.ocpp else item.line.process
        else:
            value = describe.format_row(record).name
        kind = self.session_view.store.kind_of(number).kind
        attribute = {"frame": "name", "noise": "noise", "text": "process", "ocpp": "ocpp.action"}.get(kind)
        if attribute and value:
            self.apply_filter(f"{attribute} == {quote_value(value)}")
        else:
            self.apply_filter("text and not process" if kind == "text" else kind)

    @on(DetailPane.FilterFor)
    def _filter_for_field(self, message: DetailPane.FilterFor) -> None:
        message.stop()
        self.filter_for_part(message.record, message.name, message.start)

    def filter_for_part(self, record: Record, name: str, start: int) -> None:
        """Show only records in which the part `name` at byte `start` has the same value as in this record."""
        from sniffer.filter.builder import build_part_filter

        if text := build_part_filter(record, name, start, self._filter_vocabulary()):
            self.apply_filter(text)

    def apply_filter(self, text: str) -> None:
        """Show only the records that match this valid filter; an empty text shows all of them."""
        self.session_view.set_filter(text, self._compile_filter(text) if text else None)
        self.forget_search()
        if text and text.isprintable():
            self.post_message(self.FilterUsed(text))
        self.refresh_now()
        self.continue_filtering()

    def continue_filtering(self) -> None:
        """Let the filter examine the records that it has not examined yet."""
        if self.session_view.is_filtering and not self._is_filter_running:
            self._is_filter_running = True
            self.run_worker(self._run_filter(), group="filter", exclusive=True)

    async def _run_filter(self) -> None:
        """Examine the records for the filter in slices, until all are examined."""
        try:
            while self.session_view.is_filtering:
                self.session_view.continue_filter(SLICE)
                self.refresh_soon()
                await self.pause_between_slices()
        finally:
            self._is_filter_running = False
        self.refresh_now()

    async def _load_language(self) -> None:
        """Compile a filter in a thread while the user types: to build the parser takes longer than a key may take."""
        await asyncio.to_thread(self._compile_filter, "noise")
        self._is_language_loaded = True
        self.prompt.hint()

    def _compile_filter(self, text: str) -> "Filter":
        from sniffer.filter.compiler import compile_filter

        return compile_filter(text, self._filter_vocabulary())

    def _filter_vocabulary(self) -> "Vocabulary":
        """Return the words of the filter language, built for the first filter because few sessions need them."""
        if self._vocabulary is None:
            from sniffer.filter.vocabulary import Vocabulary

            self._vocabulary = Vocabulary(self.definition, lambda: self.session_view.session.source.zone)
        return self._vocabulary

    def _check_filter(self, text: str) -> Problem | None:
        """Return the mistake in a filter; None if it is right."""
        try:
            self._compile_filter(text)
        except QueryError as error:
            return Problem(error.message, error.start, error.end)
        return None

    def _complete_filter(self, text: str, cursor: int) -> list[PromptCompletion]:
        """Return the completions of a filter at the cursor; none until the filter language is loaded."""
        if not text and not self._is_language_loaded:
            # To complete now would wait for the thread that loads the language.
            return []
        from sniffer.filter.completion import complete

        completions = complete(text, cursor, self._filter_vocabulary())
        return [PromptCompletion(*completion) for completion in completions if completion.text.isprintable()]

    # Go to, note

    def action_go(self) -> None:
        """Ask for a record or a time to go to."""
        self.prompt.ask(Question("go to", GOTO_HINT, self._go, check=self._check_place, history=self._place_history))

    def _check_place(self, text: str) -> Problem | None:
        """Return why this text names no record to go to; None if it names one."""
        try:
            find_record(text, self.session_view.store, self.session_view.session.source.zone)
        except ValueError as error:
            return Problem(str(error), 0, len(text))
        return None

    def _go(self, text: str) -> None:
        """Go to the record that this text names; an empty text does nothing."""
        if text:
            store = self.session_view.store
            number = find_record(text, store, self.session_view.session.source.zone)
            self.go_to(number)
            if self.traffic.number == number and (missing := describe_missing_line(text, number, store)):
                self.traffic.show_message(missing)

    def action_note(self) -> None:
        """Ask for a note on the chosen record."""
        number = self.traffic.number
        if number is None:
            return
        self.traffic.stop_following()
        tip = "what you want to remember about this record; empty: remove the note"
        text = self.session_view.notes.get(number, "")
        self.prompt.ask(Question(f"note at #{number}", tip, lambda answer: self._save_note(number, answer), text))

    def _save_note(self, number: int, text: str) -> None:
        self.session_view.set_note(number, text)
        self.forget_matches()
        self.refresh_now()
