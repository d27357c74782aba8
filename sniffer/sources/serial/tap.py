"""A tap on a serial port. It only reads, and it waits for a port that is unplugged until it returns.

In: the name of a port, and its rate; None finds the rate. Out: the bytes of each read with their arrival time and line
errors; the passing of time while nothing arrives; a gap when the port is unplugged, and its return under whatever name
it has then; the rate when it is found.

`sniffer.sources.serial.receive_only` opens and reads the port, through pyserial. pyserial-asyncio joins it to the loop.
`sniffer.core.line.baud_finder` finds the rate.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from math import inf

import serial_asyncio
from msgspec.structs import replace

from sniffer.base.errors import SourceError
from sniffer.base.phrasing import format_times
from sniffer.base.platform import IS_LINUX
from sniffer.base.times import MILLISECOND
from sniffer.core.line.baud_finder import BaudFinder, BaudFinderState
from sniffer.core.line.expected_traffic import expect_traffic
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Idle,
    LatencyBound,
    TapGap,
    TapRestored,
    TapShared,
    TapState,
)
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.sources.serial.adapter import find_adapter, find_again, identifies, notice_shared_number
from sniffer.sources.serial.failures import describe_failure, is_missing
from sniffer.sources.serial.other_readers import PSEUDO_TERMINALS, OtherReaders
from sniffer.sources.serial.pieces import split_read
from sniffer.sources.serial.read_protocol import ReadProtocol
from sniffer.sources.serial.receive_only import PORT_ERRORS, ReceiveOnlyPort, open_port, read_node
from sniffer.sources.source import Take
from sniffer.sources.steady_clock import SteadyClock

DEFAULT_RATE = 9600
"""The rate of a shared port for pyserial, which wants one: it is not set."""

TICK = 0.1
"""Seconds between two ticks of the rate finder."""

TICKS_PER_COUNT = 10
"""The driver's error counters are read, and silence is reported, once in this many ticks."""

POLL_INTERVAL = 0.05
"""Seconds between two searches for a port that was unplugged."""

POLLS_PER_SEARCH = 10
"""Once in this many polls the port is searched under other names as well, which takes longer."""

TICKS_PER_LOOK = 20
"""Other readers of the port are looked for once in this many ticks."""

HUNG_UP = "the line was hung up by another program"
"""The reason for a gap where the adapter is still there."""

RETRY_INTERVAL = 0.2
"""Seconds after which a port that is back, but could not be opened, is tried again."""


