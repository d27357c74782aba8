"""Format times for the panes: as the time of day, or since the beginning of the session.

In: times in nanoseconds since the epoch. Out: short texts of one width. It reads no clock.
"""

from datetime import tzinfo

from msgspec import Struct

from sniffer.base import times
from sniffer.config.settings import TimeMode


class TimeFormatter(Struct, frozen=True):
    """The time zone of the source, when the session began, and which of both times are shown in.

    Times since the row before are shown in the list only: a pane shows the time of day instead.
    """

    zone: tzinfo | None = None
    began: int | None = None
    mode: TimeMode = "absolute"

    def format(self, time: int | None) -> str:
        """Return a time to the millisecond, or `times.UNTIMED` if it is not known."""
        if self.mode == "relative":
            return format_since_beginning(time, self.began)
        return times.format_clock(time, self.zone)


def format_since_beginning(time: int | None, began: int | None) -> str:
    """Return the time since the session began, to the millisecond: `+0:01:05.250`."""
    if time is None or began is None:
        return times.UNTIMED
    seconds, millis = divmod(abs(time - began) // times.MILLISECOND, 1000)
    minutes, seconds = divmod(seconds, 60)
    sign = "-" if time < began else "+"
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}.{millis:03}"
