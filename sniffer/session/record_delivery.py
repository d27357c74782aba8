"""The delivery of records to the sinks, the observers and the view of a session.

A sink that raises ends the session, as its output is what the session is for. A view that raises is detached: reading
and recording go on, and `view_error` keeps the reason. An observer that raises is detached as well, and is given its
error.
"""

from collections.abc import Sequence
from typing import Protocol

from sniffer.core.record import Record


class Sink(Protocol):
    """A consumer of records."""

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records. They come in order, each once. The call must not block the loop for long."""
        ...


class DetachableSink(Sink, Protocol):
    """A consumer of records that cannot end the session."""

    def detach(self, error: Exception) -> None:
        """Take the error that it raised. No record is delivered to it after that."""
        ...


class RecordDelivery:
    """The consumers of the records of one session. `view` is the screen, or None."""

    def __init__(self, sinks: Sequence[Sink], observers: Sequence[DetachableSink], view: Sink | None) -> None:
        self.view_error: Exception | None = None
        """The error for which the view was detached; None while it is attached."""
        self._sinks = sinks
        self._observers = [*observers]
        self._view = view

    def deliver(self, records: Sequence[Record]) -> None:
        """Pass these records to all sinks, then to the observers and the view. Of these, one that raises is dropped."""
        if not records:
            return
        for sink in self._sinks:
            sink.receive(records)
        for observer in [*self._observers]:
            try:
                observer.receive(records)
            except Exception as error:
                self._observers.remove(observer)
                observer.detach(error)
        if self._view:
            try:
                self._view.receive(records)
            except Exception as error:
                self._view, self.view_error = None, error
