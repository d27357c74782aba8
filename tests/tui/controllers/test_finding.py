"""Finding in the list, going from request to answer, and notes."""

import pytest
from textual.pilot import Pilot

from sniffer.core.wire.items import Chunk
from tests.tui.helpers import (
    FakeSource,
    parameter,
    part,
    replayed,
    running,
    screen,
    sees,
    status_answer,
    status_report,
    until,
)


def chosen(pilot: Pilot[None]) -> str:
    return next((line for line in part(pilot, "traffic").splitlines() if "▌" in line), "")


async def find(pilot: Pilot[None], text: str) -> None:
    await pilot.press("slash", *text, "enter")


async def test_text_is_found_and_found_again() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await find(pilot, "phase volt")
        await until(pilot, lambda: "L1 228.26" in chosen(pilot))
        await find(pilot, "ACCEPTANCE")
        await until(pilot, lambda: "acceptance" in chosen(pilot))
        first = chosen(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "acceptance" in chosen(pilot) and chosen(pilot) != first)
        await pilot.press("N")
        await until(pilot, lambda: chosen(pilot) == first)


async def test_bytes_are_found() -> None:
    async with replayed() as pilot:
        await find(pilot, "59 2a 59 68")
        await until(pilot, lambda: "phase voltages" in chosen(pilot))


async def test_event_is_found() -> None:
    async with replayed() as pilot:
        await find(pilot, "fault raised")
        await until(pilot, lambda: "▲ fault raised" in chosen(pilot))


async def test_search_goes_on_from_the_other_end() -> None:
    async with replayed() as pilot:
        await find(pilot, "relay answer")
        await until(pilot, lambda: "from the other end" in part(pilot, "traffic"))
        assert "relay answer" in chosen(pilot)


async def test_row_found_is_numbered_among_all_that_match() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await find(pilot, "status")
        await sees(pilot, "traffic", "'status': 1 of ")
        await pilot.press("n")
        await sees(pilot, "traffic", "'status': 2 of ")
        await pilot.press("j")
        await until(pilot, lambda: "'status'" not in part(pilot, "traffic"))


async def test_newest_row_comes_first_where_the_list_follows_a_live_session() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Available"), parameter(2), status_report("Charging", sequence=3), parameter(4))
        await sees(pilot, "header", "4 records")
        await find(pilot, "status report")
        await sees(pilot, "traffic", "'status report': 2 of 2")
        assert "Charging" in chosen(pilot)
        await pilot.press("n")
        await sees(pilot, "traffic", "'status report': 1 of 2")
        await pilot.press("N")
        await sees(pilot, "traffic", "'status report': 2 of 2")


async def test_what_was_found_in_other_rows_is_not_shown_any_more() -> None:
    async with replayed() as pilot:
        await find(pilot, "never")
        await sees(pilot, "traffic", "'never' is nowhere in the list")
        await pilot.press("f", *"noise", "enter")
        await until(pilot, lambda: "nowhere" not in part(pilot, "traffic"))


async def test_what_is_nowhere_is_reported() -> None:
    async with replayed() as pilot:
        before = chosen(pilot)
        await find(pilot, "[red]nothing")
        await until(pilot, lambda: "'[red]nothing' is nowhere" in screen(pilot))
        assert chosen(pilot) == before


async def test_n_without_a_search_asks() -> None:
    async with replayed() as pilot:
        await pilot.press("n")
        await sees(pilot, "prompt", "find")
        await pilot.press("escape")
        assert pilot.app.screen.focused is not None
        assert pilot.app.screen.focused.id == "traffic"


async def test_enter_goes_to_the_answer_and_back() -> None:
    between = (Chunk(parameter(sequence), sequence) for sequence in range(2, 40))
    source = FakeSource(Chunk(status_report("Available"), 0), *between, Chunk(status_answer(1), 40_000_000))
    async with running(source) as pilot:
        await sees(pilot, "header", "40 records")
        await pilot.press("g")
        await sees(pilot, "traffic", "answered by #40 after 40.0 ms, Enter goes there")
        await pilot.press("enter")
        await until(pilot, lambda: "status answer" in chosen(pilot))
        assert "answers #1 after 40.0 ms, Enter goes there" in part(pilot, "traffic")
        await pilot.press("enter")
        await until(pilot, lambda: "status report" in chosen(pilot))
        await pilot.press("d")
        assert pilot.app.screen.focused is not None
        assert pilot.app.screen.focused.id == "detail"


async def test_partner_in_sight_is_marked() -> None:
    async with running(FakeSource(Chunk(status_report("Available"), 0), Chunk(status_answer(1), 5))) as pilot:
        await sees(pilot, "header", "2 records")
        await pilot.press("g")
        await until(pilot, lambda: any("◆" in line and "status answer" in line for line in screen(pilot).splitlines()))


async def test_note_stands_at_its_record_and_can_be_found_and_taken_away() -> None:
    async with replayed() as pilot:
        await pilot.press("g", "j", "semicolon", *"look here", "enter")
        await until(pilot, lambda: "✎ look here" in chosen(pilot))
        await pilot.press("G")
        await find(pilot, "look here")
        await until(pilot, lambda: "✎ look here" in chosen(pilot))
        await pilot.press("semicolon")
        await sees(pilot, "prompt", "look here")
        await pilot.press("ctrl+u", "enter")
        await until(pilot, lambda: "✎" not in part(pilot, "traffic"))


@pytest.mark.parametrize(
    ("key", "end"), [("slash", "end the marking"), ("colon", "(+1:05)"), ("semicolon", "remove the note")]
)
async def test_the_tip_of_a_prompt_is_whole_on_a_narrow_screen(key: str, end: str) -> None:
    async with replayed((80, 24)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: end in screen(pilot))
