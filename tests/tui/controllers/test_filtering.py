"""The filter on the screen: checked while it is typed, and never more than a choice of what is shown."""

from textual.pilot import Pilot

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from tests.tui.helpers import FakeSource, parameter, part, replayed, running, sees, status_report, until


async def sift(pilot: Pilot[None], text: str) -> None:
    await pilot.press("f", "ctrl+u", *text, "enter")


def listed(pilot: Pilot[None]) -> list[str]:
    return [line for line in part(pilot, "traffic").splitlines()[1:] if line.strip("▌ ┃▁▂▃▄▅▆▇█")]


async def test_filter_shows_what_it_lets_through_with_its_events() -> None:
    async with replayed() as pilot:
        await sift(pilot, "command == 01 and status == Faulted")
        await sees(pilot, "traffic", "filter: command == 01 and status == Faulted: 1 found")
        rows = listed(pilot)
        assert len(rows) == 3
        assert "status report" in rows[0]
        assert "fault raised" in rows[2]
        assert "27 records" in part(pilot, "header")
        await sift(pilot, "")
        await until(pilot, lambda: "filter" not in part(pilot, "traffic"))
        assert len(listed(pilot)) > 3


async def test_wrong_filter_is_reported_and_not_taken() -> None:
    async with replayed() as pilot:
        await sift(pilot, "statsu == 1")
        await sees(pilot, "prompt", "did you mean")
        assert "^^^^^^" in part(pilot, "prompt")
        await pilot.press("escape")
        assert "filter" not in part(pilot, "traffic")


async def test_escape_closes_a_prompt_that_a_click_has_left_open() -> None:
    async with replayed() as pilot:
        await pilot.press("f", *"crc")
        await pilot.click("#traffic")
        await until(pilot, lambda: pilot.app.screen.query_one("#traffic").has_focus)
        assert "crc" in part(pilot, "prompt")
        await pilot.press("escape")
        await until(pilot, lambda: not pilot.app.screen.query_one("#prompt").display)
        assert "filter" not in part(pilot, "traffic")


async def test_filter_is_completed_and_remembered() -> None:
    async with replayed() as pilot:
        await pilot.press("f", *"statu", "tab", *" == Faul", "tab", "enter")
        await sees(pilot, "traffic", "filter: status == Faulted")
        await sift(pilot, "")
        await pilot.press("f", "up")
        await sees(pilot, "prompt", "status == Faulted")


async def test_names_are_offered_before_the_first_letter_once_the_language_is_loaded() -> None:
    async with replayed() as pilot:
        await pilot.press("f")
        await until(pilot, lambda: "such as" not in part(pilot, "prompt"))
        offered = part(pilot, "prompt").splitlines()[1].split()
        await pilot.press("tab")
        assert part(pilot, "prompt").split()[1] == offered[0]


async def test_filter_goes_with_what_comes_and_with_what_was_chosen() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(parameter(1), status_report("Available"), parameter(2))
        await sees(pilot, "header", "3 records")
        await sift(pilot, "command == 01")
        await sees(pilot, "traffic", "1 found")
        source.frames(parameter(3), status_report("Preparing", sequence=2, volts=9))
        await sees(pilot, "traffic", "2 found")
        assert "Preparing" in listed(pilot)[-1]
        await sift(pilot, "")
        await until(pilot, lambda: len([row for row in listed(pilot) if "acceptance" in row]) == 3)


async def test_what_no_record_is_leaves_an_empty_list() -> None:
    async with replayed() as pilot:
        await sift(pilot, "crc bad")
        await sees(pilot, "traffic", "0 found")
        assert listed(pilot) == []
        await pilot.press("j", "k", "g", "enter", "n", "escape", "G", "d")
        assert pilot.app.is_running


async def test_row_is_filtered_for_what_it_is() -> None:
    async with replayed() as pilot:
        await pilot.press("slash", *"phase", "enter")
        await sees(pilot, "detail", "phase voltages")
        await pilot.press("equals_sign")
        await sees(pilot, "traffic", 'filter: name == "phase voltages": 1 found')


async def test_noise_is_filtered_for_its_reason() -> None:
    async with running(FakeSource(Chunk(b"\1\2\3", 1), Chunk(parameter(1), 2))) as pilot:
        await sees(pilot, "header", "2 records")
        await pilot.press("g", "equals_sign")
        await sees(pilot, "traffic", "filter: noise == garbage: 1 found")


async def test_filter_that_is_set_while_a_file_is_read_sees_all_of_it() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        await sift(pilot, "size > 9 and number > 2999")
        source.give(*(Chunk(parameter(number), number) for number in range(3000)))
        await sees(pilot, "traffic", "1 found")
        assert "looking" not in part(pilot, "traffic")


async def test_log_line_of_an_odd_process_is_filtered_for_it() -> None:
    async with running(FakeSource(LogLine(1, "a\x07b", "hello"), LogLine(2, "c", "there"))) as pilot:
        await sees(pilot, "header", "2 records")
        await pilot.press("g", "equals_sign")
        await sees(pilot, "traffic", "1 found")
        await pilot.press("f")
        await sees(pilot, "prompt", "filter")
        assert "\x07" not in part(pilot, "prompt")
