"""The program that draws the screen of one browser: started without a shell, and always ended.

In: the words of the program, and the size of the browser's window. Out: the bytes of its screen, by the functions of
textual-serve, which this adapts in two points: no shell reads the words, and a program that does not end is killed.
"""

import asyncio
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

END_TIMEOUT = 2.0
"""Seconds after which a program that was asked to end is killed."""


class ScreenService(AppService):
    """The program of one browser. The functions write to that browser, or close it."""

    def __init__(
        self,
        words: Sequence[str],
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[object]],
    ) -> None:
        async def end() -> None:
            await close()

        super().__init__(
            "", write_bytes=write_bytes, write_str=write_str, close=end, download_manager=DownloadManager()
        )
        self._words = words

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the program, without a shell."""
        environment = self._build_environment(width=width, height=height)
        self._process = await create_subprocess_exec(
            *self._words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        self._stdin = self._process.stdin
        return self._process

    async def stop(self) -> None:
        """End the program, and wait until it has ended, also if the caller is cancelled meanwhile."""
        ending, cancelled = asyncio.create_task(self._end()), False
        while not ending.done():
            try:
                await asyncio.shield(ending)
            except asyncio.CancelledError:
                cancelled = True
        ending.result()
        if cancelled:
            raise asyncio.CancelledError

    async def _end(self) -> None:
        """Ask the program to end, and kill it if it does not, within twice `END_TIMEOUT`."""
        process = self._process
        if process is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(super().stop(), END_TIMEOUT)
        self.stdin.close()
        if process.returncode is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), END_TIMEOUT)
        if process.returncode is None:
            process.kill()
            await process.wait()
