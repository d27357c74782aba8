"""Faults: raised once, however many frames and lines tell of them, and cleared when the connector says so.

A status report, its relay on the other link and the log lines around them each give some of the three codes (M4, OCPP,
vendor). Reports whose codes do not contradict each other tell of one fault. What a fault means is looked up in the
error table (protocol.md, Error table): by the vendor code where it is known, else by the M4 code, else by the OCPP
code; a code can name more than one row. A vendor code is compared whole: 0x100208 and 0x200208 are different faults.
"""

from collections.abc import Sequence
from dataclasses import replace

from sniffer.charger.events import Fault, FaultCleared, FaultCodes, FaultRaised
from sniffer.protocol.definition import ErrorRow


def rows_for(codes: FaultCodes, table: Sequence[ErrorRow]) -> tuple[ErrorRow, ...]:
    """The rows of the error table that these codes can mean."""
    if codes.vendor is not None:
        return tuple(row for row in table if row.vendor == codes.vendor)
    if codes.m4 is not None and (rows := tuple(row for row in table if codes.m4 in row.m4)):
        return rows
    if codes.ocpp is None:
        return ()
    return tuple(
        row for row in table if row.ocpp == codes.ocpp and (not row.m4 or codes.m4 is None or codes.m4 in row.m4)
    )


class Faults:
    """The faults that are active now, one for each connector; None is a connector that no report has named yet."""

    def __init__(self, table: Sequence[ErrorRow]) -> None:
        self._table = table
        self._active: dict[int | None, Fault] = {}

    @property
    def active(self) -> tuple[Fault, ...]:
        return tuple(self._active.values())

    def report(self, time: int | None, connector: int, codes: FaultCodes | None) -> list[FaultRaised | FaultCleared]:
        """A connector reports a fault with these codes, or none.

        A fault that only log lines told of is taken to be this connector's: no line names one.
        """
        unnamed = self._active.pop(None, None)
        known = self._active.pop(connector, None) or unnamed
        if codes is None:
            return [FaultCleared(time, known)] if known else []
        if known and (merged := known.codes.merged(codes)):
            fault = replace(self._fault(merged, connector, known.since), last=time, reports=known.reports + 1)
            self._active[connector] = fault
            return []
        fault = self._fault(codes, connector, time)
        self._active[connector] = fault
        events: list[FaultRaised | FaultCleared] = [FaultCleared(time, known)] if known else []
        return [*events, FaultRaised(time, fault)]

    def hint(
        self, time: int | None, codes: FaultCodes | None, connector: int | None = None
    ) -> list[FaultRaised | FaultCleared]:
        """A log line or a relayed report gives codes: they complete an active fault that they fit.

        That of `connector` where it is named. Where no report has named a faulted connector, the codes are all there
        is: they raise a fault, and other codes, or none, end it.
        """
        for place, fault in self._active.items():
            if codes and connector in (None, place) and (merged := fault.codes.merged(codes)):
                completed = self._fault(merged, fault.connector, fault.since)
                self._active[place] = replace(completed, last=time, reports=fault.reports)
                return []
        over = self._active.pop(None, None)
        events: list[FaultRaised | FaultCleared] = [FaultCleared(time, over)] if over else []
        if codes is None or self._active:
            return events
        fault = self._fault(codes, None, time)
        self._active[None] = fault
        return [*events, FaultRaised(time, fault)]

    def _fault(self, codes: FaultCodes, connector: int | None, since: int | None) -> Fault:
        return Fault(connector, codes, rows_for(codes, self._table), since=since, last=since)
