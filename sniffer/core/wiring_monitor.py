"""Whether the taps are wired as they should be: what `sniffer.core.line.wiring` finds, as events of the session.

In: each record that was heard, in order. Out: an event when something is found, and one when it is over. Findings are
looked at with every record that was not heard well, and with every `LOOK`th: they are the same in a live session and
in a replay of it.
"""

from sniffer.core.charger.events import Miswired, MiswiringEnded
from sniffer.core.line.wiring import Wiring
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import LineErrorMark

LOOK = 16
"""With how many records findings are looked at; what makes most of them takes dozens."""

THE_TAP = "the tap"
"""What the only one is called."""


class WiringMonitor:
    """The taps of one session."""

    def __init__(self) -> None:
        self._known: list[tuple[str, tuple[int, ...]]] = []
        self._begin({0: THE_TAP})

    def tap(self, tap: int, name: str) -> None:
        """There is such a tap, counted from 1; what was found before is found anew."""
        self._begin({**self._names, tap: name} if 0 not in self._names else {tap: name})

    def heard(
        self, number: int, tap: int, item: Message | Noise, marks: tuple[LineErrorMark, ...]
    ) -> list[Miswired | MiswiringEnded]:
        """Take what a record of this number is; return what that changes."""
        place = self._places.get(tap)
        if place is None:
            return []
        if type(item) is Message:
            frame = item.frame
            self._wiring.frame(place, frame.direction, frame.raw, marks, frame.time)
            if number % LOOK and not marks:
                return []
        elif isinstance(item, Noise):
            self._wiring.noise(place, item.raw, marks, item.time)
        return self._changes(item.frame.time if isinstance(item, Message) else item.time)

    def _changes(self, time: int | None) -> list[Miswired | MiswiringEnded]:
        findings = self._wiring.findings
        if not findings and not self._known:
            return []
        taps = [*self._places]
        found = {(one.kind.value, tuple(taps[at] for at in one.taps if taps[at])): one.text for one in findings}
        new = [Miswired(time, kind, about, at) for (kind, at), about in found.items() if (kind, at) not in self._known]
        over = [MiswiringEnded(time, kind, at) for kind, at in self._known if (kind, at) not in found]
        self._known = list(found)
        return [*over, *new]

    def _begin(self, names: dict[int, str]) -> None:
        self._names = names
        self._places = {tap: place for place, tap in enumerate(names)}
        self._wiring = Wiring([*names.values()])
        self._known = []
