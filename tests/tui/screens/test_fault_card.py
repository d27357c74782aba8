"""The dialog with a fault's card: its order, what fits a small terminal, and its keys."""

import pytest

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.text.faults.advice import load_handbook
from sniffer.text.faults.fault_card import DANGER, build_fault_card, format_card
from sniffer.tui.screens.fault_card import FaultCardScreen
from tests.tui.helpers import FakeSource, part, running, screen, sees, status_report, until

DEFINITION = packaged_definition()

ORDER = (
    "electrically: The supply voltage",
    "21 s → 10 s before → at the fault:  L1 228 → 212.6 → 200 V",
    "CP 6 → 9 V (assumed)",
    "DANGER: Phases that swing apart",
    "Qualified persons only",
    "1. Phase voltages on the tool",
    "2. Dead: upstream fuse",
)

VALUES = ["30 s → 10 s before → at the fault:", *["  L1 228 → 218.8 → 197.9 V"] * 4]
"""As many lines on the values as a fault of a charger with three phases has."""


def voltages(volts: float) -> bytes:
    values = {"l1_voltage": volts, "l2_voltage": 230, "l3_voltage": 230}
    return Codec(DEFINITION).encode(DEFINITION.command("phase voltages"), 1, values)


def sagging() -> list[bytes]:
    """Return the frames of a charger whose first phase falls for twenty seconds until it is faulted."""
    fault = status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4, volts=9)
    return [status_report("Charging", volts=6), *[voltages(228 - drop * 28 / 20) for drop in range(21)], fault]


async def test_card_says_what_happened_before_what_to_do_on_a_small_terminal() -> None:
    source = FakeSource(ends=False)
    async with running(source, (80, 24)) as pilot:
        source.frames(*sagging())
        await sees(pilot, "glance", "Under voltage")
        await pilot.press("2", "enter")
        await until(pilot, lambda: ORDER[-1] in screen(pilot))
        shown = screen(pilot)
        assert [text for text in ORDER if text in shown] == [*ORDER]
        places = [shown.index(text) for text in ORDER]
        assert places == sorted(places)
        assert "Under voltage (documented), connector 1" in shown
        await pilot.press("G")
        await until(pilot, lambda: "seen here: M4 4, OCPP 14 UnderVoltage" in screen(pilot))


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_the_first_step_of_every_card_is_in_sight_on_80_by_24(row) -> None:
    # The border has the title and the keys: 22 lines are left, and the card needs no line for its title.
    shown = format_card(build_fault_card(row, DEFINITION), 75, VALUES)[1:23]
    text = " ".join(" ".join(shown).split())
    advice = build_fault_card(row, DEFINITION).advice
    assert advice is not None
    assert load_handbook().safety in text
    assert all(f"{DANGER} {danger}" in text for danger in advice.danger)
    assert f"1. {advice.measure[0]}" in text


async def test_the_lower_border_names_the_keys() -> None:
    source = FakeSource(ends=False)
    async with running(source, (80, 24)) as pilot:
        source.frames(*sagging())
        await sees(pilot, "glance", "Under voltage")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "Esc close" in screen(pilot))
        for text in ("↑↓ scroll", "o its frame"):
            assert text in screen(pilot).splitlines()[-1]


async def test_o_goes_to_the_record_that_raised_the_fault() -> None:
    source = FakeSource(ends=False)
    async with running(source, (80, 24)) as pilot:
        source.frames(*sagging(), voltages(230))
        await sees(pilot, "traffic", "24")
        await pilot.press("2", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FaultCardScreen))
        await pilot.press("o")
        await until(pilot, lambda: not isinstance(pilot.app.screen, FaultCardScreen))
        await sees(pilot, "detail", "#23 status report")
        assert "▌  23" in part(pilot, "traffic")


async def test_card_of_codes_of_several_rows_has_the_values_once_before_them() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 90)) as pilot:
        source.frames(*sagging()[:-1], status_report("Faulted", ocpp_error="OverVoltage", m4_error=4))
        await sees(pilot, "glance", "Over voltage")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "≠ the codes disagree" in screen(pilot))
        shown = screen(pilot)
        assert shown.count("at the fault:") == 1
        assert shown.index("at the fault:") < shown.index("Under voltage  (documented)")
