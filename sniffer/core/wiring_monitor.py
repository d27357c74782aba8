"""Report wrong wiring as events of the session.

In: each record, in order. Out: an event when `sniffer.core.line.wiring` finds a fault, and one when the fault ends.
Findings are evaluated at every record with noise or line errors, and at every `CHECK_EVERY`th record. That depends on
the records alone, so a replay reports the same events as the live session.
"""

from collections.abc import Sequence

from sniffer.core.charger.tap_events import Miswired, MiswiringEnded
from sniffer.core.line.wiring import Wiring
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.items import LineErrorMark

CHECK_EVERY = 16
"""The number of good records between two evaluations. Most findings need dozens of records anyway."""

MOST_WAITING = 4 * CHECK_EVERY
"""The most frames of a tap that wait for an evaluation, which records of events may put off."""

SOLE_TAP_NAME = "the tap"
"""The name of the tap in a session with only one."""


class WiringMonitor:
    """Monitors the wiring of all taps of one session."""

    def __init__(self) -> None:
        self._reported: list[tuple[str, tuple[int, ...]]] = []
        self._restart({0: SOLE_TAP_NAME})

    def add_tap(self, tap: int, name: str) -> None:
        """Add a tap, counted from 1, or change its name. The evaluation of all taps starts anew."""
        self._restart({**self._names, tap: name} if 0 not in self._names else {tap: name})

    def check(
        self, number: int, tap: int, item: Message | Noise, marks: tuple[LineErrorMark, ...]
    ) -> list[Miswired | MiswiringEnded]:
        """Evaluate the record of this number and return the resulting events. `marks` are its line errors."""
        index = self._indexes.get(tap)
        if index is None:
            return []
        if type(item) is Message and not marks:
            waiting = self._waiting[index]
            waiting.append(item.frame)
            if number % CHECK_EVERY:
                if len(waiting) >= MOST_WAITING:
                    self._add_waiting()
                return []
        self._add_waiting()
        if isinstance(item, Message):
            if marks:
                self._wiring.add_marked_frame(index, item.frame, marks)
            return self._find_changes(item.frame.time)
        self._wiring.add_noise(index, item.raw, marks, item.time)
        return self._find_changes(item.time)

    def add_ordinary(self, messages: Sequence[Message | Noise]) -> bool:
        """Add messages without line errors at once and return True, if no event can result from them.

        Otherwise add nothing and return False: each of them has to be checked. So it is with several taps.
        """
        if 0 not in self._indexes or not self._is_evaluated:
            return False
        (waiting,) = self._waiting
        frames = [message.frame for message in messages if isinstance(message, Message)]
        has_noise = len(frames) != len(messages)
        frames = [*waiting, *frames]
        if has_noise or not self._wiring.keeps_findings(frames):
            return False
        waiting.clear()
        self._wiring.add_frames(0, frames)
        return True

    def _add_waiting(self) -> None:
        """Pass on the frames since the last evaluation."""
        for index, frames in enumerate(self._waiting):
            if frames:
                self._is_evaluated = False
                self._wiring.add_frames(index, frames)
                frames.clear()

    def _find_changes(self, time: int | None) -> list[Miswired | MiswiringEnded]:
        """Return the events of wiring faults that ended and that began since the last call."""
        findings = self._wiring.findings
        self._is_evaluated = True
        if not findings and not self._reported:
            return []
        taps = [*self._indexes]
        found = {(one.kind.value, tuple(taps[at] for at in one.taps if taps[at])): one.text for one in findings}
        begun = [
            Miswired(time, kind, text, at) for (kind, at), text in found.items() if (kind, at) not in self._reported
        ]
        ended = [MiswiringEnded(time, kind, at) for kind, at in self._reported if (kind, at) not in found]
        self._reported = list(found)
        return [*ended, *begun]

    def _restart(self, names: dict[int, str]) -> None:
        """Begin anew with these taps, as a tap was added: what was seen before does not count."""
        self._names = names
        self._indexes = {tap: index for index, tap in enumerate(names)}
        self._wiring = Wiring([*names.values()])
        self._waiting: list[list[Frame]] = [[] for _ in names]
        """The frames of each tap since the last evaluation."""
        self._reported = []
        self._is_evaluated = True
        """True if the events of the findings of now were returned."""
