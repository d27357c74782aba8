"""The actions that find a text in the list: ask for it, go from one row to the next, and count the rows.

In: actions from keys. Out: the traffic list, moved and marked. A search examines a long session in slices, between
which keys and bytes are handled. Where the list follows a live session, the newest row comes first, and `n` goes on to
older ones.
"""

from sniffer.core.protocol.definition import Definition
from sniffer.tui.bars.prompt import Question
from sniffer.tui.controllers.navigation import NavigationActions
from sniffer.tui.state.search import MatchCount, Needle, Search
from sniffer.tui.state.session_view import SLICE, SessionView


class FindActions(NavigationActions):
    """A session screen with actions that find a text."""

    def __init__(self, session_view: SessionView, definition: Definition) -> None:
        super().__init__(session_view, definition)
        self._needle: Needle | None = None
        self._search: Search | None = None
        self._direction = 1
        self._match_count: MatchCount | None = None
        self._find_history: list[str] = []

    @property
    def is_finding(self) -> bool:
        """True if a text was searched for, so that `n` and `N` go on."""
        return self._needle is not None

    def action_find(self) -> None:
        """Ask what to find."""
        self.leave_preview()
        tip = "a text, or bytes in hex; n and N: next and previous; empty: end the marking"
        self.prompt.ask(Question("find", tip, self._start_search, history=self._find_history))

    def action_find_next(self, step: int) -> None:
        """Go on to the next row with the text searched for last; with a `step` of -1, back the other way."""
        self.leave_preview()
        if self._needle is None:
            self.action_find()
        else:
            self._run(self._needle, step * self._direction)

    def forget_search(self) -> None:
        """End the search that runs, because the list shows other records now."""
        self._search = None
        self.forget_matches()

    def forget_matches(self) -> None:
        """Count the matching rows again at the next search."""
        self._match_count = None

    def _start_search(self, text: str) -> None:
        self._needle = Needle(text, self.definition) if text else None
        self.forget_matches()
        self.traffic.highlight(text)
        if self._needle:
            is_tail = self.session_view.playback is None and self.traffic.following
            self._direction = -1 if is_tail else 1
            self._run(self._needle, self._direction, from_end=is_tail)

    def _run(self, needle: Needle, step: int, *, from_end: bool = False) -> None:
        self.run_worker(self._run_search(needle, step, from_end=from_end), group="find", exclusive=True)

    async def _run_search(self, needle: Needle, step: int, *, from_end: bool) -> None:
        """Search slice by slice, and go to the first match; a new search ends this one."""
        self.refresh_now()
        search = self._search = self.traffic.start_search(needle, self.session_view.notes, step, from_end=from_end)
        while not search.is_over:
            position = search.run_for(SLICE)
            if position is not None:
                self.traffic.go_to_position(position)
                await self._count_matches(search, needle, position)
                return
            self.traffic.show_message(f"looking for {needle.text!r}: {search.share:.0%}")
            await self.pause_between_slices()
            if self._search is not search:
                # The list shows other records now, and the positions searched so far are not in it.
                return
        self.traffic.show_message(f"{needle.text!r} is nowhere in the list")

    async def _count_matches(self, search: Search, needle: Needle, position: int) -> None:
        """Show which of the matching rows this one is, as soon as all are counted."""
        wrapped = ", went on from the other end" if search.has_wrapped else ""
        count = self._match_count = self._match_count or MatchCount(needle, self.session_view.notes)
        while not count.run_for(search.window, SLICE):
            self.traffic.show_message(f"{needle.text!r}: counting {count.share_of(search.window):.0%}{wrapped}")
            await self.pause_between_slices()
            if self._match_count is not count or self._search is not search:
                return
        self.traffic.show_message(f"{needle.text!r}: {count.rank(position):,} of {len(count):,}{wrapped}")
