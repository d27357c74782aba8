"""Boots of the communication processor: each counted once, however many frames and lines tell of it.

Three things tell of a boot, in no fixed number: the log line `Com boot!`, the boot announcement to the power board and
the boot handshake with the OCPP module; the two frames share a sequence (protocol.md, Commands). A line always is a
new boot. A frame belongs to the boot before it unless that boot has such a frame already, or one with another
sequence. The same frame again, soon and with nothing else from its sender in between, is a retransmission.
"""

from dataclasses import dataclass

from sniffer.charger.bootloop import BootLoopWatch, LoopEvent
from sniffer.charger.events import Booted, BootLoop

BootEvent = Booted | LoopEvent


@dataclass(frozen=True, slots=True)
class Boots:
    """The boots at one moment, with the times of the last two; `pending` while the log says so.

    `loop` is the boot loop that goes on, if there is one.
    """

    count: int = 0
    last: int | None = None
    previous: int | None = None
    pending: bool = False
    loop: BootLoop | None = None


RETRANSMITTED_WITHIN = 2_000_000_000
"""Nanoseconds after which the same boot frame is another boot's; `assumed`, as no source tells how long is waited."""


class BootCounter:
    """Counts the boots of one session."""

    def __init__(self) -> None:
        self._count = 0
        self._last: int | None = None
        self._previous: int | None = None
        self._pending = False
        self._sequence: int | None = None
        self._told_by: set[str] = set()
        self._said = 0
        self._watch = BootLoopWatch()

    def line(self, time: int | None) -> list[BootEvent]:
        """The log says that the communication processor booted."""
        return self._new(time, None, "line")

    def frame(self, time: int | None, kind: str, sequence: int, said: int) -> list[BootEvent]:
        """A frame of this kind, which a booting communication processor sends, was seen.

        `said` is how many others it has sent: the same boot frame after one of them is another boot's.
        """
        is_late = None not in (time, self._last) and (time or 0) - (self._last or 0) > RETRANSMITTED_WITHIN
        repeated = kind in self._told_by and (is_late or said != self._said)
        self._said = said
        if self._count == 0 or repeated or self._sequence not in (None, sequence):
            return self._new(time, sequence, kind)
        self._told_by.add(kind)
        self._sequence = sequence
        return []

    def pending(self) -> None:
        """The log says that the OCPP module has not accepted the boot."""
        self._pending = True
        self._watch.pending()

    def answered(self, time: int | None) -> list[LoopEvent]:
        """The OCPP module answered a boot handshake."""
        self._pending = False
        return self._watch.answered(time)

    def passes(self, time: int) -> list[LoopEvent]:
        """The source's time goes on: a boot loop may be over."""
        return self._watch.until(time)

    def now(self) -> Boots:
        return Boots(self._count, self._last, self._previous, self._pending, self._watch.loop)

    def _new(self, time: int | None, sequence: int | None, kind: str) -> list[BootEvent]:
        self._count += 1
        self._previous, self._last = self._last, time
        self._sequence = sequence
        self._told_by = {kind}
        return [Booted(time, self._count), *self._watch.boot(time)]
