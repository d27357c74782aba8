"""Notes that a session brings along: they stand in the list, and nothing is lost when the user leaves with them."""

from sniffer.core.wire.items import Chunk, Note
from tests.tui.helpers import FakeSource, parameter, running, sees, until
from tests.tui.screens.helpers import complains

SESSION = (Note("seen on the bench"), Chunk(parameter(1)), Chunk(parameter(2)))


async def test_note_of_the_file_stands_at_its_record() -> None:
    async with running(FakeSource(*SESSION)) as pilot:
        await sees(pilot, "traffic", "✎ seen on the bench")


async def test_note_that_comes_late_stands_at_its_record_as_well() -> None:
    source = FakeSource(*SESSION, live=True, ends=False)
    async with running(source) as pilot:
        await sees(pilot, "traffic", "✎ seen on the bench")
        source.give(Note("changed", number=1), Note("more", number=2))
        await sees(pilot, "traffic", "✎ changed")
        await sees(pilot, "traffic", "✎ more")


async def test_note_of_the_file_is_none_that_gets_lost() -> None:
    async with running(FakeSource(*SESSION)) as pilot:
        await sees(pilot, "traffic", "✎ seen on the bench")
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running)


async def test_note_of_the_file_that_was_changed_here_is_warned_of() -> None:
    async with running(FakeSource(*SESSION)) as pilot:
        await sees(pilot, "traffic", "✎ seen on the bench")
        await pilot.press("g", "semicolon", "!", "enter")
        await sees(pilot, "traffic", "✎ seen on the bench!")
        await pilot.press("q")
        await complains(pilot, "1 note is not exported")
