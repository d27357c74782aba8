"""The message in the border of the traffic list: what a jump or a search has found.

In: a text, the list that it is about, and the time on a clock that never steps back. Out: the text, until the list has
changed. It reads no clock.
"""

from sniffer.tui.state.rows import Window

MESSAGE_SECONDS = 3.0
"""The least time in seconds for which a message stays in the border while new rows arrive."""


class BorderMessage:
    """The message. `text` is empty while there is none."""

    def __init__(self) -> None:
        self.text = ""
        self._time = 0.0
        self._window: Window | None = None

    def set(self, text: str, window: Window | None, now: float) -> None:
        """Show this text, which is about the list as it is now."""
        self.text, self._window, self._time = text, window, now

    def is_new(self, now: float) -> bool:
        """Return True while the message has to stay, so that it can be read."""
        return now <= self._time + MESSAGE_SECONDS

    def is_outdated(self, window: Window | None, now: float) -> bool:
        """Return True if the message is about other rows than those of this list.

        Another selection of rows ends a message at once. Rows that arrive end it when it was shown for
        `MESSAGE_SECONDS`.
        """
        about = self._window
        if not self.text or window is None:
            return False
        if about is not None and window.selection is not about.selection:
            return True
        has_changed = about is None or (window.first, window.end) != (about.first, about.end)
        return has_changed and not self.is_new(now)
