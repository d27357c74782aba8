"""A file on the screen: played, stepped, sought; and what is shown is what was known then."""

import asyncio
from collections.abc import Sequence

import pytest
from textual.pilot import Pilot

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.session import Session
from sniffer.sources.source import Item
from sniffer.tui.app import SnifferApp
from sniffer.tui.traffic.traffic_list import TrafficList
from tests.tui.helpers import FakeSource, parameter, part, replayed, running, screen, sees, until


def shown_numbers(pilot: Pilot[None]) -> list[int]:
    """Return the record numbers in the order of the list."""
    rows = [line.replace("▌", " ").split() for line in part(pilot, "traffic").splitlines()[1:]]
    return [int(row[0]) for row in rows if row and row[0].isdecimal()]


async def test_back_and_forth_record_by_record() -> None:
    async with replayed() as pilot:
        assert not pilot.app.screen.query_one("#replay").display
        await pilot.press("left")
        await sees(pilot, "replay", "#26 of 27")
        assert shown_numbers(pilot)[-1] == 26
        await pilot.press("left", "left", "right")
        await sees(pilot, "replay", "#25 of 27")
        await pilot.press("G")
        await until(pilot, lambda: not pilot.app.screen.query_one("#replay").display)
        assert shown_numbers(pilot)[-1] == 27


async def test_replay_shows_what_was_known() -> None:
    async with replayed() as pilot:
        await pilot.press("g", "right", "left")
        await sees(pilot, "replay", "#1 of 27")
        assert "REPLAY, panels at #1 " in part(pilot, "traffic")
        assert "27 records" in part(pilot, "header")
        assert "faults unknown" in part(pilot, "faults")
        assert "state unknown" in part(pilot, "glance")
        await pilot.press("a")
        await sees(pilot, "faults", "1 FAULT")
        assert "pending for 2 s" in part(pilot, "glance")
        assert shown_numbers(pilot)[-1] < 27


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (["a"], 13),
        (["A"], 13),
        (["s"], 13),
        (["S"], 13),
        (["colon", *"5", "enter"], 5),
        (["colon", *"00:00:50", "enter"], 23),
        (["slash", *"cpid", "enter"], 9),
        (["slash", *"cpid", "enter", "g", "n"], 9),
        (["4", "home"], 1),
        (["4", "left_square_bracket"], 13),
        (["2", "o"], 13),
        (["1", "o"], 13),
        (["A", "enter"], 20),
        (["r"], 3),
        (["colon", *"5", "enter", "semicolon", *"here", "enter", "g", "m"], 5),
        (["colon", *"5", "enter", "semicolon", *"here", "enter", "G", "M"], 5),
    ],
)
async def test_jump_in_a_file_moves_the_cursor_only(keys: list[str], number: int) -> None:
    async with replayed() as pilot:
        traffic = pilot.app.screen.query_one(TrafficList)
        await pilot.press(*keys)
        await until(pilot, lambda: traffic.number == number)
        assert "FILE, panels at its end" in part(pilot, "traffic")
        assert "27 records" in part(pilot, "header")
        assert "256 bytes = frames 256" in part(pilot, "glance")
        assert not pilot.app.screen.query_one("#replay").display
        await pilot.press("escape", *["j"] * 60)
        await until(pilot, lambda: traffic.number == 27)


async def test_space_replays_from_the_cursor_and_escape_leaves_the_replay_there() -> None:
    async with replayed() as pilot:
        traffic = pilot.app.screen.query_one(TrafficList)
        await pilot.press("colon", *"5", "enter", "space", "space")
        await sees(pilot, "traffic", "REPLAY, panels at #")
        await pilot.press("colon", *"9", "enter")
        await sees(pilot, "traffic", "REPLAY, panels at #9 ")
        await pilot.press("j")
        await sees(pilot, "traffic", "18 later records are not shown")
        await pilot.press("escape")
        await sees(pilot, "traffic", "FILE, panels at its end")
        assert traffic.number == 9


@pytest.mark.parametrize(
    ("key", "about"),
    [("b", "noise"), ("i", "gap"), ("w", "contradiction"), ("m", "note"), ("B", "noise"), ("I", "gap"), ("M", "note")],
)
async def test_what_is_not_there_is_named(key: str, about: str) -> None:
    async with replayed() as pilot:
        await pilot.press("g", key)
        await sees(pilot, "traffic", f"no {about} {'after' if key.islower() else 'before'} #1")


