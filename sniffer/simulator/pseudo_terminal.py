"""The simulated charger as a port: a pseudo-terminal that any program can open instead of an adapter.

Bytes go to the terminal's master when a UART at that baud rate would have them, in small pieces; its slave is the
port. The port is kept open here, raw and without echo, so that readers may come and go. As on a real port nothing
waits for a reader: bytes that find no room are lost, and so are those that nobody fetched for a while, so that who
opens the port late sees the charger of now. All descriptors are closed when the task is cancelled.
"""

import contextlib
import os
import select
import time
from collections.abc import Callable
from functools import partial

from sniffer.errors import SourceError
from sniffer.simulator.pacing import Pace
from sniffer.simulator.timeline import timeline
from sniffer.wire.framer import NANOSECONDS

FORGOTTEN_AFTER = 2 * NANOSECONDS
"""How long bytes may lie unread, in nanoseconds."""


async def simulate(scenario: str, *, baud: int, seed: int | None = None, announce: Callable[[str], None]) -> None:
    """Play the scenario on a new pseudo-terminal until cancelled; `announce` is called with its path, once.

    Raises `SourceError` for an unknown scenario, an impossible baud rate, or where there are no pseudo-terminals.
    """
    start = time.monotonic_ns()
    chunks = timeline(scenario, baud=baud, start_time=start, seed=seed)
    port = _Port(start)
    try:
        announce(port.path)
        pace = Pace(time.monotonic_ns)
        for chunk in chunks:
            port.write(chunk.data, await pace.until(chunk.time or start))
    finally:
        port.close()


class _Port:
    """Both ends of one pseudo-terminal. Nothing here blocks. `now` is in nanoseconds."""

    def __init__(self, now: int) -> None:
        try:
            # Not everywhere where the rest of the package runs.
            import termios
            import tty
        except ImportError as error:
            raise SourceError("this system has no pseudo-terminals: use the SOURCE `demo` instead") from error
        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise SourceError(f"no pseudo-terminal is to be had ({error.strerror}): close some terminals") from error
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self._unread = select.poll()
        self._unread.register(self._slave, select.POLLIN)
        self._discard = partial(termios.tcflush, self._slave, termios.TCIFLUSH)
        self.path = os.ttyname(self._slave)
        self._fetched = now

    def write(self, data: bytes, now: int) -> None:
        """Hand over what a UART has received by `now`; what finds no room is lost."""
        if not self._unread.poll(0):
            self._fetched = now
        elif now - self._fetched > FORGOTTEN_AFTER:
            self._discard()
            self._fetched = now
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def close(self) -> None:
        os.close(self._slave)
        os.close(self._master)
