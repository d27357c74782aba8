"""The picker: what there is to choose, how keys and mouse choose it, and what is reported when it does not open."""

import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from sniffer.tui.screens.picker import PickerApp, SourceList
from sniffer.tui.screens.picker_model import Section, SourceChoice, SourceOption
from tests.tui.helpers import part, rows, screen, until

USB0 = SourceOption("/dev/ttyUSB0", "/dev/ttyUSB0", "FT232R USB UART, FTDI", "usb-FTDI-if00", has_line=True)
USB1 = SourceOption("/dev/ttyUSB1", "/dev/ttyUSB1", "CP2102N", mark="in use by picocom", has_line=True)
SLOW = SourceOption("/dev/serial/by-id/usb-9", "usb-9", "9600 baud", has_line=True, baud=9600)
LOG = SourceOption("/home/anna/monday.log", "monday.log", "/home/anna")
DEMO = SourceOption("demo", "demo", "a vehicle comes")
RECENT = Section("Recent", (SLOW, LOG))
SIMULATED = Section("Simulated charger", (DEMO,))


def ports(*options: SourceOption) -> Section:
    return Section("Serial ports", options, "none here: plug one in")


class Choices:
    """The sections to choose from; a test changes them while the picker runs."""

    def __init__(self, *sections: Section) -> None:
        self.sections: Sequence[Section] = sections
        self.looks = 0

    def __call__(self) -> Sequence[Section]:
        self.looks += 1
        return self.sections


FULL = (ports(USB0, USB1), RECENT, SIMULATED)


@asynccontextmanager
async def picking(
    look: Callable[[], Sequence[Section]], size: tuple[int, int] = (80, 24), error: str = "", baud: int | None = 115200
) -> AsyncIterator[Pilot[Any]]:
    async with PickerApp(look, baud, error).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


async def chosen_by(*keys: str, look: Callable[[], Sequence[Section]] | None = None) -> SourceChoice | None:
    """Return the source that these keys choose."""
    async with picking(look or Choices(*FULL)) as pilot:
        await pilot.press(*keys)
        await until(pilot, lambda: not pilot.app.is_running)
        result: SourceChoice | None = pilot.app.return_value
        return result


async def test_all_is_listed_with_what_it_is() -> None:
    async with picking(Choices(*FULL)) as pilot:
        shown = part(pilot, "sources")
        for text in ("Serial ports", "/dev/ttyUSB0", "FT232R USB UART, FTDI", "usb-FTDI-if00", "▲ in use by picocom"):
            assert text in shown
        for text in ("Recent", "monday.log", "/home/anna", "Simulated charger", "a vehicle comes"):
            assert text in shown
        assert "115200" in part(pilot, "rate")
        assert "assumed" in part(pilot, "rate")


async def test_the_last_line_says_which_keys_help() -> None:
    async with picking(Choices(*FULL)) as pilot:
        await until(pilot, lambda: "⏎ open ↑↓ source ←→ baud r look again q quit" in rows(pilot)[-1])


async def test_no_port_says_how_to_get_one_and_another_source_is_chosen() -> None:
    async with picking(Choices(ports(), SIMULATED)) as pilot:
        assert "none here: plug one in" in part(pilot, "sources")
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.return_value == SourceChoice("demo", 115200)


async def test_section_without_anything_is_not_shown() -> None:
    async with picking(Choices(ports(USB0), Section("Recent", ()))) as pilot:
        assert "Recent" not in screen(pilot)


@pytest.mark.parametrize(
    ("keys", "source"),
    [
        (["enter"], USB0),
        (["j", "enter"], USB1),
        (["down", "j", "k", "enter"], USB1),
        (["G", "enter"], DEMO),
        (["G", "g", "enter"], USB0),
        (["end", "up", "enter"], LOG),
    ],
)
async def test_keys_choose_a_source(keys: list[str], source: SourceOption) -> None:
    assert await chosen_by(*keys) == SourceChoice(source.source, 115200)


@pytest.mark.parametrize(
    ("keys", "baud"),
    [
        (["right"], 230400),
        (["b", "b"], 460800),
        (["left"], 57600),
        (["left", "left", "left", "left", "left"], None),
        (["left", "left", "left", "left", "left", "left"], 921600),
        (["right", "left"], 115200),
    ],
)
async def test_keys_take_another_rate(keys: list[str], baud: int | None) -> None:
    assert await chosen_by(*keys, "enter") == SourceChoice("/dev/ttyUSB0", baud)


async def test_recent_port_has_the_rate_of_the_last_time_until_another_is_taken() -> None:
    assert await chosen_by("j", "j", "enter") == SourceChoice(SLOW.source, 9600)
    assert await chosen_by("j", "j", "right", "enter") == SourceChoice(SLOW.source, 19200)
    assert await chosen_by("right", "j", "j", "enter") == SourceChoice(SLOW.source, 230400)
    async with picking(Choices(*FULL)) as pilot:
        await pilot.press("j", "j")
        await until(pilot, lambda: "9600 →  as the last time" in part(pilot, "rate"))
        await pilot.press("j")
        await until(pilot, lambda: "only a port has one" in part(pilot, "rate"))
        await pilot.press("right", "k", "k")
        await until(pilot, lambda: "115200" in part(pilot, "rate"))


