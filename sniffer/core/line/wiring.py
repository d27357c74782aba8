"""Recognise wrong wiring by what each tap hears, and say what to do about it.

In: each frame and each piece of noise with its tap, its line errors and its time, as the core has them. Out:
`findings`, what is wrong at this moment. No I/O and no clock. A finding needs several frames or bursts that agree, and
goes away when as much speaks against it; a frame without line errors costs a few comparisons.

What is looked at:

- An inverted line is known by how bursts begin (`sniffer.core.line.uart_model`): one other burst in 128 begins so, so three
  are enough, but it is a conclusion from the heads alone: `assumed`. It is seen only at the line's own rate.
- A line with parity that is read without takes the parity bit for the stop bit: a framing error stands on exactly the
  bytes whose parity bit is 0, and the bytes are right.
- A line that is held low gives breaks, read as 00, and nothing else.
- Directions are those of the frames' heads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sniffer.base.times import SECOND
from sniffer.core.line.uart_model import begins_inverted, parity_bit
from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.links import Direction


class WiringFault(StrEnum):
    """What can be wrong; `ONE_SIDE` may be right."""

    SAME_DIRECTION = "same direction"
    ONE_SIDE = "one side"
    SILENT = "silent"
    INVERTED = "inverted"
    LOW = "low"
    PARITY = "parity"


@dataclass(frozen=True, slots=True)
class WiringFinding:
    """One thing that is wrong at these taps; `text` is one line: what, and what to do."""

    kind: WiringFault
    taps: tuple[int, ...]
    text: str


BURST_AFTER = 50_000_000
"""Nanoseconds without anything that begin a new burst."""

ENOUGH = 3
"""Bursts or frames that must agree, beyond those that do not."""
SURE = 6
"""No more are counted, so that as few can speak against it again."""
ONE_WAY = 12
"""Frames of one direction that both taps must hear."""
ONE_WAY_AFTER_BOTH = 60
"""The same where a tap heard both directions before."""
ONE_SIDE_FRAMES = 40
ONE_SIDE_TIME = 30 * SECOND
SILENT_FRAMES = 20
ZERO_BYTES = 32

_SPEAKER: dict[Direction, str] = {
    "com>pwr": "communication processor",
    "pwr>com": "power board",
    "ocpp>com": "OCPP module",
    "com>ocpp": "communication processor",
}


class _Agreement:
    """On where `ENOUGH` more things spoke for it than against it, off again when the others have made up for them."""

    __slots__ = ("count", "on")

    def __init__(self) -> None:
        self.count = 0
        self.on = False

    def hears(self, agrees: bool) -> None:
        self.count = min(self.count + 1, SURE) if agrees else max(0, self.count - 1)
        if self.count >= ENOUGH:
            self.on = True
        elif not self.count:
            self.on = False


class _WireActivity:
    """What one tap heard."""

    def __init__(self) -> None:
        self.heard = False
        self.frames = 0
        self.direction: Direction | None = None
        self.run = 0
        self.run_since: int | None = None
        self.run_last: int | None = None
        self.both = False
        self.last: int | None = None
        self.inverted = _Agreement()
        self.parity = {"E": _Agreement(), "O": _Agreement()}
        self.zeros = 0
        self.low = False


class Wiring:
    """The wiring of one session's taps. `names` are what people call them, in the order of their numbers."""

    def __init__(self, names: Sequence[str] = ("the tap",)) -> None:
        self._names = tuple(names)
        self._sides = [_WireActivity() for _ in self._names]

    def frame(
        self, tap: int, direction: Direction | None, raw: bytes, marks: Sequence[LineErrorMark], time: int | None
    ) -> None:
        """A frame with a valid CRC. `marks` count from its first byte."""
        side = self._sides[tap]
        side.heard = True
        side.frames += 1
        side.last = side.run_last = time
        if direction != side.direction:
            self._turned(side, direction, time)
        else:
            side.run += 1
        if side.zeros or side.inverted.count:
            side.zeros, side.low = 0, False
            side.inverted.hears(False)
        if marks or side.parity["E"].count or side.parity["O"].count:
            self._check_parity(side, raw, marks)

    def noise(self, tap: int, raw: bytes, marks: Sequence[LineErrorMark], time: int | None) -> None:
        """A piece of noise. `marks` count from its first byte."""
        if not raw:
            return
        side = self._sides[tap]
        if time is not None:
            if (side.last is None or time - side.last >= BURST_AFTER) and raw.strip(b"\x00"):
                side.inverted.hears(begins_inverted(raw))
            side.last = time
        if raw.strip(b"\x00"):
            side.zeros, side.low = 0, False
        else:
            side.zeros += len(raw)
            broken = any(mark.error is LineError.BREAK for mark in marks)
            side.low = side.low or side.zeros >= ZERO_BYTES or (broken and not side.heard)
        side.heard = side.heard or bool(raw.strip(b"\x00"))

    @property
    def findings(self) -> tuple[WiringFinding, ...]:
        """What is wrong now, each tap's own first."""
        found = [finding for tap, side in enumerate(self._sides) for finding in self._of_one(tap, side)]
        if len(self._sides) == 1:
            return (*found, *self._one_side())
        return (*found, *self._silent(), *self._same_direction())

    def _turned(self, side: _WireActivity, direction: Direction | None, time: int | None) -> None:
        """Another direction is heard; frames whose head does not tell theirs say nothing."""
        if direction is None:
            return
        side.both = side.both or side.direction is not None
        side.direction, side.run, side.run_since = direction, 1, time

    def _check_parity(self, side: _WireActivity, raw: bytes, marks: Sequence[LineErrorMark]) -> None:
        wrong = {mark.at for mark in marks if mark.error is not LineError.PARITY}
        even = {at for at, value in enumerate(raw) if not parity_bit(value, "E")}
        odd = set(range(len(raw))) - even
        side.parity["E"].hears(bool(wrong) and wrong == even)
        side.parity["O"].hears(bool(wrong) and wrong == odd)

    def _of_one(self, tap: int, side: _WireActivity) -> list[WiringFinding]:
        name, found = self._names[tap], []
        if side.inverted.on:
            text = (
                f"{name}: the line is inverted (assumed: bursts begin as an inverted AA or BB does):"
                " RS-232 levels on a TTL adapter? Use an RS-232 adapter, or invert the signal"
            )
            found.append(WiringFinding(WiringFault.INVERTED, (tap,), text))
        elif side.low:
            text = (
                f"{name}: the line is low all the time: connect the ground, and check that RX is on a line that rests"
                " high (assumed: a baud rate that is far too high looks the same)"
            )
            found.append(WiringFinding(WiringFault.LOW, (tap,), text))
        for parity, word in (("E", "even"), ("O", "odd")):
            if side.parity[parity].on:
                text = (
                    f"{name}: the line has {word} parity (8{parity}1) and is read without:"
                    " framing errors stand on exactly the bytes whose parity bit is 0, the bytes are right"
                )
                found.append(WiringFinding(WiringFault.PARITY, (tap,), text))
        return found

    def _one_side(self) -> list[WiringFinding]:
        (side,) = self._sides
        if side.direction is None or side.run < ONE_SIDE_FRAMES or side.run_since is None or side.run_last is None:
            return []
        if side.run_last - side.run_since < ONE_SIDE_TIME:
            return []
        text = (
            f"{self._names[0]}: only the {_SPEAKER[side.direction]} is heard, {side.run} frames in a row:"
            " right for a tap on one wire; a second tap on the other wire hears the answers"
        )
        return [WiringFinding(WiringFault.ONE_SIDE, (0,), text)]

    def _silent(self) -> list[WiringFinding]:
        if not any(side.frames >= SILENT_FRAMES for side in self._sides):
            return []
        return [
            WiringFinding(
                WiringFault.SILENT,
                (tap,),
                f"{self._names[tap]}: nothing was ever heard, while another tap hears frames:"
                " check that RX and ground are connected to the other wire",
            )
            for tap, side in enumerate(self._sides)
            if not side.heard and not side.zeros
        ]

    def _same_direction(self) -> list[WiringFinding]:
        by_direction: dict[Direction, list[int]] = {}
        for tap, side in enumerate(self._sides):
            if side.direction and side.run >= (ONE_WAY_AFTER_BOTH if side.both else ONE_WAY):
                by_direction.setdefault(side.direction, []).append(tap)
        return [
            WiringFinding(
                WiringFault.SAME_DIRECTION,
                tuple(taps),
                f"{' and '.join(self._names[tap] for tap in taps)}: both hear only the {_SPEAKER[direction]}:"
                " move one of them to the other wire",
            )
            for direction, taps in by_direction.items()
            if len(taps) > 1
        ]
