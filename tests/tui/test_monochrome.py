"""Without colours: none is left, and what differed by colour differs by weight."""

import pytest
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot

from sniffer.tui.monochrome import Monochrome
from sniffer.tui.theme import THEMES
from tests.tui.helpers import FakeSource, parameter, part, replayed, running, sees


def variables(theme: str) -> dict[str, str]:
    found, _ = THEMES[theme]
    return found.to_color_system().generate() | found.variables


def styles(pilot: Pilot[None]) -> list[Style]:
    """Return the styles of everything that is drawn."""
    strips = pilot.app.screen._compositor.render_strips()
    return [segment.style for strip in strips for segment in strip if segment.style]


def style_of(pilot: Pilot[None], text: str) -> Style:
    """Return the style of the first segment that contains this text."""
    strips = pilot.app.screen._compositor.render_strips()
    return next(segment.style for strip in strips for segment in strip if segment.style and text in segment.text)


def has_colour(style: Style) -> bool:
    return any(color and color.type is not ColorType.DEFAULT for color in (style.color, style.bgcolor))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "background", "weight"),
    [
        ("foreground", "background", Style()),
        ("secondary", "panel", Style()),
        ("quiet", "background", Style(dim=True)),
        ("faint", "surface", Style(dim=True)),
        ("error", "background", Style(bold=True)),
        ("foreground", "chosen", Style(reverse=True)),
        ("quiet", "chosen", Style(dim=True, reverse=True)),
        ("background", "error", Style(reverse=True)),
        ("background", "scrollbar", Style(reverse=True)),
    ],
)
def test_colours_become_weights(theme: str, text: str, background: str, weight: Style) -> None:
    known = variables(theme)
    drawn = Style.parse(f"italic {known[text]} on {known[background]}") + Style.from_meta({"row": 7})
    line_filter = Monochrome(known)
    assert line_filter.enabled
    (segment,) = line_filter.apply([Segment("text", drawn)], Color.parse("black"))
    assert segment.text == "text"
    assert segment.style is not None
    assert not has_colour(segment.style)
    assert segment.style.italic
    assert segment.style.meta == {"row": 7}
    for name in ("dim", "bold", "reverse"):
        assert bool(getattr(segment.style, name)) == bool(getattr(weight, name)), name


def test_what_has_no_style_stays() -> None:
    segments = [Segment("text"), Segment("", None, [])]
    assert Monochrome(variables("evse-calm")).apply(segments, Color.parse("black")) == segments


async def test_screen_has_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with replayed() as pilot:
        assert not [style for style in styles(pilot) if has_colour(style)]
        assert style_of(pilot, "announcement relay").reverse
        assert style_of(pilot, "▲ Under voltage").bold
        assert style_of(pilot, "records").dim
        pilot.app.theme = "evse-day"
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()
        assert not [style for style in styles(pilot) if has_colour(style)]


async def test_lost_source_stands_out_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(parameter(1))
        source.fail("gone")
        await sees(pilot, "lost", "source lost: gone")
        assert "SOURCE LOST" in part(pilot, "header")
        assert style_of(pilot, "source lost: gone").reverse


async def test_empty_wish_for_no_colour_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with replayed() as pilot:
        assert [style for style in styles(pilot) if has_colour(style)]