class SerialTap:
    """An open tap on one port. With `baud` None the rate is found. Raises `SourceError` if it cannot be opened.

    A port that another program reads is refused, unless `share` is True: then it is read as it is, at its own rate.
    `routes` are those of the frames by which the rate is found.
    """

    is_live = True
    zone = None
    times_are_first_bytes = False
    about = "a serial port"
    needs_merging = False

    def __init__(
        self, port: str, baud: int | None, *, share: bool = False, routes: Iterable[Route] = ROUTES_IN_BYTES
    ) -> None:
        self.name = port
        self._requested_baud = baud
        self._is_shared = share
        self._finder = BaudFinder(traffic=expect_traffic(routes)) if baud is None and not share else None
        self._reported: tuple[int | None, bool] = (None, False)
        self._clock = SteadyClock()
        self._adapter = find_adapter(port)
        self._state = TapState(port)
        self._counts_at_open: dict[str, int] = {}
        self._is_silent = False
        self._protocol: ReadProtocol | None = None
        # The number of a pseudo-terminal goes to the next one, so an equal name is not the same port again.
        self._can_return = os.path.islink(port) or not self._adapter.device.startswith(PSEUDO_TERMINALS)
        self._serial = self._open(port)

    @property
    def baud(self) -> int | None:
        """The rate of the line in bits per second; None while it is not found."""
        if self._is_shared:
            return self._shared_baud
        return self._finder.found if self._finder else self._requested_baud

    @property
    def taps(self) -> tuple[TapState, ...]:
        """The state of this one tap."""
        return (replace(self._state, baud=self.baud, rate=self._finder.evidence if self._finder else ""),)

    def now(self) -> int:
        """Return the wall time in nanoseconds."""
        return self._clock.now()

    def close(self) -> None:
        """Close the port."""
        self._serial.close()

    def hold(self, on_full: Callable[[], None]) -> bool:
        """Hold the reads from now on, unless each of them may change the rate. Returns True if they are held."""
        # Not every system can wait for a terminal by poll(2).
        return (
            IS_LINUX
            and self.baud is not None
            and self._protocol is not None
            and self._protocol.hold(self._serial.fileno(), on_full)
        )

    @property
    def _is_holding(self) -> bool:
        return self._protocol is not None and self._protocol.is_holding

    def collect(self) -> float:
        """Pass on the reads that are held. Return for how many seconds nothing was read; infinity if none are held."""
        return self._protocol.collect() if self._protocol else inf

    def release(self) -> None:
        """Pass on the reads that are held, and hold no more."""
        if self._protocol:
            self._protocol.release()

    async def run(self, take: Take) -> None:
        """Read until cancelled. Raises `SourceError` if a port is lost that cannot be recognised when it returns."""
        take = self._clock.watch(take)
        try:
            self._report_latency(take, None)
            self._report_readers(take, self._readers.find_new())
            while True:
                end = await self._read_until_lost(take)
                lost_at, before = self._clock.now(), self._state.late
                reason, is_open = self._reopen_hung_up(end)
                if not is_open and not self._can_return:
                    raise SourceError(f"{self.name}: {reason}: is the adapter still plugged in?")
                take(TapGap(lost_at, reason))
                how = self._describe_place(self._path) if is_open else await self._reopen(reason)
                take(TapRestored(self._clock.now(), how))
                self._report_latency(take, before)
                self._report_readers(take, self._readers.find_new())
        finally:
            self.close()

    async def _read_until_lost(self, take: Take) -> str:
        """Read until the port is gone; return the reason."""
        self._protocol = protocol = ReadProtocol(lambda data, now: self._take_read(data, now, take), self._clock.now)
        transport, _ = await serial_asyncio.connection_for_serial(
            asyncio.get_running_loop(), lambda: protocol, self._serial
        )
        ticking = asyncio.create_task(self._tick(take))
        ticking.add_done_callback(protocol.fail_with)
        try:
            reason = await protocol.ended
        finally:
            ticking.cancel()
            protocol.release()
            transport.close()
            await protocol.closed.wait()
        if rest := self._serial.flush_marks():
            take(Chunk(rest, self._clock.now()))
        return reason

    def _reopen_hung_up(self, end: str) -> tuple[str, bool]:
        """Return why the port ended, and True if it is open again. `end` is the reason that the read gave.

        The kernel hangs a line up for all its readers when a session leader ends whose terminal it is. The device file
        can then be opened at once. That of an adapter that was pulled out cannot, even before it is removed.
        """
        gone = f"the port went away ({end})"
        if self._serial.node is None or self._serial.node != read_node(self._path):
            return gone, False
        try:
            self._serial = self._open(self._path, self._serial)
        except SourceError as error:
            return (gone if is_missing(error.__cause__) else HUNG_UP), False
        return HUNG_UP, True

    def _report_latency(self, take: Take, before: int | None) -> None:
        """Report how late the adapter may deliver bytes, if this is known and differs from `before`."""
        if self._state.late not in (None, before):
            take(LatencyBound(self._clock.now(), self._state.late, 0))

    def _report_readers(self, take: Take, new: str) -> None:
        """Report these programs that have opened the port; those of a pseudo-terminal are only named."""
        self._state = replace(self._state, shared_with=self._readers.names)
        if new and not self._readers.are_only_named:
            take(TapShared(self._clock.now(), new))

    def _take_read(self, data: bytes, now: int, take: Take) -> None:
        """Pass the bytes of a read at this time on in chunks, with their line errors, and follow the rate finder."""
        self._is_silent = False
        line_data, marks = self._serial.decode_marks(data)
        if line_data:
            for chunk in split_read(line_data, now, marks, self.baud):
                take(chunk)
            if self._finder and self._finder.read(line_data, marks, now):
                self._follow_finder(take)

    async def _tick(self, take: Take) -> None:
        """Do what is due by time alone, until cancelled."""
        ticks = 0
        while True:
            # Nothing is due between two counts where no rate is searched, or where the reads of a busy line are held.
            step = 1 if self._finder and not self._is_holding else TICKS_PER_COUNT - ticks % TICKS_PER_COUNT
            await asyncio.sleep(step * TICK)
            ticks += step
            if self._protocol:
                # What was read before comes first.
                self._protocol.collect(inf)
            if self._finder and self._finder.tick(self._clock.now()):
                self._follow_finder(take)
            if ticks % TICKS_PER_LOOK == 0 and not self._readers.are_only_named:
                # Looking takes some milliseconds.
                self._report_readers(take, await asyncio.to_thread(self._readers.find_new))
            if ticks % TICKS_PER_COUNT == 0:
                self._read_error_counts(take)
                if self._is_silent:
                    take(Idle(self._clock.now()))
                self._is_silent = True

    def _follow_finder(self, take: Take) -> None:
        """Set the port to the rate that the finder wants, and report a rate that was found or lost."""
        finder = self._finder
        assert finder
        while finder.baud != self._serial.baudrate:
            wanted = finder.baud
            try:
                self._serial.baudrate = wanted
            except PORT_ERRORS:
                finder.exclude(wanted)
                if finder.baud == wanted:
                    break
        self._state = replace(self._state, settings=self._describe_settings())
        known = finder.found, finder.state is BaudFinderState.EXHAUSTED
        if known != self._reported and (known[0] or known[1] or self._reported[0]):
            self._reported = known
            take(BaudChange(self._clock.now(), finder.found, finder.evidence))

    def _read_error_counts(self, take: Take) -> None:
        """Keep the driver's error counts since the port was opened; report bytes that it lost as a gap."""
        counts = self._serial.read_error_counts()
        if not counts:
            return
        errors = {name: count - self._counts_at_open.get(name, 0) for name, count in counts.items()}
        before = dict(self._state.errors)
        lost = sum(errors[name] - before.get(name, 0) for name in ("overrun", "buf_overrun"))
        self._state = replace(self._state, errors=tuple(errors.items()))
        if lost > 0:
            reason = f"the driver lost bytes {format_times(lost)}: the machine did not read in time"
            take(TapGap(self._clock.now(), reason))

    async def _reopen(self, reason: str) -> str:
        """Wait until the port is plugged in again, under whatever name, and open it; return where it is."""
        # A twin that was plugged in since the port was opened is still there; our own adapter is not.
        self._adapter = notice_shared_number(self._adapter)
        self._state = replace(self._state, lost=f"{reason}: waiting for it{self._describe_identity()}")
        polls = 0
        while True:
            await asyncio.sleep(POLL_INTERVAL)
            polls += 1
            exists = os.path.exists(self.name)
            path = find_again(self.name, self._adapter) if exists or polls % POLLS_PER_SEARCH == 0 else None
            if path is None:
                continue
            how = self._describe_place(path)
            try:
                self._serial = self._open(path, self._serial)
            except SourceError as error:
                self._state = replace(self._state, lost=str(error))
                await asyncio.sleep(RETRY_INTERVAL)
                continue
            return how

    def _describe_place(self, path: str) -> str:
        """Return the place of the adapter, and the identity by which it is recognised."""
        return f"{'the same port' if path == self.name else f'as {path}'}{self._describe_identity()}"

    def _describe_identity(self) -> str:
        """Return the identity of the adapter, as the end of a sentence; empty if it is no USB adapter."""
        known_by = self._adapter.known_by
        if known_by and identifies(self.name, self._adapter):
            known_by = "its name"
        return f", known by {known_by}" if known_by else ""

    def _open(self, port: str, before: ReceiveOnlyPort | None = None) -> ReceiveOnlyPort:
        """Open the port, and keep the adapter and its settings in the state.

        Raises `SourceError` that says what to do. `before` is the port that was open before, if there was one.
        """
        baud = self._finder.baud if self._finder else self._requested_baud or DEFAULT_RATE
        self._readers = OtherReaders(port)
        if not self._is_shared:
            self._readers.refuse()
        try:
            opened = open_port(port, baud, is_shared=self._is_shared, after=before)
            self._shared_baud = opened.read_speed()
        except PORT_ERRORS as error:
            raise SourceError(describe_failure(port, baud, error)) from error
        opened.request_low_latency()
        self._adapter = find_adapter(port)
        late = self._adapter.latency_ms
        self._counts_at_open = opened.read_error_counts()
        self._serial, self._path = opened, port
        self._state = replace(
            self._state,
            device=self._adapter.device,
            settings=self._describe_settings(),
            late=None if late is None else late * MILLISECOND,
            errors=(),
            lost="",
        )
        return opened

    def _describe_settings(self) -> str:
        """Return the settings of the port; a rate that the adapter cannot produce exactly is marked as such."""
        settings, requested = self._serial.describe_settings(), int(self._serial.baudrate)
        is_exact = not settings or settings.startswith(f"{requested} ") or not (self._requested_baud or self._finder)
        return settings if is_exact else f"{settings} ({requested} was asked for)"
