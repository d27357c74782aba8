"""The colours can be read: contrast as WCAG 2.2 reckons it, on every background that text stands on."""

import pytest
from textual.color import Color

from sniffer.config.settings import DEFAULTS
from sniffer.tui.theme import CALM, DAY, THEMES

BACKGROUNDS = ("background", "surface", "panel", "chosen")
TEXT = ("foreground", "secondary", "quiet", "primary", "accent", "success", "warning", "error")


def contrast(theme: str, text: str, background: str) -> float:
    """Return the contrast of two colours of a theme, by their names (WCAG 2.2, relative luminance)."""
    found, _ = THEMES[theme]
    variables = found.to_color_system().generate() | found.variables
    lights = sorted(luminance(Color.parse(variables[name])) for name in (text, background))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read_on_every_background(theme: str, background: str, text: str) -> None:
    assert contrast(theme, text, background) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_faint_text_can_be_made_out(theme: str, background: str) -> None:
    assert contrast(theme, "faint", background) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_lines_can_be_made_out(theme: str) -> None:
    assert contrast(theme, "rule", "background") >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("color", ["error", "accent", "success", "primary", "warning"])
def test_text_on_a_coloured_bar_can_be_read(theme: str, color: str) -> None:
    assert contrast(theme, "background", color) >= 4.5


def test_black_on_white_is_twenty_one() -> None:
    assert (luminance(Color.parse("#ffffff")) + 0.05) / (luminance(Color.parse("#000000")) + 0.05) == pytest.approx(21)


def test_every_theme_has_every_variable() -> None:
    assert DAY.variables.keys() == CALM.variables.keys()
    assert (CALM.dark, DAY.dark) == (True, False)


def test_the_default_is_one_of_them() -> None:
    assert DEFAULTS.theme in THEMES
