"""A tap on a serial port, through pyserial and pyserial-asyncio: it listens, and waits for a port that went away.

In: the name of a port, and its rate or None. Out: what was read with its time of arrival and its line errors; a gap
when the port goes away, and its return, under whatever name it comes back; the rate, where it is found by trying.
How a port is opened and read is in `sniffer.sources.serial.receive_only`, how a rate is found in `sniffer.core.line.baud_finder`.
"""

import asyncio
import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import serial_asyncio

from sniffer.base.errors import SourceError
from sniffer.base.times import MILLISECOND
from sniffer.core.line.baud_finder import BaudFinder
from sniffer.core.wire.frame import BaudChange, Chunk, LatencyBound, LineErrorMark, TapGap, TapRestored
from sniffer.core.wire.framer import BITS_PER_BYTE, NANOSECONDS
from sniffer.core.wire.items import TapState
from sniffer.sources.serial.adapter import find_adapter, find_again
from sniffer.sources.serial.discovery import describe_access, list_serial_ports
from sniffer.sources.serial.holders import find_holders
from sniffer.sources.serial.receive_only import PORT_ERRORS, ReceiveOnlyPort, open_port
from sniffer.sources.source import SteadyClock, Take

PIECE = 1024
"""Bytes; 115200 baud brings them in 90 ms, and they are worked on in one or two."""

TICK = 0.1
"""Seconds between two looks at what time brings."""

TICKS_A_COUNT = 10
"""With how many of them the driver's counters are looked at."""

NEXT_LOOK = 0.05
"""Seconds between two looks for a port that went away."""

WIDER_LOOK = 10
"""With how many of them it is looked for under other names, which takes longer."""

PSEUDO_TERMINALS = "/dev/pts/"
"""Their numbers are given to the next terminal that is opened: it is somebody else's, and is not for us to take."""


