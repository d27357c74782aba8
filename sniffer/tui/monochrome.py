"""The screen without colours, for `NO_COLOR`: text attributes take the place of the theme's colours.

Textual's own filter turns colours into greys, which are still colours to a terminal, and colours of the same lightness
become equal. This filter leaves the terminal's two default colours only: quiet text is dim, a fault and a warning are
bold, and text on a coloured background (the chosen row, a bar, the handle of a scrollbar) is reversed.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rich.color import Color as RichColor
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_DIM = ("quiet", "faint", "rule")
_BOLD = ("error", "fault", "warning")
_REVERSED = (
    "chosen", "foreground", "primary", "accent", "success", "warning", "error", "fault", "good", "state", "note",
    "block-cursor-background", "scrollbar", "scrollbar-hover", "scrollbar-active",
)  # fmt: skip
"""The theme's variables that become attributes: the first two as colours of text, the last ones as backgrounds."""

_NO_COLOURS = Style.from_color(RichColor.default(), RichColor.default())


class Monochrome(LineFilter):
    """The line filter that replaces the colours of the theme with these variables."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__()
        self._dim = _collect_triplets(variables, _DIM)
        self._bold = _collect_triplets(variables, _BOLD)
        self._reversed = _collect_triplets(variables, _REVERSED)
        self._plain = lru_cache(1024)(self._remove_colours)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line without colours."""
        return [Segment(text, style and self._plain(style), control) for text, style, control in segments]

    def _remove_colours(self, style: Style) -> Style:
        """Return a style without colours. The colours that carry a meaning become dim, bold or reverse."""
        background, text = style.bgcolor, style.color
        attributes = Style(
            dim=True if text and text.triplet in self._dim else None,
            bold=True if text and text.triplet in self._bold else None,
            reverse=True if background and background.triplet in self._reversed else None,
        )
        return style + _NO_COLOURS + attributes


def _collect_triplets(variables: Mapping[str, str], names: Iterable[str]) -> frozenset[ColorTriplet | None]:
    return frozenset(Color.parse(variables[name]).rich_color.triplet for name in names)
