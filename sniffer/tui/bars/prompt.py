"""The line at the bottom where the user types: what to find, what to filter for, where to go, a note.

In: a `Question` (`ask`). Out: its `answer` is called with what was typed, once its `check` finds nothing wrong. What is
wrong is told while it is typed, with the place marked; Tab completes, up and down go through what was typed before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Input, Static

from sniffer.base.sanitize import printable

LONGEST_HISTORY = 50


class Problem(NamedTuple):
    """What is wrong with a text, and where: from `start` up to `end`."""

    message: str
    start: int
    end: int


class PromptCompletion(NamedTuple):
    """What the text from `start` up to the cursor can be completed to."""

    start: int
    text: str


def accept_any_text(_text: str) -> Problem | None:
    """For questions that take any answer."""
    return None


def complete_nothing(_text: str, _cursor: int) -> Sequence[PromptCompletion]:
    """For questions that nobody can guess the answer to."""
    return ()


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked. `tip` stands under the line until there is more to say; `text` is there to begin with."""

    label: str
    tip: str
    answer: Callable[[str], None]
    text: str = ""
    check: Callable[[str], Problem | None] = accept_any_text
    complete: Callable[[str, int], Sequence[PromptCompletion]] = complete_nothing
    history: list[str] = field(default_factory=list)


class _Marking(Highlighter):
    """Marks the place of a problem in the text."""

    def __init__(self) -> None:
        self.problem: Problem | None = None

    def highlight(self, text: Text) -> None:
        if self.problem:
            text.stylize("underline bold", self.problem.start, max(self.problem.end, self.problem.start + 1))


class PromptInput(Input):
    """The line itself, with keys of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "prompt('complete')", "complete", tooltip="Complete the word, or go to the next completion"),
        Binding("up", "prompt('earlier')", "earlier", tooltip="What was typed before"),
        Binding("down", "prompt('later')", "later", show=False, tooltip="What was typed after that"),
        Binding("escape", "prompt('leave')", "cancel", tooltip="Leave it as it was"),
    ]

    class Key(Message):
        """One of these keys was pressed."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def action_prompt(self, name: str) -> None:
        """Tell the prompt."""
        self.post_message(self.Key(name))


class Prompt(Vertical):
    """Label, line and hint. It is in sight while something is asked; `gone` is called when nothing is any more."""

    DEFAULT_CSS = """
    Prompt { height: 2; background: $panel; }
    Prompt Horizontal { height: 1; }
    Prompt #asks { width: auto; color: $accent; text-style: bold; }
    Prompt #typed { width: 1fr; background: $panel; }
    Prompt #hint { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, gone: Callable[[], object]) -> None:
        super().__init__(id="prompt")
        self._gone = gone
        self._marking = _Marking()
        self._question: Question | None = None
        self._offered: tuple[Sequence[PromptCompletion], int, int] | None = None
        self._place = 0
        self.display = False

    def compose(self) -> ComposeResult:
        """The label before the line, the hint under both."""
        with Horizontal():
            yield Static(id="asks", markup=False)
            line = PromptInput(id="typed", compact=True, select_on_focus=False, highlighter=self._marking)
            line.cursor_blink = False
            yield line
        yield Static(id="hint", markup=False)

    def ask(self, question: Question) -> None:
        """Ask; what was asked before is forgotten."""
        self._question = question
        self._place = len(question.history)
        self.query_one("#asks", Static).update(f" {question.label} ")
        self._put(question.text)
        self.display = True
        # At once: `focus` would do it after the keys that came together with this one.
        self.screen.set_focus(self._line)
        self.hint()

    @property
    def _line(self) -> PromptInput:
        return self.query_one(PromptInput)

    def _put(self, text: str, cursor: int | None = None) -> None:
        line = self._line
        line.value = text
        line.cursor_position = len(text) if cursor is None else cursor

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.hint()

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        question, text = self._question, event.value.strip()
        if question is None or (text and question.check(text)):
            return
        if text:
            if text in question.history:
                question.history.remove(text)
            question.history.append(text)
            del question.history[:-LONGEST_HISTORY]
        self._close()
        question.answer(text)

    @on(PromptInput.Key)
    def _key(self, event: PromptInput.Key) -> None:
        event.stop()
        match event.name:
            case "complete":
                self._complete()
            case "earlier":
                self._recall(-1)
            case "later":
                self._recall(1)
            case "leave":
                self._close()

    def _close(self) -> None:
        self._question = None
        self.display = False
        self._gone()

    def _recall(self, step: int) -> None:
        if self._question:
            history = self._question.history
            self._place = max(0, min(self._place + step, len(history)))
            self._put(history[self._place] if self._place < len(history) else "")

    def _complete(self) -> None:
        """Put in the completion, or where there are more, the next of them."""
        if self._question is None:
            return
        line = self._line
        if self._offered and self._offered[2] == line.cursor_position:
            offers, index, _ = self._offered
            before = offers[index]
            index = (index + 1) % len(offers)
            end = before.start + len(before.text)
        else:
            offers, index, end = self._question.complete(line.value, line.cursor_position), 0, line.cursor_position
            if not offers:
                return
        chosen = offers[index]
        self._put(line.value[: chosen.start] + chosen.text + line.value[end:], chosen.start + len(chosen.text))
        self._offered = (offers, index, line.cursor_position)
        self.hint()

    def hint(self) -> None:
        """Tell of what is typed: what is wrong, else what can be completed, else the tip."""
        question = self._question
        try:
            line, hint = self._line, self.query_one("#hint", Static)
        except NoMatches:
            return
        if question is None:
            return
        text, cursor = line.value, line.cursor_position
        problem = question.check(text) if text.strip() else None
        self._marking.problem = problem
        line.refresh()
        offers = question.complete(text, cursor)
        words = "  ".join(printable(offer.text.strip()) for offer in offers)
        if problem is None:
            hint.update(Content.assemble((f" {words or question.tip}", "$quiet")))
            return
        indent = line.region.x - self.region.x + problem.start - int(line.scroll_x)
        mark = "^" * max(1, problem.end - problem.start)
        told = f"{mark} {printable(problem.message)}"
        room = max(0, min(indent, self.size.width - len(told) - 1))
        tail = f"   {words}" if words else ""
        hint.update(Content.assemble(" " * room, (told, "$warning"), (tail, "$quiet")))
