"""The fault of the card reader: one condition, however often it is reported.

In: the lines and frames that report it (protocol.md, The charger's text log), and the times of all traffic. Out: an
event when it begins and one when it ends, and the condition with its count and period.

The charger's log prints each report twice, as a line and as the frame that tells the power board. So lines and frames
are counted separately, and the greater number counts. The condition has ended when three periods have passed without a
report, each with other traffic of the processor that reports: frames on its link to the power board, or lines that it
printed. So neither silence ends it, nor pieces that are missing in a log.
"""

from collections import deque
from itertools import islice
from operator import sub

from msgspec import Struct

from sniffer.base.times import MILLISECOND
from sniffer.core.charger.events import CardReaderFault, CardReaderFaultEnded
from sniffer.core.charger.exchanges.log_periods import find_log_period
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.links import PWRBOARD

CARD_READER_FAULT = "card reader fault"
"""The role of the lines and frames that report it."""

ASSUMED_PERIOD = 8190 * MILLISECOND
"""The period in nanoseconds before it is known: that of the charger's log (protocol.md, The charger's text log)."""

PERIODS_WITHOUT = 3
"""The number of periods without a report after which the condition has ended."""

TIMES_KEPT = 64

_NEVER = 1 << 62
"""A time that never comes."""


class CardReader(Struct, frozen=True):
    """The fault of the card reader at one moment. `reports` counts all reports of the session, `begun` the conditions.

    `fault` is the latest condition, active or over.
    """

    fault: CardReaderFault
    reports: int
    begun: int
    is_active: bool


class _Reports:
    """The reports of one kind: their number in the condition, and their last times."""

    __slots__ = ("count", "times")

    def __init__(self) -> None:
        self.count = 0
        self.times: deque[int] = deque(maxlen=TIMES_KEPT)


class CardReaderMonitor:
    """The monitor of the card reader in one session.

    `is_active` is true while the fault lasts, and before the time `due` no traffic can end it.
    """

    def __init__(self) -> None:
        self.is_active = False
        self.due = _NEVER
        self._kinds: dict[type[Message | TextMessage], _Reports] = {}
        self._since: int | None = None
        self._last: int | None = None
        self._process: str | None = None
        self._period: int | None = None
        self._reports_before = self._begun = 0
        self._periods: set[int] = set()

    def add_report(self, message: Message | TextMessage) -> list[CardReaderFault]:
        """Add a report, a line or a frame; return the event if the fault begins with it."""
        time = message.frame.time if isinstance(message, Message) else message.time
        begins = not self.is_active
        if begins:
            self._reports_before += self._count()
            self._begun += 1
            self._kinds = {}
            self._since, self.is_active = time, True
        if isinstance(message, TextMessage):
            self._process = message.line.process
        reports = self._kinds.get(type(message))
        if reports is None:
            reports = self._kinds[type(message)] = _Reports()
        reports.count += 1
        if time is not None:
            reports.times.append(time)
        self._last = time
        # The period is computed when there is traffic after the report.
        self.due = _NEVER if time is None else time + 1
        self._period = None
        self._periods.clear()
        return [self._build()] if begins else []

    def add_traffic(self, item: Message | Noise | TextMessage, time: int) -> list[CardReaderFaultEnded]:
        """Return the end of the fault, if it has ended by the time of this item."""
        if not self.is_active or self._last is None:
            return []
        if not self._is_of_reporter(item):
            return []
        if self._period is None:
            self._period = self._find_period() or ASSUMED_PERIOD
            self.due = self._last + self._period
        passed = (time - self._last) // self._period
        if passed < 1:
            return []
        self._periods.add(passed)
        self.due = self._last + (passed + 1) * self._period
        if len(self._periods) < PERIODS_WITHOUT:
            return []
        self.is_active, self.due = False, _NEVER
        return [CardReaderFaultEnded(time, self._build())]

    def snapshot(self) -> CardReader | None:
        """Return the fault as it is now; None if it was never reported."""
        if not self._begun:
            return None
        return CardReader(self._build(), self._reports_before + self._count(), self._begun, self.is_active)

    def _is_of_reporter(self, item: Message | Noise | TextMessage) -> bool:
        """Return True if the processor that reports sent or printed the item, and the item is no report itself."""
        if isinstance(item, Message):
            return item.frame.link is PWRBOARD and (item.command is None or item.command.role != CARD_READER_FAULT)
        if not isinstance(item, TextMessage) or item.line.process != self._process:
            return False
        return item.meaning is None or item.meaning.role != CARD_READER_FAULT

    def _count(self) -> int:
        return max((reports.count for reports in self._kinds.values()), default=0)

    def _build(self) -> CardReaderFault:
        return CardReaderFault(self._since, self._since, self._last, self._count(), self._find_period())

    def _find_period(self) -> int | None:
        """Return the period of the reports, in nanoseconds, by the kind with more of them; None if they have none."""
        most = max(self._kinds.values(), key=lambda reports: len(reports.times), default=None)
        if most is None:
            return None
        times = most.times
        return find_log_period(map(sub, islice(times, 1, None), times))