class SerialTap:
    """An open tap on one port. `baud` None: the rate is found. Raises `SourceError` where it cannot be opened."""

    is_live = True
    zone = None
    times_are_first_bytes = False
    needs_merging = False

    def __init__(self, port: str, baud: int | None) -> None:
        self.name = port
        self._asked = baud
        self._finder = BaudFinder() if baud is None else None
        self._clock = SteadyClock()
        self._adapter = find_adapter(port)
        self._state = TapState(port)
        self._counted: dict[str, int] = {}
        self._can_return = os.path.islink(port) or not self._adapter.device.startswith(PSEUDO_TERMINALS)
        self._serial = self._open(port)

    @property
    def baud(self) -> int | None:
        """The rate of the line, as far as it is known."""
        return self._finder.found if self._finder else self._asked

    @property
    def taps(self) -> tuple[TapState, ...]:
        return (replace(self._state, baud=self.baud, rate=self._finder.evidence if self._finder else ""),)

    def now(self) -> int | None:
        return self._clock.now()

    def close(self) -> None:
        self._serial.close()

    async def run(self, take: Take) -> None:
        """Read until cancelled, or until a port is lost of which nothing tells whether it is there again."""
        try:
            self._tell_late(take, None)
            while True:
                reason = await self._listen(take)
                if not self._can_return:
                    raise SourceError(f"{self.name}: {reason}: is the adapter still plugged in?")
                take(TapGap(self._clock.now(), reason))
                self._state = replace(self._state, lost=f"{reason}: waiting for it")
                before = self._state.late
                how = await self._return()
                self._state = replace(self._state, lost="")
                take(TapRestored(self._clock.now(), how))
                self._tell_late(take, before)
        finally:
            self.close()

    async def _listen(self, take: Take) -> str:
        """Read until the port is gone; say why it is."""
        reader = _Reader(lambda data: self._heard(data, take))
        transport, _ = await serial_asyncio.connection_for_serial(
            asyncio.get_running_loop(), lambda: reader, self._serial
        )
        ticking = asyncio.create_task(self._tick(take))
        ticking.add_done_callback(reader.failed_with)
        try:
            reason = await reader.ended
        finally:
            ticking.cancel()
            transport.close()
            await reader.closed.wait()
        if rest := self._serial.flush_marks():
            take(Chunk(rest, self._clock.now()))
        return f"the port went away ({reason})"

    def _tell_late(self, take: Take, before: int | None) -> None:
        """What the adapter says of its lateness, where that is news."""
        if self._state.late not in (None, before):
            take(LatencyBound(self._clock.now(), self._state.late, 0))

    def _heard(self, data: bytes, take: Take) -> None:
        told, marks = self._serial.decode_marks(data)
        if told:
            now = self._clock.now()
            for chunk in split_read(told, now, marks, self.baud):
                take(chunk)
            if self._finder and self._finder.read(told, marks, now):
                self._follow_finder(take)

    async def _tick(self, take: Take) -> None:
        """What happens while nothing comes."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK)
            if self._finder and self._finder.tick(self._clock.now()):
                self._follow_finder(take)
            ticks += 1
            if ticks % TICKS_A_COUNT == 0:
                self._count(take)

    def _follow_finder(self, take: Take) -> None:
        """The finder wants another rate, or knows more."""
        finder = self._finder
        assert finder
        while finder.baud != self._serial.baudrate:
            wanted = finder.baud
            try:
                self._serial.baudrate = wanted
            except PORT_ERRORS:
                finder.refused(wanted)
                if finder.baud == wanted:
                    break
        self._state = replace(self._state, settings=self._settings())
        known = finder.found, finder.evidence.startswith("undetermined: no valid frames at any")
        if known != self._known and (known[0] or known[1] or self._known[0]):
            self._known = known
            take(BaudChange(self._clock.now(), finder.found, finder.evidence))

    _known: tuple[int | None, bool] = (None, False)

    def _count(self, take: Take) -> None:
        """What the driver counted since the port was opened; bytes that it lost are a gap."""
        counts = self._serial.read_error_counts()
        if not counts:
            return
        grown = {name: count - self._counted.get(name, 0) for name, count in counts.items()}
        before = dict(self._state.errors)
        lost = sum(grown[name] - before.get(name, 0) for name in ("overrun", "buf_overrun"))
        self._state = replace(self._state, errors=tuple(grown.items()))
        if lost > 0:
            take(TapGap(self._clock.now(), f"the driver lost bytes, {lost} times: the machine did not read in time"))

    async def _return(self) -> str:
        """Wait until the port is there again, under whatever name, and open it; say where it is."""
        looks = 0
        while True:
            await asyncio.sleep(NEXT_LOOK)
            looks += 1
            is_there = os.path.exists(self.name)
            path = find_again(self.name, self._adapter) if is_there or looks % WIDER_LOOK == 0 else None
            if path is None:
                continue
            try:
                self._serial = self._open(path)
            except SourceError as error:
                self._state = replace(self._state, lost=str(error))
                continue
            return "the same port" if path == self.name else f"as {path}"

    def _open(self, port: str) -> ReceiveOnlyPort:
        baud = self._finder.baud if self._finder else self._asked
        assert baud
        try:
            opened = open_port(port, baud)
        except PORT_ERRORS as error:
            raise SourceError(_why(port, baud, error)) from error
        opened.request_low_latency()
        self._adapter = find_adapter(port)
        late = self._adapter.latency_ms
        self._counted = opened.read_error_counts()
        self._serial = opened
        self._state = replace(
            self._state,
            device=self._adapter.device,
            settings=self._settings(),
            late=None if late is None else late * MILLISECOND,
            errors=(),
        )
        return opened

    def _settings(self) -> str:
        """What the port is set to; a rate that the adapter does not have exactly is said."""
        told, asked = self._serial.describe_settings(), int(self._serial.baudrate)
        return told if not told or told.startswith(f"{asked} ") else f"{told} ({asked} was asked for)"


def split_read(data: bytes, now: int, marks: tuple[LineErrorMark, ...], baud: int | None) -> Iterator[Chunk]:
    """What one read gave, in pieces after each of which others may have their turn.

    The last byte came `now`; those of the pieces before it are dated by the rate, as the framer dates bytes in a piece.
    """
    byte_time = BITS_PER_BYTE * NANOSECONDS / baud if baud else 0
    for start in range(0, len(data), PIECE):
        end = min(start + PIECE, len(data))
        own = (
            tuple(LineErrorMark(mark.at - start, mark.error) for mark in marks if start <= mark.at < end)
            if marks
            else ()
        )
        yield Chunk(data[start:end], now - round((len(data) - end) * byte_time), own)


class _Reader(asyncio.Protocol):
    """Hands every read on at once. pyserial-asyncio drops what is raised here, so it is kept for `run`."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        # Who stopped reading gets what was read until the port is closed.
        if self.ended.done() and not self.ended.cancelled():
            return
        try:
            self._heard(data)
        except Exception as error:
            if self.ended.done():
                raise
            self.ended.set_exception(error)

    def failed_with(self, task: "asyncio.Task[None]") -> None:
        """Something beside the reading has ended."""
        if not task.cancelled() and not self.ended.done() and (error := task.exception()):
            self.ended.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        if not self.ended.done():
            self.ended.set_result(str(exc) if exc else "closed")


def _why(port: str, baud: int, error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return describe_missing_port(port)
    if number in (errno.EACCES, errno.EPERM):
        return f"{port}: no permission: {describe_access(port)}"
    if number in (errno.EBUSY, errno.EAGAIN):
        who = ", ".join(f"{holder.name or 'a program'} ({holder.pid})" for holder in find_holders(port) if holder.pid)
        by = f": {who}" if who else ""
        return f"{port}: another program has the port open{by}: close it, as two readers would split the bytes"
    if number == errno.ENOTTY:
        return f"{port}: not a serial port"
    return f"{port}: the adapter refuses {baud} baud: try another --baud ({error})"


def describe_missing_port(port: str) -> str:
    """The message for a port that is not there, with those that are."""
    there = ", ".join(found.device for found in list_serial_ports()) or "none"
    return f"{port}: no such port: is the adapter plugged in? Ports here: {there}"
