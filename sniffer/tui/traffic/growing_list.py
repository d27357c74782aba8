"""A scrolling list that grows all the time, and costs little while it does.

In: `virtual_size` and `render_line`, as of any `ScrollView`; `update_scrollbar` after either the size or the place changed.
Textual lays the whole screen out again where a list grows, and draws its scroll bar and the edges of its lines anew;
here the bar is always there, and only what looks different is drawn.
"""

from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

STEPS_A_CELL = 8
"""How finely the scroll bar's thumb is drawn."""


class GrowingListView(ScrollView):
    """The list; it has a border on top at most."""

    virtual_size = Reactive(Size(0, 0))
    """The scroll bar is always there, so rows come and go without a layout of the whole screen."""

    _drawn_thumb = (0, 0)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows are in sight."""
        self.update_scrollbar()
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The border as any widget's, the rows as they are: they need nothing else that a widget's line can have."""
        top = self.styles.gutter.top
        strips = super().render_lines(Region(crop.x, crop.y, crop.width, top - crop.y)) if crop.y < top else []
        background = self.background_colors[1]
        filters = self.get_line_filters()
        for y in range(max(crop.y, top), crop.bottom):
            strip = self.render_line(y - top)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            strips.append(strip)
        return strips

    def update_scrollbar(self) -> None:
        """Tell the scroll bar where the list stands; it is drawn anew only where its thumb looks different."""
        bar, rows, height = self.vertical_scrollbar, self.virtual_size.height, self.size.height
        bar.set_reactive(ScrollBar.window_virtual_size, rows)
        bar.set_reactive(ScrollBar.position, self.scroll_y)
        thumb = max(1.0, height * height / max(1, rows))
        start = (height - thumb) * self.scroll_y / max(1, rows - height)
        drawn = (int(thumb * STEPS_A_CELL), int(start * STEPS_A_CELL))
        if drawn != self._drawn_thumb:
            self._drawn_thumb = drawn
            bar.refresh()
