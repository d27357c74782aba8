"""The simulated charger as a port: a pseudo-terminal that any program can open instead of an adapter.

The slave of the terminal is the port. Bytes are written to its master in small pieces, when a UART at that baud rate
would have received them. The scenario begins when a program opens the port, so that the first reader sees the charger
boot. From then on the port is kept open here, raw and without echo, so that readers may come and go.

As on a real port, nothing waits for a reader. Bytes that find no room are lost. Bytes that nobody has read for a while
are discarded, so that a late reader sees the present charger. All descriptors are closed when the task is cancelled.
"""

import asyncio
import contextlib
import os
import select
import time
from collections.abc import Callable

from sniffer.base.errors import SourceError
from sniffer.base.platform import IS_POSIX
from sniffer.base.times import SECOND
from sniffer.simulator.line_timing import Pacer, byte_time
from sniffer.simulator.scenarios import find_scenario
from sniffer.simulator.traffic import generate_reads

DISCARD_AFTER = 2 * SECOND
"""Nanoseconds after which unread bytes are discarded."""

SETUP_TIME = 0.3
"""Seconds for a program to set up the port that it opened, which discards the bytes received by then."""

POLL_INTERVAL = 0.02
"""Seconds between two checks for the first reader."""


async def simulate(scenario: str, *, baud: int, seed: int | None = None, announce: Callable[[str], None]) -> None:
    """Play the scenario on a new pseudo-terminal until cancelled; `announce` is called with its path, once.

    Raises `SourceError` for an unknown scenario, an impossible baud rate, or a system without pseudo-terminals.
    """
    find_scenario(scenario)
    byte_time(baud)
    port = _Port()
    try:
        announce(port.path)
        await port.wait_until_opened()
        await asyncio.sleep(SETUP_TIME)
        start, start_time = time.monotonic_ns(), time.time_ns()
        pacer = Pacer(time.monotonic_ns)
        for chunk in generate_reads(scenario, baud=baud, start_time=start_time, seed=seed):
            port.write(chunk.data, await pacer.until(start + (chunk.time or start_time) - start_time))
    finally:
        port.close()


class _Port:
    """Both ends of one pseudo-terminal. No call blocks. Raises `SourceError` if none can be made."""

    def __init__(self) -> None:
        if not IS_POSIX:
            raise SourceError("this system has no pseudo-terminals: use the SOURCE `demo` instead")
        import termios
        import tty

        try:
            self._master, slave = os.openpty()
        except OSError as error:
            raise SourceError(f"no pseudo-terminal is to be had ({error.strerror}): close some terminals") from error
        os.set_blocking(self._master, False)
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        os.close(slave)
        self._slave: int | None = None
        self._unread_poll = select.poll()
        self._discard: Callable[[int], None] = lambda slave: termios.tcflush(slave, termios.TCIFLUSH)
        self._read_at = 0

    async def wait_until_opened(self) -> None:
        """Wait for the first reader, and from then on keep the port open for the next."""
        master = select.poll()
        master.register(self._master, 0)
        # The master reports a hang-up for as long as no program has the slave open. It reports nothing else.
        while any(events & select.POLLHUP for _, events in master.poll(0)):
            await asyncio.sleep(POLL_INTERVAL)
        self._slave = os.open(self.path, os.O_RDWR | os.O_NOCTTY)
        self._unread_poll.register(self._slave, select.POLLIN)

    def write(self, data: bytes, now: int) -> None:
        """Write the bytes that a UART has received by `now`, in nanoseconds; bytes that find no room are lost."""
        if not self._unread_poll.poll(0):
            self._read_at = now
        elif self._slave is not None and now - self._read_at > DISCARD_AFTER:
            self._discard(self._slave)
            self._read_at = now
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def close(self) -> None:
        """Close both ends."""
        if self._slave is not None:
            os.close(self._slave)
        os.close(self._master)
