"""Leave in good order when the system asks for it, so that the terminal is as it was found.

Textual gives the terminal back when the program ends by itself; a signal that ends it before would leave the
terminal without echo and with the mouse reported. Windows has no such signals for a console program.
"""

import asyncio
import signal
import sys
from collections.abc import Callable


def leave_when_asked(leave: Callable[[], object]) -> None:
    """Call `leave` when the program is to end (SIGTERM), or its terminal has gone (SIGHUP)."""
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        for asked in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(asked, leave)