async def test_rate_of_the_command_line_is_among_the_others() -> None:
    async with picking(Choices(*FULL), baud=250000) as pilot:
        assert "← 250000 →" in part(pilot, "rate")
        await pilot.press("left")
        await until(pilot, lambda: "← 230400 →" in part(pilot, "rate"))
        await pilot.press("right", "right")
        await until(pilot, lambda: "← 460800 →" in part(pilot, "rate"))


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c", "ctrl+q"])
async def test_leaving_chooses_nothing(key: str) -> None:
    assert await chosen_by(key) is None


async def test_a_click_chooses_a_source() -> None:
    async with picking(Choices(*FULL)) as pilot:
        row = next(y for y, text in enumerate(part(pilot, "sources").splitlines()) if "monday.log" in text)
        await pilot.click("#sources", offset=(6, row))
        await pilot.pause()
        assert pilot.app.return_value == SourceChoice(LOG.source, 115200)


async def test_mouse_on_a_title_chooses_nothing() -> None:
    async with picking(Choices(*FULL)) as pilot:
        await pilot.click("#sources", offset=(3, 0))
        await pilot.pause()
        assert pilot.app.is_running


async def test_adapter_that_is_plugged_in_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.tui.screens.picker.RESCAN_SECONDS", 0.02)
    choices = Choices(ports(USB1), SIMULATED)
    async with picking(choices) as pilot:
        await pilot.press("j")
        choices.sections = FULL
        await until(pilot, lambda: "/dev/ttyUSB0" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: not pilot.app.is_running)
        assert pilot.app.return_value == SourceChoice("demo", 115200)


async def test_adapter_that_is_pulled_out_leaves_and_its_neighbour_is_chosen() -> None:
    choices = Choices(*FULL)
    async with picking(choices) as pilot:
        await pilot.press("j")
        choices.sections = (ports(USB0), RECENT, SIMULATED)
        await pilot.press("r")
        await until(pilot, lambda: "/dev/ttyUSB1" not in screen(pilot))
        assert pilot.app.query_one(SourceList).chosen in (USB0, SLOW)
        choices.sections = (ports(),)
        await pilot.press("r")
        await until(pilot, lambda: "plug one in" in screen(pilot))
        await pilot.press("enter", "right", "j")
        assert pilot.app.is_running


async def test_nothing_is_drawn_anew_where_nothing_changed() -> None:
    choices = Choices(*FULL)
    async with picking(choices) as pilot:
        before = pilot.app.query_one(SourceList).options[1]
        looks = choices.looks
        await pilot.press("r")
        assert choices.looks > looks
        assert pilot.app.query_one(SourceList).options[1] is before


async def test_error_of_the_last_choice_is_reported() -> None:
    async with picking(Choices(*FULL), error="/dev/ttyUSB0: no permission: it is for group dialout") as pilot:
        assert "✕ /dev/ttyUSB0: no permission: it is for group dialout" in part(pilot, "error")
        await pilot.press("j")
        assert "no permission" in part(pilot, "error")


HOSTILE = [
    "[/]",
    "[red]x[/red]",
    "$error [b]",
    "\x1b]0;title\x07",
    "\x9b31m",
    "right\u202eleft",
    "e\u0301\u0301",
    "漢" * 60,
]


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
@pytest.mark.parametrize("text", HOSTILE)
async def test_what_an_adapter_says_is_text(size: tuple[int, int], text: str) -> None:
    offer = SourceOption(text, text, text, text, text, has_line=True)
    async with picking(Choices(Section("Serial ports", (offer, USB1))), size, error=text) as pilot:
        await pilot.press("j", "k")
        for row in rows(pilot):
            assert not [char for char in row if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me")], repr(row)
            assert cell_len(row) == size[0], repr(row)
        if "\x1b" in text:
            assert r"\x1b]0;title\x07" in part(pilot, "error")
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.return_value == SourceChoice(text, 115200)


async def test_small_terminal_shows_the_list_and_the_error() -> None:
    async with picking(Choices(*FULL), (20, 5), error="/dev/ttyUSB0: no permission") as pilot:
        assert "/dev/ttyUSB0" in part(pilot, "sources")
        assert "no permission" in " ".join(part(pilot, "error").split())
        await pilot.press("G")
        await until(pilot, lambda: "demo" in part(pilot, "sources"))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "115200" in screen(pilot) or "only a port" in screen(pilot))


async def test_without_a_rate_it_is_to_be_found() -> None:
    async with picking(Choices(*FULL), baud=None) as pilot:
        await until(pilot, lambda: "auto →  found by frames with a valid CRC" in part(pilot, "rate"))
        await pilot.press("enter")
        assert pilot.app.return_value == SourceChoice("/dev/ttyUSB0", None)
