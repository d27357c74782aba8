"""Packets of a capture that another process decodes ahead: what it is given, and what it returns.

A capture is read in order, as what a packet means depends on those before it. Two steps do not: whether the bytes of a
packet are one whole frame, and the meaning of that frame. So another process does these steps for all plain packets
(`sniffer.formats.pcapng.piece_decoder`). The process that reads the capture takes each run of such packets as it is if
the sequential reader would give the same there (`PacketItems.place_run`), and parses everything else itself.

Results are columns, packed by `marshal`: both processes are the same program, and it takes a fifth of the time that
pickling the objects takes.
"""

import marshal
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.formats.pcapng.packet import Interface, PacketShape


class CaptureSection(NamedTuple):
    """The section of a capture that packets are in: its byte order, as in `struct`, and its interfaces so far.

    `shapes` are those of the interfaces so far as they are known, else None: the packets of these are not decoded
    ahead.
    """

    order: str
    interfaces: Sequence[Interface]
    shapes: Sequence[PacketShape | None]


class StreamEnd(NamedTuple):
    """The last packet of a run in one stream: the direction of an interface. `size` counts the bytes of the line."""

    interface: int
    direction: int
    time: int | None
    size: int


class DecodedRun(NamedTuple):
    """The packets in a piece of a capture from `begin` up to `end`: each is plain, and its bytes are one whole frame.

    `interfaces` holds the number of the interface of each, `size` is the number of bytes of their frames, and
    `last_time` the latest time that a packet has, or None. `ends` are those of all streams of the run.
    """

    begin: int
    end: int
    messages: Sequence[Message]
    interfaces: bytes
    size: int
    last_time: int | None
    ends: Sequence[StreamEnd]


class RunWriter:
    """Packs the runs of pieces that were decoded by this definition."""

    def __init__(self, definition: Definition) -> None:
        self._routes = {route: number for number, route in enumerate(definition.links.all_routes)}
        self._commands = {id(command): number for number, command in enumerate(definition.commands)}

    def pack(self, size: int, runs: Iterable[DecodedRun]) -> bytes:
        """Return the size of a piece and its runs as bytes. All frames of a run have a time, or none has one."""
        # The newer versions look for objects that are the same, which costs time and finds few.
        return marshal.dumps((size, [self._list_columns(run) for run in runs]), 2)

    def _list_columns(self, run: DecodedRun) -> tuple[object, ...]:
        """Return a run as values that `marshal` takes."""
        frames = [message.frame for message in run.messages]
        times = array("q", [frame.time for frame in frames if frame.time is not None])
        routes = [self._routes[frame.route] for frame in frames]
        # The number of a command that is not known is -1.
        commands = [self._commands.get(id(message.command), -1) for message in run.messages]
        return (
            *(run.begin, run.end, [frame.raw for frame in frames], times.tobytes(), bytes(routes)),
            *(array("h", commands).tobytes(), [message.values for message in run.messages], run.interfaces),
            *(run.size, run.last_time, [tuple(end) for end in run.ends]),
        )


class RunReader:
    """Reads the runs of pieces that were decoded by this definition."""

    def __init__(self, definition: Definition) -> None:
        self._routes = definition.links.all_routes
        self._commands = (*definition.commands, None)

    def read(self, packed: bytes) -> tuple[int, Iterator[DecodedRun]]:
        """Return the size of a piece that `RunWriter` packed, and an iterator over its runs, in order."""
        size, runs = marshal.loads(packed)
        return size, self._build_runs(runs)

    def _build_runs(self, runs: Iterable[Sequence[Any]]) -> Iterator[DecodedRun]:
        """Yield the runs of these columns."""
        routes, commands = self._routes, self._commands
        for columns in runs:
            begin, end, raws, times, of_routes, of_commands, values, interfaces, size, last_time, ends = columns
            messages = [
                Message(Frame(routes[route], time, raw), commands[command], decoded)
                for route, time, raw, command, decoded in zip(
                    of_routes,
                    array("q", times) if times else repeat(None, len(raws)),
                    raws,
                    array("h", of_commands),
                    values,
                    strict=True,
                )
            ]
            yield DecodedRun(begin, end, messages, interfaces, size, last_time, [StreamEnd(*one) for one in ends])
