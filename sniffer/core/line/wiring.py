"""Detect wrong wiring from what each tap receives, and say what to do about it.

In: each frame and each piece of noise with its tap, line errors and time. Out: `findings`, the faults present now. No
I/O and no clock. A finding needs several frames or bursts that agree, and ends when as many disagree.

How each fault is detected:

- An inverted line is detected by the beginning of bursts (`sniffer.core.line.uart_model`). One other burst in 128
  begins the same way, so three are enough. It is a conclusion from the heads alone and therefore `assumed`. It is
  possible only at the line's own rate.
- On a line with parity that is read without parity, the receiver takes the parity bit for the stop bit. The bytes are
  right, and exactly those whose parity bit is 0 have a framing error.
- A line that is held low gives breaks only, which are read as 00.
- Wrong directions are detected by the heads of frames.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.line.uart_model import begins_inverted, parity_bit
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.link_parts import Direction


class WiringFault(StrEnum):
    """A wiring fault. `ONE_SIDE` can be intended."""

    SAME_DIRECTION = "same direction"
    ONE_SIDE = "one side"
    SILENT = "silent"
    INVERTED = "inverted"
    LOW = "low"
    PARITY = "parity"


class WiringFinding(Struct, frozen=True):
    """A fault at these taps. `text` is one line for the user: what is wrong, and what to do."""

    kind: WiringFault
    taps: tuple[int, ...]
    text: str


SAFELY = ". Change wires only when all is dead: evse-sniff help bench"
"""The warning behind each advice to change the wiring: the wire may be at mains potential."""

BURST_GAP = 50 * MILLISECOND
"""The shortest silence between two bursts."""

MIN_AGREEING = 3
"""A finding begins when this many more bursts or frames agree than disagree."""

COUNT_LIMIT = 6
"""Agreeing bursts or frames beyond this are not counted, so that as few can end the finding."""

SAME_DIRECTION_FRAMES = 12
"""Consecutive frames of one direction that both taps must receive."""

SAME_DIRECTION_FRAMES_AFTER_BOTH = 60
"""The same if a tap received both directions before."""

ONE_SIDE_FRAMES = 40
"""Consecutive frames of one direction that a single tap must receive."""

_WINDOW = 16
"""The number of frames that `keeps_findings` examines at once."""

ONE_SIDE_TIME = 30 * SECOND
"""The shortest time over which these frames must extend."""

SILENT_FRAMES = 20
"""Frames that another tap must receive before a tap without any counts as silent."""

LOW_BYTES = 32
"""Consecutive bytes 00 that show a line held low, without line errors."""

_SENDER: dict[Direction, str] = {
    "com>pwr": "communication processor",
    "pwr>com": "power board",
    "ocpp>com": "OCPP module",
    "com>ocpp": "communication processor",
}


class _Hysteresis:
    """A switch that turns on at `MIN_AGREEING` more agreeing than disagreeing updates, and off when they are even."""

    __slots__ = ("count", "on")

    def __init__(self) -> None:
        self.count = 0
        self.on = False

    def update(self, agrees: bool) -> None:
        """Count one more update that agrees or disagrees with the fault, and turn the switch on or off by it."""
        self.count = min(self.count + 1, COUNT_LIMIT) if agrees else max(0, self.count - 1)
        if self.count >= MIN_AGREEING:
            self.on = True
        elif not self.count:
            self.on = False


class _TapActivity:
    """The bytes that one tap has received.

    `received` is True after a frame, or noise other than 00. `run` counts consecutive frames of `direction`, and
    `run_since` and `run_last` are the times of the first and the last of them. `last` is the time of the last bytes.
    """

    def __init__(self) -> None:
        self.received = False
        self.frames = 0
        self.direction: Direction | None = None
        self.run = 0
        self.run_since: int | None = None
        self.run_last: int | None = None
        self.both_directions = False
        self.last: int | None = None
        self.inverted = _Hysteresis()
        self.parity = {"E": _Hysteresis(), "O": _Hysteresis()}
        self.zeros = 0
        self.low = False


def _name_sender(direction: Direction) -> str:
    """Return whose frames go in a direction: a part of the charger, or what the direction of another board says."""
    return f"the {_SENDER[direction]}" if direction in _SENDER else direction


class _DirectionRun(NamedTuple):
    """Consecutive frames of one direction, up to the last one. `since` is the time of the first of them.

    `is_whole` is False if frames of another direction stand before them.
    """

    direction: Direction
    frames: int
    since: int | None
    is_whole: bool


def _find_last_run(frames: Sequence[Frame]) -> _DirectionRun | None:
    """Return the last run of frames; None if none of them has a direction."""
    direction: Direction | None = None
    count, since = 0, None
    for frame in reversed(frames):
        route = frame.route
        # A link that has one direction only is wired right, though nothing else is received.
        if route.direction is None or route.link.is_one_way:
            continue
        if direction is None:
            direction = route.direction
        elif route.direction != direction:
            return _DirectionRun(direction, count, since, is_whole=False)
        count += 1
        since = frame.time
    return None if direction is None else _DirectionRun(direction, count, since, is_whole=True)


def _has_both_directions(frames: Sequence[Frame]) -> bool:
    """Return True if frames of two directions are among these; frames without a direction do not count."""
    first: Direction | None = None
    for frame in frames:
        route = frame.route
        if route.direction is None or route.link.is_one_way:
            continue
        if first is None:
            first = route.direction
        elif route.direction != first:
            return True
    return False


class Wiring:
    """The wiring of one session's taps. `names` are the names of the taps; an index into them identifies a tap."""

    def __init__(self, names: Sequence[str] = ("the tap",)) -> None:
        self._names = tuple(names)
        self._taps = [_TapActivity() for _ in self._names]

    def add_frames(self, tap: int, frames: Sequence[Frame]) -> None:
        """Evaluate frames without line errors, in their order. Many at once are faster than one by one."""
        if not frames:
            return
        activity = self._taps[tap]
        self._count_frames(activity, frames)
        if activity.parity["E"].count or activity.parity["O"].count:
            for frame in frames:
                self._check_parity(activity, frame.raw, ())

    def keeps_findings(self, frames: Sequence[Frame]) -> bool:
        """Return True if the findings of the only tap stay the same while these frames without line errors are added.

        False means that they may change. Windows of frames are examined, which is faster than evaluating them.
        """
        (activity,) = self._taps
        is_parity_possible = activity.parity["E"].count or activity.parity["O"].count
        if activity.low or activity.zeros or activity.inverted.count or is_parity_possible:
            return False
        if self._find_one_side():
            return all(frame.route.direction in (None, activity.direction) for frame in frames)
        longest_run = activity.run
        for start in range(0, len(frames), _WINDOW):
            if longest_run + _WINDOW >= ONE_SIDE_FRAMES:
                return False
            has_turn = _has_both_directions(frames[start : start + _WINDOW])
            longest_run = _WINDOW if has_turn else longest_run + _WINDOW
        return True

    def add_marked_frame(self, tap: int, frame: Frame, marks: Sequence[LineErrorMark]) -> None:
        """Evaluate a frame with line errors. The offsets of `marks` count from its first byte."""
        activity = self._taps[tap]
        self._count_frames(activity, (frame,))
        self._check_parity(activity, frame.raw, marks)

    def add_noise(self, tap: int, raw: bytes, marks: Sequence[LineErrorMark], time: int | None) -> None:
        """Evaluate a piece of noise. The offsets of `marks` count from its first byte.

        If `time` is None, it is unknown, and the noise is no evidence of an inverted line.
        """
        if not raw:
            return
        activity = self._taps[tap]
        if time is not None:
            if (activity.last is None or time - activity.last >= BURST_GAP) and raw.strip(b"\x00"):
                activity.inverted.update(begins_inverted(raw))
            activity.last = time
        if raw.strip(b"\x00"):
            activity.zeros, activity.low = 0, False
        else:
            activity.zeros += len(raw)
            broken = any(mark.error is LineError.BREAK for mark in marks)
            activity.low = activity.low or activity.zeros >= LOW_BYTES or (broken and not activity.received)
        activity.received = activity.received or bool(raw.strip(b"\x00"))

    @property
    def findings(self) -> tuple[WiringFinding, ...]:
        """The faults present now. Those of a single tap come first."""
        found = [finding for tap, activity in enumerate(self._taps) for finding in self._find_on_tap(tap, activity)]
        if len(self._taps) == 1:
            return (*found, *self._find_one_side())
        return (*found, *self._find_silent(), *self._find_same_direction())

    def _count_frames(self, activity: _TapActivity, frames: Sequence[Frame]) -> None:
        """Count frames with a valid CRC, and follow their directions."""
        activity.received = True
        activity.frames += len(frames)
        activity.last = activity.run_last = frames[-1].time
        if activity.zeros or activity.inverted.count:
            activity.zeros, activity.low = 0, False
            for _ in frames:
                activity.inverted.update(False)
        last = _find_last_run(frames)
        if last is None:
            return
        if last.is_whole and last.direction == activity.direction:
            activity.run += last.frames
            return
        activity.both_directions = activity.both_directions or not last.is_whole or activity.direction is not None
        activity.direction, activity.run, activity.run_since = last.direction, last.frames, last.since

    def _check_parity(self, activity: _TapActivity, raw: bytes, marks: Sequence[LineErrorMark]) -> None:
        """Count whether exactly the bytes whose parity bit is 0 have a line error, for even and for odd parity."""
        marked = {mark.at for mark in marks if mark.error is not LineError.PARITY}
        even = {at for at, value in enumerate(raw) if not parity_bit(value, "E")}
        odd = set(range(len(raw))) - even
        activity.parity["E"].update(bool(marked) and marked == even)
        activity.parity["O"].update(bool(marked) and marked == odd)

    def _find_on_tap(self, tap: int, activity: _TapActivity) -> list[WiringFinding]:
        """Return the faults that a tap shows by itself: an inverted line, a line held low, or an unexpected parity."""
        name, found = self._names[tap], []
        if activity.inverted.on:
            text = (
                f"{name}: the line is inverted (assumed: bursts begin as an inverted AA or BB does):"
                " RS-232 levels on a TTL adapter? Use an RS-232 adapter, or invert the signal"
            )
            found.append(WiringFinding(WiringFault.INVERTED, (tap,), text))
        elif activity.low:
            text = (
                f"{name}: the line is low all the time: connect the ground, and check that RX is on a line that rests"
                f" high (assumed: a baud rate that is far too high looks the same){SAFELY}"
            )
            found.append(WiringFinding(WiringFault.LOW, (tap,), text))
        for parity, word in (("E", "even"), ("O", "odd")):
            if activity.parity[parity].on:
                text = (
                    f"{name}: the line has {word} parity (8{parity}1) and is read without:"
                    " framing errors stand on exactly the bytes whose parity bit is 0, the bytes are right"
                )
                found.append(WiringFinding(WiringFault.PARITY, (tap,), text))
        return found

    def _find_one_side(self) -> list[WiringFinding]:
        """Return a finding if the only tap has received a long run of frames of one direction, else an empty list."""
        (activity,) = self._taps
        if (
            activity.direction is None
            or activity.run < ONE_SIDE_FRAMES
            or activity.run_since is None
            or activity.run_last is None
        ):
            return []
        if activity.run_last - activity.run_since < ONE_SIDE_TIME:
            return []
        text = (
            f"{self._names[0]}: only {_name_sender(activity.direction)} is received, {activity.run} frames in a row:"
            " right for a tap on one wire; a second tap on the other wire receives the answers"
        )
        return [WiringFinding(WiringFault.ONE_SIDE, (0,), text)]

    def _find_silent(self) -> list[WiringFinding]:
        """Return a finding for each tap that has received nothing while another tap received frames."""
        if not any(activity.frames >= SILENT_FRAMES for activity in self._taps):
            return []
        return [
            WiringFinding(
                WiringFault.SILENT,
                (tap,),
                f"{self._names[tap]}: nothing was ever received, while another tap receives frames:"
                f" check that RX and ground are connected to the other wire{SAFELY}",
            )
            for tap, activity in enumerate(self._taps)
            if not activity.received and not activity.zeros
        ]

    def _find_same_direction(self) -> list[WiringFinding]:
        """Return a finding for each direction that two or more taps receive alone."""
        by_direction: dict[Direction, list[int]] = {}
        for tap, activity in enumerate(self._taps):
            if activity.direction and activity.run >= (
                SAME_DIRECTION_FRAMES_AFTER_BOTH if activity.both_directions else SAME_DIRECTION_FRAMES
            ):
                by_direction.setdefault(activity.direction, []).append(tap)
        return [
            WiringFinding(
                WiringFault.SAME_DIRECTION,
                tuple(taps),
                f"{' and '.join(self._names[tap] for tap in taps)}: both receive only {_name_sender(direction)}:"
                f" move one of them to the other wire{SAFELY}",
            )
            for direction, taps in by_direction.items()
            if len(taps) > 1
        ]
