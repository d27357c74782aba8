"""A scrolling list that grows all the time at little cost, and follows its end until the user scrolls away.

In: `virtual_size` and `render_line`, as for any `ScrollView`. Call `update_scrollbar` after the size or the position
has changed. Textual lays the whole screen out again when a list grows, and redraws its scroll bar and the edges of its
lines. Here the scroll bar is always shown, and only what looks different is redrawn.
"""

from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollTo
from textual.strip import Strip

STEPS_A_CELL = 8
"""The positions within one cell that the thumb of the scroll bar has."""


class GrowingListView(ScrollView):
    """The list. The only border it may have is the one on top."""

    virtual_size = Reactive(Size(0, 0))
    """The number of rows. The scroll bar is always shown, so a change needs no layout of the whole screen."""

    following = True
    """True while the list stays on its newest row."""

    _drawn_thumb = (0, 0)

    def stop_following(self) -> None:
        """Stand still: new rows are counted, not shown."""
        self.set_following(False)

    def follow_end(self) -> None:
        """Go to the last row and stay on the newest row from now on."""
        self.set_following(True)

    def set_following(self, follow: bool) -> None:
        """Follow the newest row, or stand still; a list overrides this to move its cursor as well."""
        self.following = follow

    def scroll_to_row(self, row: float) -> None:
        """Make this the top row, or the nearest row that can be the top one."""
        self.scroll_to(y=max(0, min(row, self.max_scroll_y)), animate=False, force=True)

    def on_mouse_scroll_up(self) -> None:
        """Stand still when the wheel turns up."""
        self.stop_following()

    def on_mouse_scroll_down(self) -> None:
        """Follow again when the wheel reaches the end."""
        self.call_after_refresh(self._follow_at_end)

    def on_scroll_to(self, event: ScrollTo) -> None:
        """Stand still while the scroll bar is dragged, and follow again at the end."""
        if event.y is not None:
            self.stop_following()
            self.call_after_refresh(self._follow_at_end)

    def _follow_at_end(self) -> None:
        """Follow the newest row from now on if the list was scrolled to its end."""
        if self.scroll_y >= self.max_scroll_y:
            self.follow_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows that are visible now."""
        self.update_scrollbar()
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the border as any widget draws it, and the rows as they are.

        Rows need none of the padding and outlines that Textual adds to the lines of a widget.
        """
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
        """Set the position of the scroll bar, and redraw it only if its thumb looks different."""
        bar, rows, height = self.vertical_scrollbar, self.virtual_size.height, self.size.height
        bar.set_reactive(ScrollBar.window_virtual_size, rows)
        bar.set_reactive(ScrollBar.position, self.scroll_y)
        thumb = max(1.0, height * height / max(1, rows))
        start = (height - thumb) * self.scroll_y / max(1, rows - height)
        drawn = (int(thumb * STEPS_A_CELL), int(start * STEPS_A_CELL))
        if drawn != self._drawn_thumb:
            self._drawn_thumb = drawn
            bar.refresh()
