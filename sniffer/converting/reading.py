"""A session's records as an iterator, for whoever takes them when it is ready for more.

A session pushes; a file is written by pulling. So its loop runs until there are records, and stands still while they
are taken: no more is held than what one turn of the source brings.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Iterator, Mapping, Sequence

from sniffer.errors import SourceError
from sniffer.pipeline import Pipeline, Record
from sniffer.session import Session
from sniffer.sources.source import Source


class Reading:
    """One session. `notes` are what it has noted so far, by number; `error` is why it ended too early.

    `has_read`: there was more than that.
    """

    def __init__(self, source: Source, pipeline: Pipeline) -> None:
        self.error: SourceError | None = None
        self.has_read = False
        self._session = Session(source, pipeline, [self])
        self._held: list[Record] = []
        self._loop: AbstractEventLoop | None = None

    @property
    def notes(self) -> Mapping[int, str]:
        return self._session.notes

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives, and have it wait."""
        self._held += records
        self.has_read = self.has_read or any(record.item is not None for record in records)
        self._stop()

    def records(self) -> Iterator[Record]:
        """All records, once."""
        with asyncio.Runner() as runner:
            self._loop = loop = runner.get_loop()
            task = loop.create_task(self._session.run())
            task.add_done_callback(lambda _: self._stop())
            try:
                while not task.done():
                    loop.run_forever()
                    held, self._held = self._held, []
                    yield from held
                task.result()
            except SourceError as error:
                self.error = error
            finally:
                self._loop = None

    def _stop(self) -> None:
        if self._loop:
            self._loop.stop()
