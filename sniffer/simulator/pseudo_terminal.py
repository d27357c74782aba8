"""The simulated charger as a port: a pseudo-terminal that any program can open instead of an adapter.

Bytes go to the terminal's master when a UART at that baud rate would have them, in small pieces; its slave is the
port. The play begins when somebody opens the port, so that the first reader sees the charger boot. From then on the
port is kept open here, raw and without echo, so that readers may come and go, and as on a real port nothing waits for
them: bytes that find no room are lost, and so are those that nobody fetched for a while, so that who opens the port
late sees the charger of now. All descriptors are closed when the task is cancelled.
"""

import asyncio
import contextlib
import os
import select
import time
from collections.abc import Callable

from sniffer.base.errors import SourceError
from sniffer.base.platform import IS_POSIX
from sniffer.core.wire.framer import NANOSECONDS
from sniffer.simulator.line_timing import Pacer
from sniffer.simulator.traffic import generate_reads

FORGOTTEN_AFTER = 2 * NANOSECONDS
"""How long bytes may lie unread, in nanoseconds."""

SETTLING = 0.3
"""Seconds that a program has to set up the port that it opened, which throws away what has come by then."""

LOOK_AGAIN = 0.02
"""Seconds between two looks for the first reader."""


async def simulate(scenario: str, *, baud: int, seed: int | None = None, announce: Callable[[str], None]) -> None:
    """Play the scenario on a new pseudo-terminal until cancelled; `announce` is called with its path, once.

    Raises `SourceError` for an unknown scenario, an impossible baud rate, or where there are no pseudo-terminals.
    """
    chunks = generate_reads(scenario, baud=baud, seed=seed)
    port = _Port()
    try:
        announce(port.path)
        await port.wait_until_opened()
        await asyncio.sleep(SETTLING)
        start = time.monotonic_ns()
        pace = Pacer(time.monotonic_ns)
        for chunk in chunks:
            port.write(chunk.data, await pace.until(start + (chunk.time or 0)))
    finally:
        port.close()


class _Port:
    """Both ends of one pseudo-terminal. Nothing here blocks. `now` is in nanoseconds."""

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
        self._unread = select.poll()
        self._discard: Callable[[int], None] = lambda slave: termios.tcflush(slave, termios.TCIFLUSH)
        self._fetched = 0

    async def wait_until_opened(self) -> None:
        """Wait for the first reader, and from then on keep the port open for the next."""
        master = select.poll()
        master.register(self._master, 0)
        # A master hangs up while its slave is closed on every side, and that is all it tells.
        while any(events & select.POLLHUP for _, events in master.poll(0)):
            await asyncio.sleep(LOOK_AGAIN)
        self._slave = os.open(self.path, os.O_RDWR | os.O_NOCTTY)
        self._unread.register(self._slave, select.POLLIN)

    def write(self, data: bytes, now: int) -> None:
        """Hand over what a UART has received by `now` to an opened port; what finds no room is lost."""
        if not self._unread.poll(0):
            self._fetched = now
        elif self._slave is not None and now - self._fetched > FORGOTTEN_AFTER:
            self._discard(self._slave)
            self._fetched = now
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def close(self) -> None:
        if self._slave is not None:
            os.close(self._slave)
        os.close(self._master)
