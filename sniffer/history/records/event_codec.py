"""Pack the events of some records into bytes, and unpack them again as equal values.

In: events by the number of their record. Out: bytes, for the temporary file of this process alone: they are a pickle,
and are never read from anywhere else. What several events share, as the events before a fault, is stored once. The
routes and the rows of the error table, which never change, are stored as their positions. A changed or ended fault is
stored without the events and the courses before it: `restore_preceding` takes them from the event that raised it.
"""

import io
import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence
from copyreg import dispatch_table
from functools import partial
from operator import attrgetter
from typing import Any, get_args

from msgspec.structs import replace

from sniffer.core.charger.events import Event, Fault, FaultChanged, FaultCleared, FaultRaised, Preceding
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import CodeReading, Diagnosis, FaultCodes
from sniffer.core.charger.health.link_health import LinkHealth
from sniffer.core.charger.measurements.course import Course, CoursePoint
from sniffer.core.charger.measurements.measurement import Measurement
from sniffer.core.charger.recent_events import drop_preceding
from sniffer.core.charger.startup.registration_events import Announcement
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.wire.link import Route

EventsByNumber = dict[int, tuple[Event, ...]]

COMPRESSION = 1
"""The level of zlib: the fastest, which makes events about eight times smaller."""

SMALL = 1024
"""The bytes up to which zlib is given the least memory. To prepare more takes longer than to compress them."""

_VALUES: tuple[type[Any], ...] = (
    *get_args(Event), Fault, LinkHealth, Preceding, Evidence, FaultCodes, CodeReading, Diagnosis, Announcement,
)  # fmt: skip
"""The classes that are stored as their fields: by itself, pickle calls Python code for each of them."""


def find_route(position: int) -> Route:
    """Return a route of the definition. `EventCodec` replaces this function by that of its own table."""
    raise LookupError(position)


def find_row(position: int) -> ErrorRow:
    """Return a row of the error table. `EventCodec` replaces this function by that of its own table."""
    raise LookupError(position)


class EventCodec:
    """The packing of the events of a session with this definition."""

    def __init__(self, definition: Definition) -> None:
        table, routes = definition.errors, definition.links.all_routes
        self._tables: dict[str, Sequence[Any]] = {find_row.__name__: table, find_route.__name__: routes}
        positions = {id(row): position for position, row in enumerate(table)}
        self._reducers: dict[type[Any], Callable[[Any], Any]] = {
            **VALUE_REDUCERS,
            FaultChanged: _reduce_fault,
            FaultCleared: _reduce_fault,
            **{kind: partial(_reduce_tuple, kind) for kind in (Measurement, Course, CoursePoint)},
            Route: lambda route: (find_route, (routes.index(route),)),
            ErrorRow: partial(_reduce_row, positions),
        }

    def pack(self, events: EventsByNumber) -> bytes:
        """Return events as bytes."""
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = self._reducers
        pickler.dump(events)
        data = buffer.getvalue()
        memory = 1 if len(data) <= SMALL else zlib.DEF_MEM_LEVEL
        compressor = zlib.compressobj(COMPRESSION, memLevel=memory)
        return compressor.compress(data) + compressor.flush()

    def unpack(self, data: bytes) -> EventsByNumber:
        """Return the events of packed bytes."""
        events: EventsByNumber = _Unpickler(io.BytesIO(zlib.decompress(data)), self._tables).load()
        return events


def restore_preceding(event: Event, events_of: Callable[[int], Sequence[Event]]) -> Event:
    """Return the event with what came before its fault, as the event that raised the fault has it.

    `events_of` returns the events of a record as they are stored; none if they are not kept.
    """
    if not isinstance(event, FaultChanged | FaultCleared) or event.fault.before or not event.fault.evidence:
        return event
    for other in events_of(event.fault.evidence[0].number):
        if isinstance(other, FaultRaised) and other.fault.evidence[:1] == event.fault.evidence[:1]:
            return replace(event, fault=replace(event.fault, before=other.fault.before, courses=other.fault.courses))
    return event


class _Unpickler(pickle.Unpickler):
    """The unpickler of a session with these tables, by the name of the function that returns an entry."""

    def __init__(self, file: io.BytesIO, tables: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(file)
        self._tables = tables

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """Return a class or a function by its name."""
        if global_name in self._tables:
            return self._tables[global_name].__getitem__
        return super().find_class(module_name, global_name)


def _build_getter(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that returns the values of all fields."""
    names: tuple[str, ...] = kind.__match_args__
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda value: (get(value),)


def _reduce(kind: type[Any], get: Callable[[Any], tuple[Any, ...]], value: Any) -> tuple[type[Any], tuple[Any, ...]]:
    return kind, get(value)


def _reduce_tuple(kind: type[Any], value: tuple[Any, ...]) -> tuple[type[Any], tuple[Any, ...]]:
    """Return the form by which pickle builds a named tuple again."""
    return kind, tuple(value)


def _reduce_fault(event: FaultChanged | FaultCleared) -> tuple[type[Any], tuple[Any, ...]]:
    """Return the form by which pickle builds the event again, without the events before it."""
    known = drop_preceding(event)
    assert isinstance(known, FaultChanged | FaultCleared)
    return type(known), (known.time, known.fault)


def _reduce_row(positions: Mapping[int, int], row: ErrorRow) -> Any:
    position = positions.get(id(row))
    return row.__reduce_ex__(pickle.HIGHEST_PROTOCOL) if position is None else (find_row, (position,))


VALUE_REDUCERS: Mapping[type[Any], Callable[[Any], Any]] = {
    **dispatch_table,
    **{kind: partial(_reduce, kind, _build_getter(kind)) for kind in _VALUES},
}
"""The form in which `pickle` stores values that never change."""
