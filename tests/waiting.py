"""Waiting for what a test expects: as short as the machine allows, and not for ever."""

import asyncio
import time
from collections.abc import Callable

PATIENCE = 100.0
"""Seconds to wait for what is expected. A busy machine needs a tenth of them, and only a program that hangs all."""


def wait_until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Block until the condition holds. Fails after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


async def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Let the event loop run until the condition holds. Raises `TimeoutError` after `patience` seconds."""
    async with asyncio.timeout(patience):
        while not holds():
            await asyncio.sleep(0.001)
