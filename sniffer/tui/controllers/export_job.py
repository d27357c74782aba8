"""One export: records from the archive into a file.

In: a `ExportRequest` and the session. Out: the file, or an `OutputError` and no file, as when it is cancelled. Records are read
and written out in slices on the loop, as is all that looks at the archive, and between slices keys and bytes have
their turn. Only finished bytes go to a thread, for a slow disk must not hold up the line that is read.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from time import monotonic
from typing import TypeVar

from sniffer.base.atomic_file import NewFile
from sniffer.base.blocking import run_to_end
from sniffer.base.errors import OutputError
from sniffer.core.protocol.definition import Definition
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.registry import entries_of
from sniffer.tui.screens.export_dialog import ExportRequest
from sniffer.tui.state.session_view import SLICE, SessionView

Got = TypeVar("Got")


class ExportJob:
    """One export. `count` is how many records are written so far, `noted` the notes among them, by number."""

    def __init__(
        self, request: ExportRequest, watch: SessionView, definition: Definition, told: Callable[[float], None]
    ) -> None:
        self.count = 0
        self.noted: dict[int, str] = {}
        self._request = request
        self.session_view = watch
        self._definition = definition
        self._told = told
        self._share = 0.0
        self._filter_scan = watch.filter_scan

    async def run(self) -> None:
        """Write it all; `told` is told again and again how much of it is written, up to 1."""
        request = self._request
        file = NewFile(request.path, packing=request.packing, replace=request.replace)
        try:
            await run_to_end(file.open)
            for block in self._blocks(await self._numbers()):
                await run_to_end(partial(file.write, block))
                self._told(self._share)
            if not self.count:
                raise OutputError(f"{request.path}: not written, as the filter lets no record through")
            await run_to_end(file.keep)
        except BaseException:
            await run_to_end(file.give_up)
            raise

    async def _numbers(self) -> Iterable[int]:
        """The numbers of the records that are wanted; a filter has to see all of them first."""
        request, filter_scan = self._request, self._filter_scan
        if request.part != "sifted" or filter_scan is None:
            return range(request.first, request.last + 1)
        while not filter_scan.has_seen(request.last):
            filter_scan.work(SLICE)
            self._told(0.0)
            await asyncio.sleep(0)
        return filter_scan.numbers(request.last)

    def _blocks(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """The file's bytes, as many at a time as a slice yields."""
        request, session = self._request, self.session_view.session
        source = session.source
        origin = Origin(self._definition, source.zone, source.name, source.baud, session.taps)
        given = self._counted(entries_of(self.session_view.store, numbers, dict(self.session_view.notes)))
        block, until = bytearray(), monotonic() + SLICE
        for piece in request.format.encode(given, origin):
            block += piece
            if monotonic() > until:
                yield bytes(block)
                block, until = bytearray(), monotonic() + SLICE
        yield bytes(block)

    def _counted(self, given: Iterable[RecordEntry]) -> Iterator[RecordEntry]:
        request = self._request
        for entry in given:
            number = entry.record.number
            self.count += 1
            if entry.note and request.format.holds_notes:
                self.noted[number] = entry.note
            self._share = (number - request.first + 1) / (request.last - request.first + 1)
            yield entry