async def test_what_the_whole_file_does_not_have_is_named_without_a_place() -> None:
    async with replayed() as pilot:
        await pilot.press("b")
        await sees(pilot, "traffic", "no noise in the session")


async def test_jump_to_a_record_that_is_not_shown_is_explained() -> None:
    async with replayed() as pilot:
        await pilot.press("f", *"noise", "enter")
        await until(pilot, lambda: "found" in screen(pilot) and "looking" not in screen(pilot))
        await pilot.press("colon", *"5", "enter")
        await until(pilot, lambda: "#5 is not in the filter" in screen(pilot))


async def test_landmarks_lead_from_one_to_the_next() -> None:
    async with replayed() as pilot:
        await pilot.press("g", "right", "s")
        await until(pilot, lambda: "Faulted" in part(pilot, "glance"))
        await pilot.press("b")
        await until(pilot, lambda: "no noise after" in screen(pilot))
        await pilot.press("A")
        await until(pilot, lambda: "no fault before" in screen(pilot))


async def test_space_plays_from_the_beginning_and_pauses() -> None:
    async with replayed() as pilot:
        await pilot.press("space")
        await sees(pilot, "replay", "▶ 1 x")
        await pilot.press("space")
        await sees(pilot, "replay", "‖ 1 x")
        assert "#27 of 27" not in part(pilot, "replay")
        await pilot.press(*["greater_than_sign"] * 9, "space")
        await sees(pilot, "replay", "as fast as possible")
        await sees(pilot, "replay", "‖")
        assert "#27 of 27" in part(pilot, "replay")
        await pilot.press("less_than_sign")
        await sees(pilot, "replay", "100 x")


async def test_place_is_asked_and_checked() -> None:
    async with replayed() as pilot:
        await pilot.press("colon", *"99", "enter")
        await sees(pilot, "prompt", "there are records 1 to 27")
        await pilot.press("backspace", "backspace", *"00:00:50", "enter")
        await until(pilot, lambda: pilot.app.screen.query_one(TrafficList).number == 23)


async def test_click_on_the_bar_leads_there() -> None:
    async with replayed() as pilot:
        await pilot.press("left")
        await sees(pilot, "replay", "#26 of 27")
        bar = part(pilot, "replay")
        await pilot.click("#replay", offset=(bar.index("━") + 1, 0))
        await until(pilot, lambda: shown_numbers(pilot)[-1] < 5)


async def test_live_session_has_no_replay_keys() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*(parameter(number) for number in range(9)))
        await sees(pilot, "header", "9 records")
        await pilot.press("left", "left", "greater_than_sign")
        await pilot.pause()
        assert not pilot.app.screen.query_one("#replay").display
        await pilot.press("colon", "3", "enter")
        await until(pilot, lambda: "+0 new" in part(pilot, "traffic"))
        chosen = next(line for line in part(pilot, "traffic").splitlines() if "▌" in line)
        assert chosen.split()[1] == "3"


async def test_time_is_reported_in_turn() -> None:
    async with replayed() as pilot:
        await pilot.press("t")
        await sees(pilot, "traffic", "+0:00:10.000")
        await pilot.press("t")
        await until(pilot, lambda: "+0:00:10.000" not in part(pilot, "traffic"))
        await pilot.press("t")
        await sees(pilot, "traffic", "00:00:52.000")


class LongFile(FakeSource):
    """A file of 90 records of which three are read; its end is known."""

    progress = 0.1

    def __init__(self) -> None:
        super().__init__(*(Chunk(parameter(number), number) for number in range(1, 4)), ends=False)

    def pause_until(self, shown: asyncio.Event) -> None:
        """Nothing more is read anyway."""

    async def read_tail(self, count: int) -> tuple[int, Sequence[Item]]:
        return 41, [Chunk(parameter(number), number) for number in range(41, 91)]


@pytest.mark.parametrize("key", ["space", "left", "g", "a", "slash", "n", "f"])
async def test_the_end_of_a_file_is_shown_until_a_key_leads_elsewhere(key: str) -> None:
    source, definition = LongFile(), packaged_definition()
    app = SnifferApp(lambda sink: Session(source, Pipeline(definition), [sink]), definition, saved=source)
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "header", "3 records")
        await pilot.press("G")
        await sees(pilot, "traffic", "the end of the file")
        assert shown_numbers(pilot)[-1] == 90
        await pilot.press(key)
        await until(pilot, lambda: "the end of the file" not in part(pilot, "traffic"))
        assert shown_numbers(pilot)[-1] <= 3
