"""The prompt at the bottom where the user types: a text to find, a filter, a place to go to, a note.

In: a `Question` (`ask`). Out: a call of its `answer` with the text, if its `check` finds no problem. A problem is shown
and its place marked while the user types. Tab completes; up and down go through the earlier answers.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from msgspec import Struct, field
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

MAX_HISTORY = 50
"""The most earlier answers that are kept for one kind of question."""


class Problem(NamedTuple):
    """A problem of the typed text, at the characters from `start` up to but not including `end`."""

    message: str
    start: int
    end: int


class PromptCompletion(NamedTuple):
    """A completion: the text that can replace the characters from `start` up to the cursor."""

    start: int
    text: str


def accept_any_text(_text: str) -> Problem | None:
    """Return None: every text is a valid answer. The default check of a question."""
    return None


def complete_nothing(_text: str, _cursor: int) -> Sequence[PromptCompletion]:
    """Return no completions. The default of a question."""
    return ()


class Question(Struct, frozen=True, eq=False):
    """A question to the user.

    `tip` is shown under the line until there is a problem or a completion to show. `text` is in the line at the start.
    `history` are the earlier answers, oldest first; a new answer is added to it.
    """

    label: str
    tip: str
    answer: Callable[[str], None]
    text: str = ""
    check: Callable[[str], Problem | None] = accept_any_text
    complete: Callable[[str, int], Sequence[PromptCompletion]] = complete_nothing
    history: list[str] = field(default_factory=list)


class _ProblemHighlighter(Highlighter):
    """The highlighter that marks the place of a problem in the text."""

    def __init__(self) -> None:
        self.problem: Problem | None = None

    def highlight(self, text: Text) -> None:
        if self.problem:
            text.stylize("underline bold", self.problem.start, max(self.problem.end, self.problem.start + 1))


class PromptInput(Input):
    """The input line, with the keys of the prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "prompt('complete')", "complete", tooltip="Complete the word, or go to the next completion"),
        Binding("up", "prompt('earlier')", "earlier", tooltip="Recall the previous entry"),
        Binding("down", "prompt('later')", "later", show=False, tooltip="Recall the next entry"),
        Binding("escape", "prompt('leave')", "cancel", tooltip="Cancel"),
    ]

    class Key(Message):
        """The user pressed one of the prompt's keys: "complete", "earlier", "later" or "leave"."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def action_prompt(self, name: str) -> None:
        """Report the key to the prompt."""
        self.post_message(self.Key(name))


class Prompt(Vertical):
    """The label, the input line and the hint, visible while a question is open.

    `on_close` is called when the question is answered or cancelled.
    """

    DEFAULT_CSS = """
    Prompt { height: 2; background: $panel; }
    Prompt Horizontal { height: 1; }
    Prompt #label { width: auto; color: $accent; text-style: bold; }
    Prompt #typed { width: 1fr; background: $panel; }
    Prompt #hint { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, on_close: Callable[[], object]) -> None:
        super().__init__(id="prompt")
        self._on_close = on_close
        self._highlighter = _ProblemHighlighter()
        self._question: Question | None = None
        self._completed: tuple[Sequence[PromptCompletion], int, int] | None = None
        self._history_index = 0
        self.display = False

    def compose(self) -> ComposeResult:
        """Return the label before the line, and the hint under both."""
        with Horizontal():
            yield Static(id="label", markup=False)
            line = PromptInput(id="typed", compact=True, select_on_focus=False, highlighter=self._highlighter)
            line.cursor_blink = False
            yield line
        yield Static(id="hint", markup=False)

    def ask(self, question: Question) -> None:
        """Open the prompt with this question, in place of one that is open."""
        self._question = question
        self._history_index = len(question.history)
        self.query_one("#label", Static).update(f" {question.label} ")
        self._set_text(question.text)
        self.display = True
        # Set at once: `focus` would take effect after the keys that arrived together with this one.
        self.screen.set_focus(self._line)
        self.hint()

    @property
    def _line(self) -> PromptInput:
        """The input line."""
        return self.query_one(PromptInput)

    def _set_text(self, text: str, cursor: int | None = None) -> None:
        line = self._line
        line.value = text
        line.cursor_position = len(text) if cursor is None else cursor

    @on(Input.Changed)
    def _show_hint_while_typing(self, event: Input.Changed) -> None:
        event.stop()
        self.hint()

    @on(Input.Submitted)
    def _accept_answer(self, event: Input.Submitted) -> None:
        """Close the prompt and pass on the answer, unless the check of the question rejects it."""
        event.stop()
        question, text = self._question, event.value.strip()
        if question is None or (text and question.check(text)):
            return
        if text:
            if text in question.history:
                question.history.remove(text)
            question.history.append(text)
            del question.history[:-MAX_HISTORY]
        self.close()
        question.answer(text)

    @on(PromptInput.Key)
    def _handle_key(self, event: PromptInput.Key) -> None:
        event.stop()
        match event.name:
            case "complete":
                self._complete()
            case "earlier":
                self._recall_answer(-1)
            case "later":
                self._recall_answer(1)
            case "leave":
                self.close()

    @property
    def is_open(self) -> bool:
        """True while a question waits for its answer, though a click may have moved the focus away."""
        return self._question is not None

    def close(self) -> None:
        """Hide the prompt and call `on_close`. A question that waits is not answered."""
        self._question = None
        self.display = False
        self._on_close()

    def _recall_answer(self, step: int) -> None:
        """Put an earlier answer into the line, or a later one if `step` is positive."""
        if self._question:
            history = self._question.history
            self._history_index = max(0, min(self._history_index + step, len(history)))
            self._set_text(history[self._history_index] if self._history_index < len(history) else "")

    def _complete(self) -> None:
        """Insert the completion; pressed again, replace it with the next one."""
        if self._question is None:
            return
        line = self._line
        if self._completed and self._completed[2] == line.cursor_position:
            completions, index, _ = self._completed
            previous = completions[index]
            index = (index + 1) % len(completions)
            end = previous.start + len(previous.text)
        else:
            completions, index, end = self._question.complete(line.value, line.cursor_position), 0, line.cursor_position
            if not completions:
                return
        chosen = completions[index]
        self._set_text(line.value[: chosen.start] + chosen.text + line.value[end:], chosen.start + len(chosen.text))
        self._completed = (completions, index, line.cursor_position)
        self.hint()

    def hint(self) -> None:
        """Show a hint on the typed text: its problem, else its completions, else the tip of the question."""
        question = self._question
        try:
            line, hint = self._line, self.query_one("#hint", Static)
        except NoMatches:
            return
        if question is None:
            return
        text, cursor = line.value, line.cursor_position
        problem = question.check(text) if text.strip() else None
        self._highlighter.problem = problem
        line.refresh()
        completions = question.complete(text, cursor)
        words = "  ".join(printable(completion.text.strip()) for completion in completions)
        if problem is None:
            hint.update(Content.assemble((f" {words or question.tip}", "$quiet")))
            return
        indent = line.region.x - self.region.x + problem.start - int(line.scroll_x)
        mark = "^" * max(1, problem.end - problem.start)
        message = f"{mark} {printable(problem.message)}"
        room = max(0, min(indent, self.size.width - len(message) - 1))
        tail = f"   {words}" if words else ""
        hint.update(Content.assemble(" " * room, (message, "$warning"), (tail, "$quiet")))
