"""The losses of a session: the source was away, or some of its data was lost.

In: the records, in order. Out: `Loss` values. A loss ends with the return of its tap, or with the next bytes of it.
"""

from msgspec.structs import replace

from sniffer.commands.report.model import Loss
from sniffer.core.charger.tap_events import SourceBack, SourceLost
from sniffer.core.record import Record

LOSSES_KEPT = 1000
"""The largest number of losses that are listed. Further ones are only counted."""


class LossTracker:
    """The losses of one session. `left_out` counts those that are not listed.

    `is_open` is True while a loss has not ended: then records without events have to be added, too.
    """

    def __init__(self) -> None:
        self.losses: list[Loss] = []
        self.left_out = 0
        self.is_open = False

    def add(self, record: Record) -> None:
        """Add the next record that has an event or, while a loss is open, an item."""
        tap = record.tap
        if record.item is not None:
            self._end(tap, record.time)
        for event in record.events:
            if isinstance(event, SourceBack):
                self._end(event.tap, event.time)
            elif isinstance(event, SourceLost) and len(self.losses) < LOSSES_KEPT:
                self.losses.append(Loss(event.reason, record.number, event.tap, event.time))
                self.is_open = True
            elif isinstance(event, SourceLost):
                self.left_out += 1

    def _end(self, tap: int, time: int | None) -> None:
        """End the losses of a tap that have not ended."""
        if not self.is_open:
            return
        self.losses = [
            replace(loss, ends=time, has_ended=True) if loss.tap == tap and not loss.has_ended else loss
            for loss in self.losses
        ]
        self.is_open = any(not loss.has_ended for loss in self.losses)
