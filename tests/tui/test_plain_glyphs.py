"""Plain glyphs on a Linux console: every glyph of the screen has one, of the same width."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

import sniffer
from sniffer.tui.plain_glyphs import PlainGlyphs, plain_text
from tests.tui.helpers import replayed

ALWAYS = set(map(chr, range(0x100))) | set("─│┌┐└┘├┤┬┴┼")
PACKAGE = Path(sniffer.__file__).parent
SHOWN = [
    file for folder in ("tui", "text", "core", "cli", "history", "base") for file in (PACKAGE / folder).rglob("*.py")
]


def test_every_glyph_of_our_own_has_a_plain_one() -> None:
    glyphs = {glyph for file in SHOWN for glyph in file.read_text("utf-8")} - ALWAYS
    assert len(glyphs) > 50
    assert {glyph for glyph in glyphs if "?" in plain_text(glyph)} == set()
    assert {glyph for glyph in glyphs if set(plain_text(glyph)) - ALWAYS} == set()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("45 °C, 3 µs", "45 °C, 3 µs"),
        ("▲ Under voltage → ✓", "^ Under voltage > +"),
        ("╭─╮", "┌─┐"),
        ("⠀⣿", " :"),
        ("\u27ff\u2900", "??"),
        ("ÿĀ", "ÿ?"),
        ("充电 Ж", "???? ?"),
        ("", ""),
    ],
)
def test_text_keeps_its_width(text: str, plain: str) -> None:
    assert plain_text(text) == plain
    assert cell_len(text) == cell_len(plain)


def test_styles_and_controls_stay() -> None:
    style = Style(bold=True)
    segments = [Segment("▲", style), Segment("", None, [])]
    assert PlainGlyphs().apply(segments, Color.parse("black")) == [Segment("^", style), Segment("", None, [])]


@pytest.mark.parametrize(("terminal", "is_plain"), [("linux", True), ("xterm-256color", False)])
async def test_the_screen_of_a_linux_console_is_plain(
    terminal: str, is_plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", terminal)
    async with replayed() as pilot:
        strips = pilot.app.screen._compositor.render_strips()
        text = "".join(segment.text for strip in strips for segment in strip)
        assert "Under voltage" in text
        assert (not set(text) - ALWAYS) == is_plain
