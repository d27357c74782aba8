"""Helpers for the tests of exports: the steps of a user in the dialog."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from sniffer.tui.app import SnifferApp
from sniffer.tui.screens.export_dialog import ExportDialog
from tests.tui.helpers import (
    screen,
    until,
)


def app(pilot: Pilot[None]) -> SnifferApp:
    assert isinstance(pilot.app, SnifferApp)
    return pilot.app


async def asked(pilot: Pilot[None]) -> None:
    """Open the dialog."""
    await pilot.press("x")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog) and "Enter exports" in screen(pilot))


async def named(pilot: Pilot[None], name: str) -> None:
    """Open the dialog and give the file this name."""
    await asked(pilot)
    pilot.app.screen.query_one("#file", Input).value = name
    await pilot.pause()


async def exported(pilot: Pilot[None], name: str, *keys: str) -> bytes:
    """Export under this name, after these keys; what stands in the file then."""
    await named(pilot, name)
    await pilot.press(*keys, "enter")
    await until(pilot, lambda: "✓ exported" in screen(pilot))
    return Path(name).read_bytes()


async def complains(pilot: Pilot[None], text: str) -> None:
    await until(pilot, lambda: any(text in notice.message for notice in app(pilot)._notifications))
