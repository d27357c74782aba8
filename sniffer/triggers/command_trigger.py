"""The trigger that runs a command at records that match a filter (`--exec`).

In: the records of a session. Out: runs of the command, one at a time and within a `StartLimit`, each with one record as
a JSON object on its standard input: the object of `dump --json` with the further keys `events`, `trigger`, `skipped`.
The data of a record is in no argument and in no variable of the environment, so a record cannot change what is run.

The command runs in a thread. The event loop never waits for it, except at the end of the session, for a bounded time.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from sniffer.base.blocking import run_detached
from sniffer.base.phrasing import format_count
from sniffer.core.record import Record
from sniffer.filter.predicates import Filter
from sniffer.triggers.filter_watch import FilterWatch
from sniffer.triggers.start_limit import StartLimit

PATIENCE = 5.0
"""Seconds after the end of the session in which a command that runs may end by itself."""

GRACE = 1.0
"""Seconds that a command has to end after a signal."""


class RunnableCommand(Protocol):
    """The program that is run. Its calls are those of `ChildProcess`."""

    def run(self, data: bytes) -> str: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...


class CommandTrigger:
    """A sink that runs `command` at records that match `record_filter`.

    `format_record` returns a record as a JSON object. `report` is called with one line for people when the command
    fails for the first time.
    """

    def __init__(
        self,
        record_filter: Filter,
        command: RunnableCommand,
        limit: StartLimit,
        format_record: Callable[[Record], dict[str, Any]],
        report: Callable[[str], None],
    ) -> None:
        self._watch = FilterWatch(record_filter)
        self._command = command
        self._limit = limit
        self._format_record = format_record
        self._report = report
        self._failures = 0
        self._running: asyncio.Task[None] | None = None

    def receive(self, records: Sequence[Record]) -> None:
        """Start the command at the first matching record, unless the limit forbids it."""
        for record in records:
            if self._watch.matches(record):
                skipped = self._limit.request(time.monotonic())
                if skipped is not None:
                    self._running = asyncio.get_running_loop().create_task(self._run(self._encode(record, skipped)))

    async def close(self) -> None:
        """Wait for the command that runs; end it if that takes too long."""
        running = self._running
        if running is None or running.done():
            return
        try:
            await asyncio.wait([running], timeout=PATIENCE)
            for stop in (self._command.terminate, self._command.kill):
                if running.done():
                    return
                stop()
                await asyncio.wait([running], timeout=GRACE)
        except asyncio.CancelledError:
            self._command.kill()
            raise

    @property
    def summary(self) -> str:
        """One line on how often the command was started; empty if it always was, and always succeeded."""
        limit = self._limit
        if not (limit.skipped or self._failures):
            return ""
        failed = f" ({self._failures:,} failed)" if self._failures else ""
        skipped = f"; {format_count(limit.skipped, 'match', 'matches')} skipped" if limit.skipped else ""
        rule = f" (one at a time, at most one start in {limit.interval:g} s)" if limit.skipped else ""
        return f"{self._name}: {format_count(limit.starts, 'start')}{failed}{skipped}{rule}"

    @property
    def _name(self) -> str:
        """The option with the filter, for messages."""
        return f"--exec '{self._watch.text}'"

    def _encode(self, record: Record, skipped: int) -> bytes:
        """Return the input of the command for this record."""
        keys = {"trigger": self._watch.text, "skipped": skipped}
        return f"{json.dumps(self._format_record(record) | keys)}\n".encode()

    async def _run(self, data: bytes) -> None:
        """Run the command with these bytes as its input. The first failure is reported, later ones are counted."""
        try:
            failure = await run_detached(partial(self._command.run, data))
        finally:
            self._limit.end()
        if failure:
            self._failures += 1
            if self._failures == 1:
                self._report(f"{self._name}: the command {failure}; later failures are only counted")
