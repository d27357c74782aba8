"""The colours can be read: contrast as WCAG 2.2 reckons it, on every background that text stands on."""

import re

import pytest
from textual.color import Color

from sniffer.config.settings import DEFAULTS
from sniffer.text.ranks import Rank
from sniffer.tui.theme import CALM, DAY, RANK_STYLES, THEMES
from tests.paths import ROOT

BACKGROUNDS = ("background", "surface", "panel", "chosen")
TEXT = ("foreground", "secondary", "primary", "accent", *Rank)


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
@pytest.mark.parametrize("color", ["accent", "primary", *Rank])
def test_text_on_a_coloured_bar_can_be_read(theme: str, color: str) -> None:
    assert contrast(theme, "background", color) >= 4.5


def test_black_on_white_is_twenty_one() -> None:
    assert (luminance(Color.parse("#ffffff")) + 0.05) / (luminance(Color.parse("#000000")) + 0.05) == pytest.approx(21)


def test_every_theme_has_every_variable() -> None:
    assert DAY.variables.keys() == CALM.variables.keys()
    assert (CALM.dark, DAY.dark) == (True, False)


@pytest.mark.parametrize("theme", THEMES)
def test_every_rank_has_a_colour_of_its_own(theme: str) -> None:
    found, _ = THEMES[theme]
    variables = found.to_color_system().generate() | found.variables
    assert len({variables[rank] for rank in Rank}) == len(Rank)
    assert set(RANK_STYLES) == set(Rank)
    assert all(f"${rank}" in style for rank, style in RANK_STYLES.items())


def test_all_of_the_screen_takes_its_colours_from_the_ranks() -> None:
    folder = ROOT / "sniffer" / "tui"
    sources = [path for path in folder.rglob("*") if path.suffix in (".py", ".tcss")]
    assert len(sources) > 20
    for path in sources:
        assert not re.findall(r"\$(?:error|success)\b", path.read_text("utf-8")), path.name


def test_the_default_is_one_of_them() -> None:
    assert DEFAULTS.theme in THEMES
