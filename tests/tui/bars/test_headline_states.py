"""The two lines at the top show each state of the link, at each size, with and without colours."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.health.link_health import Health
from sniffer.core.wire.items import BaudChange, Chunk, LineError, LineErrorMark, TapGap, TapState
from sniffer.sources.source import Item
from tests.tui.helpers import FakeSource, parameter, part, running, screen, sees, status_report

SIZES = ((80, 24), (120, 36), (200, 60))
AT = 1_700_000_000 * SECOND
GARBAGE = bytes(range(1, 33))
MISFRAMED = tuple(LineErrorMark(at, LineError.FRAMING) for at in range(0, 32, 2))
BOTH = parameter(1) + status_report("Charging", volts=6)

STATES: dict[Health, tuple[list[Item], float, str, tuple[str, ...]]] = {
    Health.NOTHING_HEARD: (
        [],
        0,
        "○ NOTHING HEARD  given",
        ("state unknown", "faults unknown", "0 bytes = frames 0 + noise 0"),
    ),
    Health.SILENT: (
        [Chunk(BOTH, AT)],
        72,
        "◌ SILENT 72 s  given",
        ("Charging 6 V C (72 s ago)", "72 s ago", "noise 0"),
    ),
    Health.NOISE_ONLY: (
        [Chunk(GARBAGE, AT)],
        1,
        "≈ NOISE ONLY  given",
        ("state unknown", "faults unknown", "noise 32"),
    ),
    Health.ONE_SIDE: (
        [Chunk(parameter(1), AT), Chunk(parameter(2), AT + 38 * SECOND)],
        42,
        "◐ ONE SIDE ONLY (com>pwr for 42 s)  given",
        ("state unknown", "faults unknown", "noise 0"),
    ),
    Health.ALIVE: (
        [Chunk(BOTH, AT)],
        2,
        "● ALIVE  given",
        ("Charging 6 V C │", "no active fault", "29 bytes = frames 29 + noise 0"),
    ),
    Health.LOST: (
        [Chunk(BOTH, AT), TapGap(AT + SECOND, "unplugged")],
        6,
        "✕ LOST 5 s  given",
        ("Charging 6 V C (6 s ago)", "6 s ago", "noise 0"),
    ),
    Health.WRONG_RATE: (
        [Chunk(GARBAGE, AT, MISFRAMED), BaudChange(AT, None, "nothing fits")],
        1,
        "≟ WRONG RATE?  given",
        ("state unknown", "faults unknown", "noise 32"),
    ),
}


@pytest.mark.parametrize("no_color", ["", "1"], ids=["colours", "NO_COLOR"])
@pytest.mark.parametrize("health", Health)
async def test_the_headline_says_the_state(health: Health, no_color: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    items, seconds, headline, facts = STATES[health]
    source = FakeSource(*items, live=True, ends=False)
    source.time = AT + round(seconds * SECOND)
    async with running(source) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await sees(pilot, "header", headline)
            for fact in facts:
                await sees(pilot, "glance", fact)
            assert "no fault was" not in screen(pilot)


async def test_nothing_is_green_where_nothing_was_received() -> None:
    source = FakeSource(live=True, ends=False)
    source.taps = (TapState("given", 9600),)
    async with running(source) as pilot:
        await sees(pilot, "header", "NOTHING HEARD")
        good = pilot.app.theme_variables["good"]
        assert good not in pilot.app.export_screenshot()


async def test_the_headline_goes_on_while_the_screen_is_paused() -> None:
    source = FakeSource(Chunk(BOTH, AT), live=True, ends=False)
    source.time = AT + SECOND
    async with running(source) as pilot:
        await sees(pilot, "header", "● ALIVE")
        await pilot.press("space")
        source.time = AT + 99 * SECOND
        await sees(pilot, "header", "◌ SILENT")
        assert "PAUSED" in part(pilot, "header")
