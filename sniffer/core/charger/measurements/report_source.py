"""One command or log line that reports quantities of one connector, with its last report.

Most reports equal the one before, or differ in phase voltages that are in order. The shortcut for these compares raw
values with bounds that are computed once: between the bounds no rule can break.
Such a message is only kept; `settle` passes its values on to the quantities when somebody asks for them.
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from operator import itemgetter
from typing import Any

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.measurements.course import PILOT, STEP, RecentReports, ValueSeries
from sniffer.core.charger.measurements.measurement import ReadingPlan
from sniffer.core.charger.measurements.quantity import Quantity
from sniffer.core.protocol.conversions import Conversion, Number, Numeric, Raw, RawValues
from sniffer.core.protocol.message import Message

Bounds = tuple[int, Any, Any]
"""The position of a value, and its lowest and highest raw value."""


@mypyc_attr(allow_interpreted_subclasses=True)
class ReportSource:
    """The last report of one source. `skipped` is a later message that passed by the shortcut; None if there is none.

    `places` say where the measured numbers are in a message, `numbers` are those of the last report that was not
    skipped, None for one that it lacks, and `recent` are those of the reports of the last half minute.

    While `is_calm`, a message with `count` values passes if those that `pick_fixed` picks equal `fixed`, and others are
    between the `bounds`. Connector, energy and temperatures are fixed: they have rules for each step.
    """

    __slots__ = (
        "bounds",
        "connector",
        "count",
        "fixed",
        "is_calm",
        "line",
        "number",
        "numbers",
        "pick_fixed",
        "places",
        "plan",
        "quantities",
        "recent",
        "skipped",
        "status",
        "time",
        "values",
    )

    def __init__(self, plan: ReadingPlan, connector: int | None) -> None:
        self.set_plan(plan)
        self.connector = connector
        self.quantities: list[Quantity] = []
        self.values: RawValues = ()
        self.numbers: Sequence[Numeric | None] = ()
        self.time: int | None = None
        self.number = 0
        self.line: int | None = None
        self.status: str | None = None
        self.skipped: Message | None = None
        self.recent = RecentReports()
        self.is_calm = False
        self.count = 0
        self.bounds: list[Bounds] = []
        self.fixed: RawValues = ()
        self.pick_fixed: Callable[[RawValues], RawValues] = tuple

    def set_plan(self, plan: ReadingPlan) -> None:
        """Set where the next report has its quantities, which are the same in each: items of lists vary in place."""
        self.plan = plan
        self.places = (*plan.quantities, *([(PILOT, *plan.pilot)] if plan.pilot else ()))

    def begin_report(self, values: RawValues, time: int | None, number: int, line: int | None) -> None:
        """Begin a report that did not pass by the shortcut."""
        self.settle()
        self.is_calm = False
        if values != self.values or not self.numbers:
            self.values, self.numbers = values, self._convert_all(values)
            self._read_status()
        self.time, self.number, self.line = time, number, line
        if time is not None and not 0 <= time - self.recent.last < STEP:
            self.recent.add(time, self.numbers)

    def passes(self, message: Message, number: int, line: int | None) -> bool:
        """Return True if a message passes by the shortcut. It is kept then."""
        values = message.values
        if not self.is_calm or len(values) != self.count or (self.fixed and self.pick_fixed(values) != self.fixed):
            return False
        for position, low, high in self.bounds:
            if not low <= values[position] <= high:
                return False
        self.skipped, self.number, self.line = message, number, line
        time = message.frame.time
        if time is not None and not 0 <= time - self.recent.last < STEP:
            self.recent.add(time, self._convert_all(values))
        return True

    def skip(self, message: Message, number: int, line: int | None) -> None:
        """Keep a message that passes by the shortcut."""
        self.skipped, self.number, self.line = message, number, line
        time = message.frame.time
        if time is not None and not 0 <= time - self.recent.last < STEP:
            self.recent.add(time, self._convert_all(message.values))

    def settle(self) -> None:
        """Pass the values of the message that was skipped last on to the quantities."""
        message, self.skipped = self.skipped, None
        if message is not None:
            self.values, self.time = message.values, message.frame.time
            self.numbers = self._convert_all(self.values)
            self._read_status()
            for quantity, value in zip(self.quantities, self.numbers, strict=False):
                assert value is not None
                quantity.value, quantity.report = value, (value, self.time)
                quantity.time, quantity.number, quantity.line = self.time, self.number, self.line

    def end_shortcut(self) -> None:
        """Let the next message be judged in full."""
        self.settle()
        self.is_calm = False

    def open_shortcut(self) -> None:
        """Compute what passes by the shortcut, if the last report allows one."""
        plan, values = self.plan, self.values
        fixed = [] if plan.connector is None else [plan.connector[0]]
        bounds: list[Bounds] = []
        for quantity, (_, position, conversion) in zip(self.quantities, plan.quantities, strict=True):
            if not (isinstance(conversion, Number) and conversion.is_increasing):
                return
            if len(quantity.sources) > 1 or quantity.mains:
                return
            if not plan.is_judged:
                bounds.append((position, -inf, inf))
                continue
            if not quantity.low <= quantity.value <= quantity.high:
                return
            if quantity.rise < inf or quantity.fall < inf:
                fixed.append(position)
            else:
                low = _find_raw_bound(quantity.low, conversion, 1)
                bounds.append((position, low, _find_raw_bound(quantity.high, conversion, -1)))
        # The connector of a report that names none depends on the report before it.
        is_placed = plan.connector is not None or plan.role == "voltages"
        last = max([*fixed, *(position for position, _, _ in bounds)], default=-1)
        # A number of a size that `struct` has no code for is kept as bytes, which cannot be compared with a bound.
        if is_placed and last < len(values) and all(isinstance(values[position], int) for position, _, _ in bounds):
            # An itemgetter of one position would return no tuple.
            self.pick_fixed = itemgetter(*fixed, fixed[-1]) if fixed else tuple
            self.count, self.bounds, self.fixed = len(values), bounds, self.pick_fixed(values) if fixed else ()
            self.is_calm = True

    @property
    def pilot(self) -> Numeric | None:
        """The voltage of the control pilot in the last report; None if it has none."""
        return self.numbers[-1] if self.plan.pilot and self.numbers else None

    def list_series(self, until: int) -> Iterator[tuple[str, ValueSeries]]:
        """Yield the name of each quantity and of the pilot voltage, with its series of the half minute until a time.

        The value of the last report stands last, also if it follows the one before within a short time.
        """
        self.settle()
        last = self.time
        times, columns = self.recent.columns(until)
        if last is not None and (last > until or times[-1:] == (last,)):
            last = None
        for place, (name, _, _) in enumerate(self.places):
            column = columns[place] if columns else ()
            value = self.numbers[place] if self.numbers else None
            yield name, (times, column) if last is None or value is None else ((*times, last), (*column, value))

    def _convert_all(self, values: RawValues) -> Sequence[Numeric | None]:
        """Return the measured numbers in the values of a message; None for one that is not there."""
        count = len(values)
        return tuple(
            [
                _convert(values[position], conversion) if position < count else None
                for _, position, conversion in self.places
            ]
        )

    def _read_status(self) -> None:
        """Take the status of the connector out of the values of the report; None if they have none."""
        place = self.plan.status
        raw = self.values[place[0]] if place is not None and place[0] < len(self.values) else None
        self.status = None if place is None or raw is None else str(place[1].value(raw))


def _convert(raw: Raw | None, conversion: Conversion) -> Numeric:
    """Return the value of a field that `build_plan` found to be a number."""
    assert raw is not None
    value = conversion.value(raw)
    assert not isinstance(value, str)
    return value


def _find_raw_bound(limit: float, conversion: Conversion, inwards: int) -> Numeric:
    """Return the raw value next to a limit that is not beyond it; `inwards` is the direction of those within."""
    if limit in (inf, -inf):
        return limit
    raw = conversion.raw(limit)
    assert isinstance(raw, int)
    while (_convert(raw, conversion) - limit) * inwards < 0:
        raw += inwards
    return raw
