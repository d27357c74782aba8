"""The prompt: typed, checked, completed, remembered."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from sniffer.tui.bars.prompt import MAX_HISTORY, Problem, Prompt, PromptCompletion, Question

WORDS = ("status", "station", "sequence")


class PromptApp(App[None]):
    """A prompt and nothing else."""

    def compose(self) -> ComposeResult:
        yield Prompt(lambda: None)


def no_x(text: str) -> Problem | None:
    at = text.find("x")
    return Problem("no [x] here", at, at + 1) if at >= 0 else None


def words(text: str, cursor: int) -> Sequence[PromptCompletion]:
    start = text.rfind(" ", 0, cursor) + 1
    return [PromptCompletion(start, word) for word in WORDS if word.startswith(text[start:cursor])]


@asynccontextmanager
async def asked(question: Question) -> AsyncIterator[Pilot[None]]:
    async with PromptApp().run_test(size=(60, 6)) as pilot:
        pilot.app.query_one(Prompt).ask(question)
        await pilot.pause()
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(part.text for part in strip) for strip in strips)


def typed(pilot: Pilot[None]) -> str:
    return pilot.app.query_one(Input).value


def question(answers: list[str], history: list[str] | None = None) -> Question:
    return Question("find", "a tip", answers.append, history=[] if history is None else history)


async def test_answer_is_what_was_typed() -> None:
    answers: list[str] = []
    async with asked(question(answers)) as pilot:
        assert "find" in shown(pilot)
        assert "a tip" in shown(pilot)
        await pilot.press(*"a b", "enter")
        assert answers == ["a b"]
        assert not pilot.app.query_one(Prompt).display


async def test_escape_answers_nothing() -> None:
    answers: list[str] = []
    async with asked(question(answers)) as pilot:
        await pilot.press("a", "escape")
        assert answers == []
        assert not pilot.app.query_one(Prompt).display


async def test_what_is_wrong_is_reported_under_its_place_and_not_taken() -> None:
    answers: list[str] = []
    async with asked(replace(question(answers), check=no_x)) as pilot:
        await pilot.press(*"abx", "enter")
        assert answers == []
        lines = shown(pilot).splitlines()
        at = next(line for line in lines if "abx" in line).index("abx") + 2
        reported = next(line for line in lines if "no [x] here" in line)
        assert reported.index("^") == at
        await pilot.press("backspace", "enter")
        assert answers == ["ab"]


async def test_tab_completes_and_goes_through_the_completions() -> None:
    answers: list[str] = []
    async with asked(replace(question(answers), complete=words)) as pilot:
        await pilot.press(*"a st")
        assert "status  station" in shown(pilot)
        seen = []
        for _ in range(3):
            await pilot.press("tab")
            seen.append(typed(pilot))
        assert seen == ["a status", "a station", "a status"]
        await pilot.press(*" se", "tab")
        assert typed(pilot) == "a status sequence"
        await pilot.press(*" zz", "tab")
        assert typed(pilot) == "a status sequence zz"


async def test_completion_leaves_what_stands_after() -> None:
    answers: list[str] = []
    async with asked(replace(question(answers), complete=words, text="st == 1")) as pilot:
        await pilot.press("home", "right", "right", "tab")
        assert typed(pilot) == "status == 1"
        await pilot.press("tab")
        assert typed(pilot) == "station == 1"


async def test_arrows_go_through_what_was_typed_before() -> None:
    history = ["one", "two"]
    async with asked(question([], history)) as pilot:
        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await pilot.press(key)
            seen.append(typed(pilot))
        assert seen == ["two", "one", "one", "two", ""]


async def test_history_has_each_answer_once_the_latest_last_and_is_bounded() -> None:
    history = [str(number) for number in range(MAX_HISTORY)]
    async with asked(question([], history)) as pilot:
        await pilot.press("7", "enter")
        assert history[-1] == "7"
        assert history.count("7") == 1
        pilot.app.query_one(Prompt).ask(question([], history))
        await pilot.press("n", "enter")
        assert len(history) == MAX_HISTORY
        assert history[-2:] == ["7", "n"]
