"""The drawn lines of a widget: strips, which are kept, because the same lines are drawn again and again.

In: lines as `Content`, and a width. Out: strips. Textual marks each piece of a line with its place, for the selection
of text with the mouse, and so draws every piece in a style of its own. That takes three times as long as the text. A
widget whose text cannot be selected needs no marks.
"""

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

MOST_KEPT = 512
"""The number of drawn lines that are kept."""


class LineStrips:
    """The drawn lines of one widget. A line is as high as one row; what does not fit in the width is cut off."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._kept: dict[object, Strip] = {}

    def draw(self, line: Content, width: int) -> Strip:
        """Return a line drawn in at most this width in cells."""
        widget = self._widget
        style = widget.visual_style
        if widget.text_selection:
            return self._draw_marked(line, width)
        key = line.plain, (*line.spans,), width, style, widget.app.theme
        strip = self._kept.get(key)
        if strip is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            strip = self._kept[key] = (
                self._draw_marked(line, width)
                if widget.allow_select
                else Strip(line.truncate(width, ellipsis=True).render_segments(style))
            )
        return strip

    def _draw_marked(self, line: Content, width: int) -> Strip:
        """Return a line with marks for the selection of text."""
        (strip,) = Visual.to_strips(self._widget, line, width, 1, self._widget.visual_style)
        return strip
